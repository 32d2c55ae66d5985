import { endOfDay, startOfDay } from './start-of-day.ts';
import { dayInZone } from './time-zone.ts';

/** A moment in milliseconds since the epoch, or a calendar day, `YYYY-MM-DD`, whose moments depend on a time zone. */
export type When = { at: number } | { day: string };

/** The first moment that is meant. */
export function firstMoment(when: When, timeZone: string): number {
  return 'day' in when ? startOfDay(when.day, timeZone) : when.at;
}

/** Where a period that ends with it ends, exclusive: with the day where it is one, before the moment where it is one. */
export function endMoment(when: When, timeZone: string): number {
  return 'day' in when ? endOfDay(when.day, timeZone) : when.at;
}

export function dayOf(when: When, timeZone: string): string {
  return 'day' in when ? when.day : dayInZone(when.at, timeZone);
}

/** Whether it lies after now: a day does while it has not begun. */
export function isInFuture(when: When, { now, timeZone }: { now: number; timeZone: string }): boolean {
  return 'day' in when ? when.day > dayInZone(now, timeZone) : when.at > now;
}
