import type { Bucket, ReportTime } from './facts.ts';

/** What totals are stored by. */
export const levels = { month: 0, day: 1, year: 2, all: 3 } as const;
export type Level = keyof typeof levels;
export const everyLevel = Object.keys(levels) as Level[];

/**
 * A part of a bucket from `lo` up to, not including, `hi`: months (`YYYYMM`) or days (`YYYYMMDD`) of stored totals, or milliseconds of
 * rows. `kindOffset` is what the kind of a total adds for its level: 100 times the level. `sign` adds the part or takes it away.
 */
export type Range = [bucket: number, previous: 0 | 1, lo: number, hi: number, kindOffset: number, sign: 1 | -1];

/**
 * Splits each bucket of a report into stored totals and rows: years and months of UTC from the boundary nearest to its begin to the one
 * nearest to its end, the days that it has beside them (or has not, although its months do), and the rest of a day, read row by row.
 * What is open at the end of a bucket is counted from the first row there is. Beyond now there is next to nothing: a period that
 * reaches now goes on to the end of the year, and all time is one total.
 * @param stored the levels by which the totals in question are stored.
 */
export function splitPeriods(
  { time: { current, previous }, now }: { time: ReportTime; now: number },
  { isOpen = false, stored = everyLevel }: { isOpen?: boolean; stored?: readonly Level[] } = {},
): { spans: Range[]; edges: Range[] } {
  const spans: Range[] = [];
  const edges: Range[] = [];
  const part = ({ from: begin, to }: Bucket, bucket: number, isPrevious: 0 | 1) => {
    const from = isOpen && bucket === 0 ? 0 : Math.max(0, begin);
    const span = (level: Level, lo: number, hi: number, sign: 1 | -1 = 1) =>
      spans.push([bucket, isPrevious, lo, hi, 100 * levels[level], sign]);
    const edge = (lo: number, hi: number, sign: 1 | -1) => {
      if (lo < hi) edges.push([bucket, isPrevious, lo, hi, 0, sign]);
      if (lo > hi) edges.push([bucket, isPrevious, hi, lo, 0, sign === 1 ? -1 : 1]);
    };
    /** From one moment to a later one, by days as far as they are kept. */
    const days = (lo: number, hi: number, sign: 1 | -1) => {
      const [first, last] = [nearestDay(lo), nearestDay(hi)];
      if (first >= last || !stored.includes('day')) return edge(lo, hi, sign);
      span('day', dayNamed(first), dayNamed(last), sign);
      edge(lo, first, sign);
      edge(last, hi, sign);
    };
    /** What a period has from `lo` to `hi`; where that lies before it, what it has not. */
    const rest = (lo: number, hi: number) => (lo < hi ? days(lo, hi, 1) : days(hi, lo, -1));
    const month = monthOf(to);
    const isNearer = Math.min(startOf(month + 1), Math.max(to, now)) - to <= to - startOf(month);
    const reachesNow = isNearer && startOf(month + 1) > now;
    if (from === 0 && reachesNow && stored.includes('all')) {
      span('all', 0, 1);
      return edge(to, 9e15, -1);
    }
    const first = from === 0 ? 0 : nearestMonth(from);
    const last = reachesNow ? month + 12 - (month % 12) : month + (isNearer ? 1 : 0);
    if (first >= last || startOf(first) > to) return rest(from, to);
    for (let at = first; at < last;) {
      const isYear = stored.includes('year') && at % 12 === 0 && at + 12 <= last;
      // From the year 0 on, all at once.
      const next = at === 0 ? last - (last % (isYear ? 12 : 1)) : at + (isYear ? 12 : 1);
      span(isYear ? 'year' : 'month', named(at), named(next));
      at = next;
    }
    if (from > 0) rest(from, startOf(first));
    rest(startOf(last), to);
  };
  current.forEach((bucket, n) => part(bucket, n, 0));
  previous?.forEach((bucket, n) => part(bucket, n, 1));
  return { spans, edges };
}

const dayMs = 86_400_000;
const nearestDay = (at: number): number => Math.round(at / dayMs) * dayMs;
const dayNamed = (at: number): number => named(monthOf(at)) * 100 + new Date(at).getUTCDate();

/** Months are counted from the year 0. */
function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
const startOf = (month: number): number => Date.UTC(Math.floor(month / 12), month % 12, 1);
const named = (month: number): number => Math.floor(month / 12) * 100 + (month % 12) + 1;

function nearestMonth(at: number): number {
  const month = monthOf(at);
  return at - startOf(month) <= startOf(month + 1) - at ? month : month + 1;
}
