import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { ListField } from '../../db/lists/declare-list.ts';
import type { ListInfo, ListQuery } from '../../domain/lists/list-info.ts';
import type { Now } from '../../domain/segments/days.ts';
import { resolvePeriodWord } from '../../domain/reports/relative-period.ts';
import { endMoment, firstMoment } from '../../domain/when.ts';
import type { When } from '../../domain/when.ts';
import { readSettings } from '../change-settings.ts';
import type { ServiceContext } from '../service-context.ts';

/** The field that `from` and `to` are about. */
type Moment = Pick<ListField, 'column' | 'isDay'>;

/**
 * Now, in the time zone that a list's days are of: the one asked for, else that of the site asked for, else the default site's. The
 * settings are kept in memory, so that this is no round trip.
 */
export async function readListTime(
  { clock, settings }: Pick<ServiceContext, 'clock' | 'settings'>,
  { list, query: { timeZone, site, period, filters, ...query } }: { list: ListInfo; query: ListQuery },
): Promise<{ now: Now; condition: (moment: Moment | null) => SQL[] }> {
  const namesDay =
    [query.from, query.to, period].some((one) => one !== null) ||
    filters.some(({ field }) => list.findField(field)?.type === 'date');
  const zone = timeZone ?? (namesDay ? await zoneOf({ settings }, site) : 'UTC');
  const now = { at: clock(), timeZone: zone };
  const days = period === null ? null : resolvePeriodWord(period, now);
  const from: When | null = days ? { day: days.from } : query.from;
  const to: When | null = days ? { day: days.to } : query.to;
  return {
    now,
    condition: (moment) =>
      moment ? conditionsOf(moment.column.sorted, { from, to, zone, isDay: moment.isDay ?? false }) : [],
  };
}

async function zoneOf(context: Pick<ServiceContext, 'settings'>, site: string | null): Promise<string> {
  const { sites, defaultSite } = await readSettings(context);
  const name = site?.toLowerCase();
  const found = sites.find(({ key }) => key === site) ?? sites.find((one) => one.name.toLowerCase() === name);
  return (found ?? defaultSite).timeZone;
}

function conditionsOf(
  value: SQL | ListField['column']['sorted'],
  { from, to, zone, isDay }: { from: When | null; to: When | null; zone: string; isDay: boolean },
): SQL[] {
  if (isDay) {
    const dayOf = (when: When | null) => (when && 'day' in when ? when.day : null);
    const [first, last] = [dayOf(from), dayOf(to)];
    return [...(first ? [sql`${value} >= ${first}`] : []), ...(last ? [sql`${value} <= ${last}`] : [])];
  }
  // The client sends numbers as fractions, and to compare whole ones with those takes SQLite longer.
  return [
    ...(from ? [sql`${value} >= CAST(${firstMoment(from, zone)} AS integer)`] : []),
    ...(to ? [sql`${value} < CAST(${endMoment(to, zone)} AS integer)`] : []),
  ];
}
