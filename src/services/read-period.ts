import { endMoment, firstMoment } from '../domain/when.ts';
import type { When } from '../domain/when.ts';
import { readSettings } from './change-settings.ts';
import type { ServiceContext } from './service-context.ts';

/** A list's period: days are both included, a moment is where it begins or before which it ends. */
export type GivenPeriod = { from?: When | undefined; to?: When | undefined };

/** A list's filter whose period of creation is not yet read. */
export type WithCreatedDays<Filter> = Omit<Filter, 'createdFrom' | 'createdTo'> &
  Partial<Record<'createdFrom' | 'createdTo', When | undefined>>;

/** The period in milliseconds, `to` exclusive. Days are those of the default site's time zone. */
export async function readPeriod(
  context: Pick<ServiceContext, 'settings'>,
  { from, to }: GivenPeriod,
): Promise<{ from: number | undefined; to: number | undefined }> {
  const namesDay = [from, to].some((when) => when !== undefined && 'day' in when);
  const timeZone = namesDay ? (await readSettings(context)).defaultSite.timeZone : 'UTC';
  return { from: from && firstMoment(from, timeZone), to: to && endMoment(to, timeZone) };
}
