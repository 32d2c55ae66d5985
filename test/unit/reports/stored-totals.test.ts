import { expect, it } from 'vitest';
import { bases, quantities } from '../../../src/domain/reports/measures.ts';
import type { Basis, Quantity } from '../../../src/domain/reports/measures.ts';
import type { Plan } from '../../../src/db/reports/plan.ts';
import { totalSets } from '../../../src/db/reports/totals.ts';

/** A report of everybody over a year, without dimensions. */
const plan = {
  query: { measures: [], dimensions: [], filter: {}, where: null, asOf: null, level: 'person', lookBackDays: 90 },
  time: {
    current: [{ key: '', from: Date.UTC(2026, 0), to: Date.UTC(2027, 0), fromDay: '2026-01-01', toDay: '2027-01-01' }],
    previous: null,
  },
  now: Date.UTC(2026, 5),
  dimensions: [],
  columns: [],
  bucketed: false,
} as unknown as Plan;
const setsOf = (basis: Basis, ...wanted: Quantity[]) => totalSets(plan, { basis, wanted: new Set(wanted) });

it('answers from stored totals only what they store', () => {
  expect(setsOf('lead', 'leads', 'leadsWon')).not.toBeNull();
  // A number that no total of leads has: its rows are read, so that it is the same before and after roll-up.
  expect(setsOf('lead', 'leads', 'visits')).toBeNull();
  expect(setsOf('submission', 'submissions', 'leads')).toBeNull();
  expect(setsOf('dealClosed', 'revenue', 'pipeline')).toBeNull();
});

it('gives each number that it answers as SQL', () => {
  for (const basis of bases) {
    for (const quantity of Object.keys(quantities) as Quantity[]) {
      if (quantities[quantity].basis !== basis) continue;
      for (const set of setsOf(basis, quantity)?.stored ?? []) expect(set.quantities[quantity]).toBeDefined();
    }
  }
});
