import { describe, expect, it } from 'vitest';
import type { ReportQuery } from '../../../src/domain/reports/query.ts';
import { isPeriodWord, resolvePeriodWord } from '../../../src/domain/reports/relative-period.ts';
import { readReportTime } from '../../../src/domain/reports/report-time.ts';

const hour = 3_600_000;
const now = Date.parse('2026-09-01T10:00:00Z');

function timeOf(query: Partial<ReportQuery>) {
  return readReportTime({
    query: { period: null, timeZone: 'Europe/Oslo', time: null, compare: null, asOf: null, ...query },
    now,
  });
}

const days = (
  from: string,
  to: string,
  unit: 'day' | 'week' | 'month' | 'quarter' | 'year',
  more: Partial<ReportQuery> = {},
) => timeOf({ period: { from, to }, time: { unit, fill: true }, ...more });

describe('the parts of a period', () => {
  it('are days of 23 and 25 hours where clocks change', () => {
    const spring = days('2026-03-28', '2026-03-30', 'day').current;
    expect(spring.map(({ from, to }) => (to - from) / hour)).toEqual([24, 23, 24]);
    const autumn = days('2026-10-24', '2026-10-26', 'day').current;
    expect(autumn.map(({ from, to }) => (to - from) / hour)).toEqual([24, 25, 24]);
    for (const list of [spring, autumn]) {
      for (const [n, { from }] of list.slice(1).entries()) expect(from).toBe(list[n]!.to);
    }
  });

  it('are named as ISO 8601 does, and cut to the period', () => {
    const keys = (time: ReturnType<typeof days>) => time.current.map(({ key }) => key);
    expect(keys(days('2025-12-28', '2026-01-05', 'week'))).toEqual(['2025-W52', '2026-W01', '2026-W02']);
    expect(keys(days('2026-02-15', '2026-07-01', 'quarter'))).toEqual(['2026-Q1', '2026-Q2', '2026-Q3']);
    const [first, last] = [
      days('2026-02-15', '2026-04-02', 'month').current[0]!,
      days('2026-02-15', '2026-04-02', 'month').current[2]!,
    ];
    expect([first.key, first.fromDay, first.toDay]).toEqual(['2026-02', '2026-02-15', '2026-03-01']);
    expect([last.key, last.fromDay, last.toDay]).toEqual(['2026-04', '2026-04-01', '2026-04-03']);
  });

  it('are cut at the moment a report is as of, and stay where they come after it', () => {
    const asOf = Date.parse('2026-02-10T12:00:00Z');
    const [january, february, march] = days('2026-01-01', '2026-03-31', 'month', { asOf }).current;
    expect(january!.to).toBe(february!.from);
    expect([february!.to, february!.toDay]).toEqual([asOf + 1, '2026-02-11']);
    expect(march!.from).toBe(march!.to);
  });

  it('are eleven hundred at most', () => {
    expect(() => days('2020-01-01', '2026-01-01', 'day')).toThrow(/1100/);
  });
});

describe('what a period is compared with', () => {
  const before = (from: string, to: string, compare: 'previousPeriod' | 'previousYear') =>
    timeOf({ period: { from, to }, compare }).previousPeriod;

  it('is as many whole months, else as many days, before', () => {
    expect(before('2026-03-01', '2026-03-31', 'previousPeriod')).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(before('2026-04-01', '2026-06-30', 'previousPeriod')).toEqual({ from: '2026-01-01', to: '2026-03-31' });
    expect(before('2026-03-02', '2026-03-31', 'previousPeriod')).toEqual({ from: '2026-01-31', to: '2026-03-01' });
  });

  it('is the same days a year earlier, 29 February being the 28th', () => {
    expect(before('2024-02-29', '2024-02-29', 'previousYear')).toEqual({ from: '2023-02-28', to: '2023-02-28' });
    expect(before('2026-01-01', '2026-12-31', 'previousYear')).toEqual({ from: '2025-01-01', to: '2025-12-31' });
  });

  it('has as many parts, each answering to the one of its place', () => {
    const { current, previous } = days('2026-03-01', '2026-03-31', 'day', { compare: 'previousPeriod' });
    expect(previous).toHaveLength(current.length);
    expect(previous!.at(-1)!.to).toBeLessThanOrEqual(current[0]!.from);
  });
});

