import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cardBeside, moveCard, placeOf } from '../src/features/boards/model.ts';
import type { Board, Card, Lane, Sort } from '../src/features/boards/model.ts';

const newestFirst: Sort = { field: 'createdAt', direction: 'desc' };

function card(id: string, day: number): Card {
  const createdAt = `2026-09-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  return { id, title: id, subtitle: null, group: null, fields: { createdAt } };
}

function lane(key: string, days: number[], more = 0): Lane {
  const cards = days.map((day, place) => card(`${key}${place}`, day));
  const nothing = { sum: [], weighted: [], totals: [], groups: [], status: null, probability: null };
  return { key, name: key, count: days.length + more, cards, cursor: more > 0 ? 'more' : null, ...nothing };
}

function boardOf(...lanes: Lane[]): Board {
  const count = lanes.reduce((sum, one) => sum + one.count, 0);
  const about = { name: 'Leads', entity: 'person', groupBy: 'leadStatus', rows: null, totalsBy: '' } as const;
  return { ...about, count, sum: [], weighted: [], lanes, leftOut: 0 };
}

it('says where a card would stand by its time, and nothing where that is below what is loaded', () => {
  const target = lane('b', [20, 15, 10]);
  expect(placeOf(card('x', 25), target, newestFirst)).toBe(1);
  expect(placeOf(card('x', 12), target, newestFirst)).toBe(3);
  expect(placeOf(card('x', 5), target, newestFirst)).toBe(4);
  expect(placeOf(card('x', 5), lane('b', [20, 15, 10], 7), newestFirst)).toBeNull();
  expect(placeOf(card('x', 12), target, { field: 'lastName', direction: 'asc' })).toBeNull();
});

it('moves a card to its place: counts follow, the order holds, and moving it back gives the board as it was', () => {
  const days = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { maxLength: 8 });
  fc.assert(
    fc.property(days, days, fc.nat(7), (first, second, at) => {
      const descending = (list: number[]): number[] => list.toSorted((a, b) => b - a);
      fc.pre(first.length > 0);
      const board = boardOf(lane('a', descending(first)), lane('b', descending(second)));
      const moving = board.lanes[0]!.cards[at % first.length]!;
      const moved = moveCard(board, { id: moving.id, to: 'b', sort: newestFirst });
      expect(moved.lanes.map(({ count }) => count)).toEqual([first.length - 1, second.length + 1]);
      const times = moved.lanes[1]!.cards.map(({ fields }) => fields['createdAt'] as string);
      expect(times).toEqual(times.toSorted((a, b) => (a < b ? 1 : -1)));
      expect(moveCard(moved, { id: moving.id, to: 'a', sort: newestFirst })).toEqual(board);
    }),
  );
});

it('leads from card to card by arrows, past columns without cards', () => {
  const board = boardOf(lane('a', [20, 15, 10]), lane('b', []), lane('c', [9]));
  expect(cardBeside(board, 'a0', 'ArrowDown')).toBe('a1');
  expect(cardBeside(board, 'a0', 'ArrowUp')).toBeNull();
  expect(cardBeside(board, 'a2', 'ArrowRight')).toBe('c0');
  expect(cardBeside(board, 'c0', 'ArrowLeft')).toBe('a0');
  expect(cardBeside(board, 'a1', 'End')).toBe('a2');
});
