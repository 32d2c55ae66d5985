import { expect, it } from 'vitest';
import { suggestCorrections } from '../../../src/domain/attribution/suggest-corrections.ts';

const used = (value: string, leads = 0) => ({
  field: 'source',
  value,
  label: value,
  firstSeenAt: 0,
  leads,
  leadsWithDeal: 0,
  revenue: [],
});
const suggest = (values: Array<[value: string, leads: number]>, distinct: string[] = []) => {
  const { items, refused } = suggestCorrections(
    values.map(([value, leads]) => used(value, leads)),
    (a, b) => distinct.includes(`${a} ${b}`),
  );
  return {
    items: items.map(({ canonical, others }) => [canonical.value, others.map(({ value }) => value)]),
    refused: refused.map(({ first, second, reason }) => [first.value, second.value, reason]),
  };
};

it('puts near spellings under the most used one, by separators or a letter or two', () => {
  const values: Array<[string, number]> = [
    ['linked-in', 3],
    ['linkedin', 900],
    ['linkdin', 1],
    ['facebook', 50],
  ];
  expect(suggest(values)).toEqual({ items: [['linkedin', ['linked-in', 'linkdin']]], refused: [] });
});

it('suggests two that differ by separators alone, however much both are used', () => {
  const values: Array<[string, number]> = [
    ['linkedin', 100],
    ['linked_in', 90],
  ];
  expect(suggest(values).items).toEqual([['linkedin', ['linked_in']]]);
});

it('refuses near ties: both well used, numbers that differ, and what somebody said', () => {
  const values: Array<[string, number]> = [
    ['partner', 100],
    ['partners', 80],
    ['webinar_1', 5],
    ['webinar_2', 4],
    ['google', 9],
    ['gogle', 1],
  ];
  expect(suggest(values, ['google gogle'])).toEqual({
    items: [],
    refused: [
      ['partner', 'partners', 'bothWellUsed'],
      ['webinar_1', 'webinar_2', 'numbersDiffer'],
      ['google', 'gogle', 'notTheSame'],
    ],
  });
});

it('leaves years and short names alone', () => {
  const values: Array<[string, number]> = [
    ['2025', 5],
    ['2026', 4],
    ['ab', 2],
    ['ac', 1],
  ];
  expect(suggest(values)).toEqual({ items: [], refused: [] });
});

it('lists 50 pairs of a long series of numbers, and all that somebody said', () => {
  const series = Array.from({ length: 100 }, (_, index): [string, number] => [`webinar_${index + 100}`, 100 - index]);
  const values = [...series, ['google', 2], ['gogle', 1]] as Array<[string, number]>;
  const { refused } = suggest(values, ['google gogle']);
  expect(refused).toHaveLength(51);
  expect(refused.at(-1)).toEqual(['google', 'gogle', 'notTheSame']);
  const { refusedCount } = suggestCorrections(
    values.map(([value, leads]) => used(value, leads)),
    (a, b) => `${a} ${b}` === 'google gogle',
  );
  expect(refusedCount).toBe((100 * 99) / 2 + 1);
});
