import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparedDays, daysOf, readScope, scopeToSearch } from '../../../app/src/api/scope.ts';
import { addDays, mondayOfWeek, weekday } from '../../../app/src/api/days.ts';
import { parseSearch, stringifySearch } from '../../../app/src/api/search.ts';
import { foldSeries, stackGeometry } from '../../../app/src/charts/stack.ts';
import { rateScale, scaleAround, whiskerPoints } from '../../../app/src/charts/whisker.ts';

const names = ['Organic Search', 'Paid Search', 'Email', 'Direct', 'Affiliates', 'Unassigned'];
const seriesOf = (length: number) =>
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      values: fc.array(fc.nat(500), { minLength: length, maxLength: length }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );

it('folds series without losing any, in the fixed order', () => {
  fc.assert(
    fc.property(seriesOf(8), fc.integer({ min: 2, max: 7 }), (series, limit) => {
      const order = names.slice(0, 4);
      const folded = foldSeries({ series, order, otherName: 'Other', limit });
      const sumAt = (all: typeof series, place: number) => all.reduce((sum, { values }) => sum + values[place]!, 0);
      for (let place = 0; place < 8; place += 1) expect(sumAt(folded, place)).toBe(sumAt(series, place));
      expect(folded.length).toBeLessThanOrEqual(limit);
      const places = folded.filter(({ name }) => name !== 'Other').map(({ name }) => order.indexOf(name));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
  );
});

it('keeps a stack within its plot, and its labels apart', () => {
  fc.assert(
    fc.property(seriesOf(12), fc.constantFrom('stacked' as const, 'lines' as const), (series, form) => {
      const { layers, plot, ticks, xs } = stackGeometry({
        series,
        comparison: null,
        width: 760,
        height: 204,
        form,
        labelWidth: 106,
      });
      expect(xs.every((x) => x >= plot.left && x <= plot.right)).toBe(true);
      expect(ticks.length).toBeLessThanOrEqual(4);
      for (const { path } of layers) {
        const heights = [...path.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y));
        expect(heights.every((y) => y >= plot.top - 0.1 && y <= plot.bottom + 0.1)).toBe(true);
      }
      const labels = layers.map(({ labelY }) => labelY).toSorted((a, b) => a - b);
      labels.slice(1).forEach((y, place) => expect(y - labels[place]!).toBeGreaterThanOrEqual(14.99));
    }),
  );
});

it('puts a whisker’s dot between its ends, on the scale of its column', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.tuple(share, share, share), share, ([a, b, c], reference) => {
      const [low, value, high] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number];
      const interval = { low, value, high };
      for (const domain of [[0, rateScale([interval])] as const, scaleAround(interval, reference)]) {
        const points = whiskerPoints({ interval, reference, domain, width: 84 });
        expect(points.from).toBeLessThanOrEqual(points.dot);
        expect(points.dot).toBeLessThanOrEqual(points.to);
        for (const x of [points.from, points.to, points.reference!]) expect(x >= 4 && x <= 80).toBe(true);
      }
    }),
  );
});

it('sets the same days of another year beside a period that is not over', () => {
  const today = '2026-11-27';
  const daysIn = (period: 'thisYear' | 'thisQuarter' | 'previousMonth' | 'last7Days' | 'all') =>
    daysOf({ period, from: undefined, to: undefined }, today);
  expect(daysIn('thisYear')).toEqual({ from: '2026-01-01', to: today });
  expect(comparedDays(daysIn('thisYear'), 'previousYear')).toEqual({ from: '2025-01-01', to: '2025-11-27' });
  expect(daysIn('thisQuarter')).toEqual({ from: '2026-10-01', to: today });
  expect(daysIn('previousMonth')).toEqual({ from: '2026-10-01', to: '2026-10-31' });
  expect(comparedDays(daysIn('previousMonth'), 'previousPeriod')).toEqual({ from: '2026-09-01', to: '2026-09-30' });
  expect(comparedDays(daysIn('last7Days'), 'previousPeriod')).toEqual({ from: '2026-11-14', to: '2026-11-20' });
  expect(comparedDays(daysIn('all'), 'previousYear')).toBeNull();
});

it('reads weeks as ISO 8601 counts them', () => {
  expect(mondayOfWeek('2026-W01')).toBe('2025-12-29');
  expect(mondayOfWeek('2026-W38')).toBe('2026-09-14');
  expect(mondayOfWeek('2020-W53')).toBe('2020-12-28');
  expect(weekday(mondayOfWeek('2027-W10'))).toBe(0);
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
});

it('writes a short address, and reads back what it wrote', () => {
  const search = {
    sort: '-leads',
    period: 'thisMonth',
    attribution: 'firstTouch,markov',
    why: 'a b,c&d:leads',
    q: 'æ',
  };
  const text = stringifySearch(search);
  expect(text).toBe('?period=thisMonth&attribution=firstTouch,markov&sort=-leads&why=a+b,c%26d:leads&q=%C3%A6');
  expect(parseSearch(text)).toEqual(search);
  // Defaults are left out, and what nothing knows counts as left out.
  expect(scopeToSearch({ period: 'thisYear', compare: 'previousYear', attribution: 'leadCreation' })).toEqual({
    period: undefined,
    from: undefined,
    to: undefined,
    compare: undefined,
    attribution: undefined,
  });
  expect(readScope({ period: 'soon', attribution: 'guess' })).toMatchObject({
    period: 'thisYear',
    compare: 'previousYear',
    attribution: 'leadCreation',
  });
});