describe('a period by a word', () => {
  const period = (relative: string) => timeOf({ period: { relative } }).period;

  it.each([
    ['today', '2026-09-01', '2026-09-01'],
    ['yesterday', '2026-08-31', '2026-08-31'],
    ['thisWeek', '2026-08-31', '2026-09-06'],
    ['previousWeek', '2026-08-24', '2026-08-30'],
    ['thisAndPreviousWeek', '2026-08-24', '2026-09-06'],
    ['thisMonth', '2026-09-01', '2026-09-30'],
    ['previousMonth', '2026-08-01', '2026-08-31'],
    ['thisAndPreviousMonth', '2026-08-01', '2026-09-30'],
    ['thisQuarter', '2026-07-01', '2026-09-30'],
    ['previousQuarter', '2026-04-01', '2026-06-30'],
    ['thisAndPreviousQuarter', '2026-04-01', '2026-09-30'],
    ['thisYear', '2026-01-01', '2026-12-31'],
    ['previousYear', '2025-01-01', '2025-12-31'],
    ['thisAndPreviousYear', '2025-01-01', '2026-12-31'],
    ['last7Days', '2026-08-26', '2026-09-01'],
    ['last2Weeks', '2026-08-19', '2026-09-01'],
    ['last3Months', '2026-06-02', '2026-09-01'],
  ])('%s', (word, from, to) => {
    expect(isPeriodWord(word)).toBe(true);
    expect(period(word)).toEqual({ from, to });
  });

  it('counts months back to the last day of a shorter one', () => {
    const at = Date.parse('2026-03-31T10:00:00Z');
    expect(resolvePeriodWord('last1Months', { at, timeZone: 'UTC' })).toEqual({ from: '2026-03-01', to: '2026-03-31' });
  });

  it.each(['last0Days', 'last<N>Days', 'last99999Days', 'lastDays', 'thisDay', 'nextWeek', 'This Year', ''])(
    'is not %j',
    (word) => expect(isPeriodWord(word)).toBe(false),
  );
});

describe('a period with one end', () => {
  it('goes up to today, or from the beginning', () => {
    expect(timeOf({ period: { from: '2026-08-30', to: null } }).period).toEqual({
      from: '2026-08-30',
      to: '2026-09-01',
    });
    const open = timeOf({ period: { from: null, to: '2026-08-30' } });
    expect(open.period).toEqual({ from: null, to: '2026-08-30' });
    expect(open.current[0]).toMatchObject({ fromDay: '1970-01-01', toDay: '2026-08-31' });
  });

  it('is divided from the first day that has anything, and compared with nothing', () => {
    const open = { period: { from: null, to: '2026-08-30' }, time: { unit: 'month' as const, fill: true } };
    const parts = (query: Partial<ReportQuery>, firstDay: string) =>
      readReportTime({
        query: { period: null, timeZone: 'Europe/Oslo', time: null, compare: null, asOf: null, ...query },
        now,
        firstDay,
      }).current.map(({ key }) => key);
    expect(parts(open, '2026-06-17')).toEqual(['2026-06', '2026-07', '2026-08']);
    expect(parts({ ...open, period: null }, '2026-08-17')).toEqual(['2026-08', '2026-09']);
    // Nothing has been before the last day.
    expect(parts(open, '2026-09-01')).toEqual(['2026-08']);
    const compared = timeOf({ ...open, time: null, compare: 'previousYear' });
    expect([compared.previous, compared.previousPeriod, compared.current.length]).toEqual([null, null, 1]);
  });
});
