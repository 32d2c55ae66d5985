import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitPeriods } from '../../../src/domain/reports/split-periods.ts';
import type { Level } from '../../../src/domain/reports/split-periods.ts';

const dayMs = 86_400_000;
/** Moments around the bounds of days, months and years, and any others. */
const moment = fc.oneof(
  fc
    .tuple(fc.integer({ min: 2019, max: 2028 }), fc.nat({ max: 11 }), fc.nat({ max: 31 }), fc.constantFrom(-1, 0, 1))
    .map(([year, month, day, off]) => Date.UTC(year, month, day) + off),
  fc.integer({ min: Date.UTC(2019, 0), max: Date.UTC(2028, 0) }),
);
const levels: Array<readonly Level[]> = [['month', 'day', 'year', 'all'], ['month', 'year'], ['month']];

/** What a total is called that counts a moment, by how much more its kind is than that of months. */
function totalsOf(at: number): Map<number, number> {
  const [year, month, day] = new Date(at).toISOString().slice(0, 10).split('-').map(Number) as [number, number, number];
  return new Map([
    [0, year * 100 + month],
    [100, (year * 100 + month) * 100 + day],
    [200, year * 100 + 1],
    [300, 0],
  ]);
}

it('counts every moment of a period once, and none beside it', () => {
  const period = fc.record({
    bounds: fc.tuple(moment, moment).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    isAllTime: fc.boolean(),
    isOpen: fc.boolean(),
    now: moment,
    kept: fc.constantFrom(...levels),
    at: fc.array(fc.oneof(moment, fc.constantFrom('from', 'to', 'before', 'last')), { minLength: 12, maxLength: 12 }),
  });
  fc.assert(
    fc.property(period, ({ bounds: [lower, to], isAllTime, isOpen, now, kept, at }) => {
      const from = isAllTime ? 0 : lower;
      const bucket = { from, to, fromDay: '', toDay: '' };
      const plan = { time: { current: [bucket], previous: null }, now } as unknown as Parameters<
        typeof splitPeriods
      >[0];
      const { spans, edges } = splitPeriods(plan, { isOpen, stored: kept });
      const bounds = { from, to, before: from - 1, last: to - 1 };
      for (const one of at.map((some) => (typeof some === 'string' ? bounds[some] : some)).filter((some) => some > 0)) {
        const totals = totalsOf(one);
        const counted = [
          ...spans.filter(([, , lo, hi, level]) => totals.get(level)! >= lo && totals.get(level)! < hi),
          ...edges.filter(([, , lo, hi]) => one >= lo && one < hi),
        ].reduce((sum, [, , , , , sign]) => sum + sign, 0);
        expect(counted).toBe(one < to && (isOpen || one >= from) ? 1 : 0);
      }
      // Rows are read one by one for parts of a day alone, where days are kept, and beyond now.
      if (kept.includes('day')) {
        for (const [, , lo, hi] of edges) expect(lo >= Math.min(to, now) || hi - lo <= dayMs).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
