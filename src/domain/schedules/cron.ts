import { Cron } from 'croner';

/** When something is due: a cron expression of five parts, read by the clocks of a time zone. */
export type CronTime = { cron: string; timeZone: string };

const read = ({ cron, timeZone }: CronTime): Cron =>
  new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });

/** What is wrong with a cron expression, or null. */
export function cronProblem(time: CronTime): string | null {
  try {
    return read(time).nextRun() === null ? 'is never due' : null;
  } catch {
    return 'must be a cron expression of five parts such as "0 8 * * 1"';
  }
}

/**
 * The first time after a moment that it is due, in milliseconds since the epoch; null where it never is again. A time that clocks
 * leave out in spring is due when they have gone forward; one that they show twice in autumn is due once.
 */
export function nextDue(time: CronTime, after: number): number | null {
  return read(time).nextRun(new Date(after))?.getTime() ?? null;
}

/** The last time up to a moment, that moment included, that it was due. */
export function lastDue(time: CronTime, until: number): number | null {
  return (
    read(time)
      .previousRuns(1, new Date(until + 1))[0]
      ?.getTime() ?? null
  );
}
