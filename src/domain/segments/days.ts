import { dayInZone } from '../time-zone.ts';
import { endOfDay, startOfDay } from '../start-of-day.ts';
import type { RelativeDate, Unit } from './relative-date.ts';

/** Moments from `from` and before `to`, in milliseconds; no bound where null. */
export type Range = { from: number | null; to: number | null };

export type Now = { at: number; timeZone: string };

const dayMs = 86_400_000;

/** Whether a text is a calendar day that is, `YYYY-MM-DD`, from the year 1000. */
export function isDay(text: string): boolean {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The moments of a day named, or an instant alone. */
function rangeOf(date: string, timeZone: string): { from: number; to: number } {
  if (!isDay(date)) {
    const at = Date.parse(date);
    return { from: at, to: at + 1 };
  }
  return { from: startOfDay(date, timeZone), to: endOfDay(date, timeZone) };
}

export const before = (date: string, { timeZone }: Now): Range => ({ from: null, to: rangeOf(date, timeZone).from });
export const after = (date: string, { timeZone }: Now): Range => ({ from: rangeOf(date, timeZone).to, to: null });
export const on = (date: string, { timeZone }: Now): Range => rangeOf(date, timeZone);
export const between = ([least, greatest]: readonly string[], { timeZone }: Now): Range => ({
  from: rangeOf(least!, timeZone).from,
  to: rangeOf(greatest!, timeZone).to,
});

/** The moments from the first of some units to the last, counted from the current one, which is 0. */
function unitsFromNow(
  { unit, first, last }: { unit: Unit; first: number; last: number },
  { at, timeZone }: Now,
): Range {
  const current = startOfUnit(dayInZone(at, timeZone), unit);
  return {
    from: startOfDay(addUnits(current, { unit, count: first }), timeZone),
    to: startOfDay(addUnits(current, { unit, count: last + 1 }), timeZone),
  };
}

const today = { unit: 'day', first: 0, last: 0 } as const;

/** What each relative operator takes in. lastDays and nextDays count today. */
export const relativeRanges = {
  this: ({ unit }: RelativeDate, now: Now) => unitsFromNow({ unit, first: 0, last: 0 }, now),
  previous: ({ unit, count }: RelativeDate, now: Now) => unitsFromNow({ unit, first: -count, last: -1 }, now),
  next: ({ unit, count }: RelativeDate, now: Now) => unitsFromNow({ unit, first: 1, last: count }, now),
  thisAndPrevious: ({ unit, count }: RelativeDate, now: Now) => unitsFromNow({ unit, first: -count, last: 0 }, now),
  thisAndNext: ({ unit, count }: RelativeDate, now: Now) => unitsFromNow({ unit, first: 0, last: count }, now),
  previousThisAndNext: ({ unit, count }: RelativeDate, now: Now) =>
    unitsFromNow({ unit, first: -count, last: count }, now),
  beforeToday: (now: Now) => ({ from: null, to: unitsFromNow(today, now).from }),
  afterToday: (now: Now) => ({ from: unitsFromNow(today, now).to, to: null }),
  today: (now: Now) => unitsFromNow(today, now),
  lastDays: ({ count }: RelativeDate, now: Now) => unitsFromNow({ unit: 'day', first: 1 - count, last: 0 }, now),
  nextDays: ({ count }: RelativeDate, now: Now) => unitsFromNow({ unit: 'day', first: 0, last: count - 1 }, now),
} as const;

/** The first day of the unit that a day is in. Weeks begin on Monday. */
export function startOfUnit(day: string, unit: Unit): string {
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))];
  switch (unit) {
    case 'day':
      return day;
    case 'week': {
      const at = Date.parse(`${day}T00:00:00Z`);
      const sinceMonday = (new Date(at).getUTCDay() + 6) % 7;
      return toDay(at - sinceMonday * dayMs);
    }
    case 'month':
      return `${day.slice(0, 7)}-01`;
    case 'quarter':
      return `${year}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`;
    case 'year':
      return `${year}-01-01`;
  }
}

/** The day some units later; of months, quarters and years only from their first day. */
export function addUnits(day: string, { unit, count }: RelativeDate): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (unit === 'day' || unit === 'week') {
    return toDay(date.getTime() + count * (unit === 'week' ? 7 : 1) * dayMs);
  }
  date.setUTCMonth(date.getUTCMonth() + count * { month: 1, quarter: 3, year: 12 }[unit]);
  return toDay(date.getTime());
}

const toDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
