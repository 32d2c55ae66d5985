import { expect, it } from 'vitest';
import { changeOf } from '../src/api/report.ts';
import { hasDataFor } from '../src/api/scope.ts';

it('compares only with days that the data reaches back to', () => {
  const year = { from: '2025-01-01', to: '2025-09-01' };
  expect(hasDataFor(year, '2024-05-01')).toBe(true);
  // The first lead of a year need not come on its first day.
  expect(hasDataFor(year, '2025-01-04')).toBe(true);
  expect(hasDataFor(year, '2025-08-31')).toBe(false);
  expect(hasDataFor(year, '2026-02-01')).toBe(false);
  expect(hasDataFor(year, null)).toBe(false);
});

it('gives no change from fewer than ten, and of money none from fewer than ten deals', () => {
  const row = { leads: 356, previous: { leads: 1, wonDeals: 2 }, change: { leads: 355, revenue: 40 } };
  expect([changeOf(row, 'leads'), changeOf(row, 'revenue', 'wonDeals')]).toEqual([null, null]);
  const more = { leads: 356, previous: { leads: 178, wonDeals: 12 }, change: { leads: 1, revenue: 2 } };
  expect([changeOf(more, 'leads'), changeOf(more, 'revenue', 'wonDeals')]).toEqual([1, 2]);
});
