import { invalidInput } from '../errors.ts';
import { addUnits, startOfUnit } from '../segments/days.ts';
import { startOfDay } from '../start-of-day.ts';
import { dayInZone } from '../time-zone.ts';
import type { Grain } from './dimensions.ts';
import type { Bucket, ReportTime } from './facts.ts';
import { moveMonths, resolvePeriodWord } from './relative-period.ts';
import type { DayRange } from './relative-period.ts';
import type { ComparePeriod, ReportPeriod, ReportQuery } from './query.ts';

/** Days, both included; without `from`, everything before. */
export type Days = { from: string | null; to: string };

export type ReadTime = ReportTime & {
  /** The days reported on; null is all time. */
  period: Days | null;
  /** The days compared with. */
  previousPeriod: Days | null;
};

export const maxBuckets = 1_100;
const [earliest, latest] = ['1900-01-01', '2199-12-31'] as const;
/** The day of moment 0, from which all time is counted. */
const beginning = '1970-01-01';

/**
 * The parts of time a report is about, and those it is compared with. A relative period counts from the day of `asOf`,
 * where there is one. What lies after `asOf` is cut off; a part wholly after it stays, empty.
 *
 * Each compared part is the current one's days, moved as the period is: by months or a year where the comparison is of
 * those, by days else. So the parts are as many, their bounds meet, and together they are the compared period. Where a
 * month is shorter than the one it answers to, the days it lacks are empty; where it is longer, its last days belong to
 * the part that ends with the month.
 * A period without a first day is compared with nothing; a note of the report says so.
 * @throws KildeError `invalid_input` at `body.period`, `body.grain` or `body.dimensions`.
 */
export function readReportTime({
  query,
  now,
  firstDay: knownFrom = beginning,
}: {
  query: Pick<ReportQuery, 'period' | 'timeZone' | 'time' | 'compare' | 'asOf'>;
  now: number;
  /** The first day that has anything: where parts of an open period begin. */
  firstDay?: string;
}): ReadTime {
  const { timeZone, time, asOf } = query;
  const at = asOf ?? now;
  const resolved = resolvePeriod(query.period, { at, timeZone });
  if (resolved === null && !time) {
    const all = { key: '', fromDay: beginning, toDay: nextDay(dayInZone(at, timeZone)), from: 0, to: at + 1 };
    return { current: [all], previous: null, period: null, previousPeriod: null };
  }
  // Nothing lies before a period without a first day.
  const compare = resolved?.from ? query.compare : null;
  const to = resolved?.to ?? dayInZone(at, timeZone);
  const period = { from: resolved?.from ?? firstOf(time ? knownFrom : beginning, to), to };
  if (period.from > period.to) refuse('body.period.from', `${period.from} is after the last day, ${period.to}`);
  if (period.from < earliest || period.to > latest) refuse('body.period', `must lie in ${earliest} to ${latest}`);
  const starts = time ? startsOf(period, time.unit) : [period.from];
  if (starts.length > maxBuckets) {
    refuse(
      time!.fill ? 'body.grain' : 'body.dimensions',
      `the period has more than ${maxBuckets} parts of a ${time!.unit}`,
    );
  }
  const keys = starts.map((day) => (time ? keyOf(day, time.unit) : ''));
  const toBuckets = (bounds: string[]) => makeBuckets({ keys, bounds, timeZone, asOf });
  const current = toBuckets([...starts, nextDay(period.to)]);
  if (!compare) return { current, previous: null, period: resolved, previousPeriod: null };

  const step = stepOf(period, compare);
  const previousPeriod = { from: step.move(period.from), to: previousDay(step.moveEnd(nextDay(period.to))) };
  const bounds = [previousPeriod.from, ...starts.slice(1).map(step.moveEnd), nextDay(previousPeriod.to)];
  return { current, previous: toBuckets(bounds), period, previousPeriod };
}

const firstOf = (a: string, b: string): string => (a < b ? a : b);

function refuse(location: string, message: string): never {
  throw invalidInput([{ location, message }]);
}

const moveDays = (day: string, count: number): string => addUnits(day, { unit: 'day', count });
const nextDay = (day: string): string => moveDays(day, 1);
const previousDay = (day: string): string => moveDays(day, -1);

/** Whether the parts of a period begin with the first day that has anything. */
export const needsFirstDay = ({ period, time }: Pick<ReportQuery, 'period' | 'time'>): boolean =>
  time !== null && (period === null || ('from' in period && period.from === null));

function resolvePeriod(period: ReportPeriod, now: { at: number; timeZone: string }): Days | null {
  if (period === null) return null;
  if ('relative' in period) return resolvePeriodWord(period.relative, now);
  return { from: period.from, to: period.to ?? dayInZone(now.at, now.timeZone) };
}

/** The first day of each part; one more than are allowed at most. */
function startsOf({ from, to }: DayRange, unit: Grain): string[] {
  const starts: string[] = [];
  for (let day = from; day <= to && starts.length <= maxBuckets;) {
    starts.push(day);
    day = addUnits(startOfUnit(day, unit), { unit, count: 1 });
  }
  return starts;
}

function makeBuckets({
  keys,
  bounds,
  timeZone,
  asOf,
}: {
  keys: string[];
  /** The first day of each, and the first day after the last. */
  bounds: string[];
  timeZone: string;
  asOf: number | null;
}): Bucket[] {
  const moments = bounds.map((day) => startOfDay(day, timeZone));
  const end = asOf === null ? Infinity : asOf + 1;
  const endDay = asOf === null ? latest : nextDay(dayInZone(asOf, timeZone));
  return keys.map((key, place) => {
    const [fromDay, from] = [bounds[place]!, moments[place]!];
    const toDay = asOf === null || bounds[place + 1]! < endDay ? bounds[place + 1]! : endDay;
    return {
      key,
      fromDay,
      toDay: toDay > fromDay ? toDay : fromDay,
      from,
      to: Math.max(from, Math.min(moments[place + 1]!, end)),
    };
  });
}

/** `2026-01-05`, `2026-W02`, `2026-01`, `2026-Q1`, `2026`: weeks as ISO 8601 numbers them. */
function keyOf(day: string, unit: Grain): string {
  switch (unit) {
    case 'day':
      return day;
    case 'week': {
      // A week is of the year that its Thursday is in.
      const thursday = moveDays(startOfUnit(day, 'week'), 3);
      const year = thursday.slice(0, 4);
      const days = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000;
      return `${year}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`;
    }
    case 'month':
      return day.slice(0, 7);
    case 'quarter':
      return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
    case 'year':
      return day.slice(0, 4);
  }
}

/** How far back the compared period lies: as many whole months, a year, or as many days. */
function stepOf({ from, to }: DayRange, compare: ComparePeriod): Record<'move' | 'moveEnd', (day: string) => string> {
  const end = nextDay(to);
  const isMonths = from.endsWith('-01') && end.endsWith('-01');
  if (compare === 'previousPeriod' && !isMonths) {
    const count = (Date.parse(from) - Date.parse(end)) / 86_400_000;
    const move = (day: string) => moveDays(day, count);
    return { move, moveEnd: move };
  }
  const months = compare === 'previousYear' ? -12 : monthOf(from) - monthOf(end);
  return {
    move: (day) => moveMonths(day, months, 'last'),
    moveEnd: (day) => moveMonths(day, months, 'next'),
  };
}

const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
