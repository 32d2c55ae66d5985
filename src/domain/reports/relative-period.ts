import { addUnits, startOfUnit } from '../segments/days.ts';
import type { InputError } from '../errors.ts';
import { dayInZone } from '../time-zone.ts';
import { unknownName } from '../unknown-name.ts';

/** Days, both included. */
export type DayRange = { from: string; to: string };

const units = { Week: 'week', Month: 'month', Quarter: 'quarter', Year: 'year' } as const;
const lengths = { Days: 36_500, Weeks: 5_000, Months: 1_200 } as const;

/** The words of a period that moves with today. `all` is no period: everything up to now. */
export const periodWords: readonly string[] = [
  'today',
  'yesterday',
  ...['this', 'previous', 'thisAndPrevious'].flatMap((which) => Object.keys(units).map((unit) => which + unit)),
  'last<N>Days',
  'last<N>Weeks',
  'last<N>Months',
  'all',
];

const calendarPattern = /^(this|previous|thisAndPrevious)(Week|Month|Quarter|Year)$/;
const lastPattern = /^last([1-9]\d{0,4})(Days|Weeks|Months)$/;

/** The mistake of a word that names no period. */
export function unknownPeriod(word: string, location: string): InputError {
  const last = /^last\d+(Days|Weeks|Months)$/.exec(word);
  if (!last) return unknownName({ location, what: 'period', name: word, known: periodWords });
  const unit = last[1] as keyof typeof lengths;
  return { location, message: `'${word.slice(0, 50)}' must count from 1 to ${lengths[unit]} ${unit.toLowerCase()}.` };
}

/** Whether a word names a period: one of `periodWords`, with a number in the place of `<N>`. */
export function isPeriodWord(word: string): boolean {
  const last = lastPattern.exec(word);
  if (last) return Number(last[1]) <= lengths[last[2] as keyof typeof lengths];
  return !word.includes('<') && periodWords.includes(word);
}

/**
 * The days that a period's word means at a moment; null means all time. `last<N>…` ends with today: `last7Days` is today and the six
 * days before it, `last3Months` on 15 May begins on 16 February.
 * @param word one for which `isPeriodWord` holds.
 */
export function resolvePeriodWord(word: string, now: { at: number; timeZone: string }): DayRange | null {
  const today = dayInZone(now.at, now.timeZone);
  const move = (count: number) => addUnits(today, { unit: 'day', count });
  if (word === 'all') return null;
  if (word === 'today') return { from: today, to: today };
  if (word === 'yesterday') return { from: move(-1), to: move(-1) };
  const last = lastPattern.exec(word);
  if (last) {
    const count = Number(last[1]);
    if (last[2] === 'Months') {
      return { from: addUnits(moveMonths(today, -count, 'last'), { unit: 'day', count: 1 }), to: today };
    }
    return { from: move(1 - count * (last[2] === 'Weeks' ? 7 : 1)), to: today };
  }
  const [, which, name] = calendarPattern.exec(word)!;
  const unit = units[name as keyof typeof units];
  const current = startOfUnit(today, unit);
  const from = which === 'this' ? current : addUnits(current, { unit, count: -1 });
  const end = which === 'previous' ? current : addUnits(current, { unit, count: 1 });
  return { from, to: addUnits(end, { unit: 'day', count: -1 }) };
}

/** The same day of another month; where that month is shorter, its last day, or the first day after it. */
export function moveMonths(day: string, count: number, missing: 'last' | 'next'): string {
  const first = addUnits(startOfUnit(day, 'month'), { unit: 'month', count });
  const following = addUnits(first, { unit: 'month', count: 1 });
  const moved = addUnits(first, { unit: 'day', count: Number(day.slice(8)) - 1 });
  if (moved < following) return moved;
  return missing === 'next' ? following : addUnits(following, { unit: 'day', count: -1 });
}
