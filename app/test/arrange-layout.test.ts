import { expect, it } from 'vitest';
import { moveItem, placesOf, resizeItem, stepItem } from '../src/features/overview/layout.ts';

const item = (key: string, width = 1, height = 1) => ({ key, width, height });
const keys = (items: ReadonlyArray<{ key: string }>): string => items.map(({ key }) => key).join('');

it('places tiles as a grid of three columns does, in order', () => {
  expect(placesOf([item('a'), item('b', 2), item('c', 2), item('d', 1, 2), item('e', 3)])).toEqual([
    { row: 0, column: 0 },
    { row: 0, column: 1 },
    { row: 1, column: 0 },
    { row: 1, column: 2 },
    { row: 3, column: 0 },
  ]);
  // What does not fit begins the next row; the gap before it stays.
  expect(placesOf([item('a', 2), item('b', 2), item('c')])).toEqual([
    { row: 0, column: 0 },
    { row: 1, column: 0 },
    { row: 1, column: 2 },
  ]);
});

it('moves by one to the sides, and past a row up and down, never out of the list', () => {
  const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => item(key));
  expect(keys(stepItem(six, 'b', 'right'))).toBe('acbdef');
  expect(keys(stepItem(six, 'b', 'left'))).toBe('bacdef');
  expect(keys(stepItem(six, 'b', 'down'))).toBe('acdbef');
  expect(keys(stepItem(six, 'e', 'up'))).toBe('abecdf');
  expect(keys(stepItem(six, 'a', 'left'))).toBe('abcdef');
  expect(keys(stepItem(six, 'a', 'up'))).toBe('abcdef');
  expect(keys(moveItem(six, 'a', 99))).toBe('bcdefa');
  expect(keys(moveItem(six, 'none', 0))).toBe('abcdef');
});

it('keeps a tile within one to three columns and one or two rows', () => {
  expect(resizeItem([item('a', 3, 2)], 'a', { width: 1, height: 1 })).toEqual([item('a', 3, 2)]);
  expect(resizeItem([item('a')], 'a', { width: -1, height: 1 })).toEqual([item('a', 1, 2)]);
});
