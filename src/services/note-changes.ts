import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { annotation } from '../db/schema/boards.ts';
import { form } from '../db/schema/forms.ts';
import { site } from '../db/schema/settings.ts';
import { dayInZone } from '../domain/time-zone.ts';
import { readSettings } from './change-settings.ts';
import type { Changes } from './changes.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Annotations that Kilde writes by itself, in the transaction of what they are about: a number may jump on that day, and a reader of
 * a chart asks why. They are written for
 *
 * - a correction that is added or deleted,
 * - a reclassification that is applied or undone,
 * - a site's look-back window, consent, UTM tracking, time zone or channel rules,
 * - a form that is switched off, switched on or deleted.
 */

type Sites = ReadonlyArray<{ key: string; timeZone: string; isDefault: boolean }>;

/** Today, by the clocks of the site named, else of the default site. */
export function todayOf(sites: Sites, { at, siteKey }: { at: number; siteKey?: string }): Today {
  const site = sites.find(({ key }) => key === siteKey) ?? sites.find(({ isDefault }) => isDefault);
  return { day: dayInZone(at, site?.timeZone ?? 'UTC'), at };
}

/** The same, by the settings that are kept in memory. */
export async function readToday(context: Pick<ServiceContext, 'clock' | 'settings'>, siteKey?: string): Promise<Today> {
  const { sites } = await readSettings(context);
  return todayOf(sites, { at: context.clock(), ...(siteKey === undefined ? {} : { siteKey }) });
}

type Today = { day: string; at: number };

/** Stores what a statement gives: `text` and `site_id`, a row for each annotation. */
function insertNotes(db: Database, { notes, day, at }: Today & { notes: SQL }) {
  return db.run(sql`INSERT INTO ${annotation} (day, text, site_id, automatic, created_at)
    SELECT ${day}, note.text, note.site_id, 1, ${at} FROM (${notes}) note`);
}

/** Notes one thing that concerns all sites, where the condition holds. */
export function noteChange(db: Database, { text, where, ...today }: Today & { text: string; where: SQL }) {
  return insertNotes(db, { ...today, notes: sql`SELECT ${text} AS text, NULL AS site_id WHERE ${where}` });
}

type SiteChanges = Changes<
  Pick<typeof site.$inferSelect, 'lookBackDays' | 'consent' | 'utmTracking' | 'timeZone' | 'channelRules'>
>;

/** Notes what changes of a site. It reads what the site was, so that it stands before the statement that changes it. */
export function noteSiteChanges(
  db: Database,
  { key, changes, where = sql`1`, ...today }: Today & { key: string; changes: SiteChanges; where?: SQL },
) {
  const { lookBackDays, consent, utmTracking, timeZone, channelRules } = changes;
  const note = (text: SQL, isChanged: SQL): SQL[] => [
    sql`SELECT ${text} AS text, ${site.id} AS site_id FROM ${site} WHERE ${site.key} = ${key} AND ${isChanged} AND ${where}`,
  ];
  const from = (column: SQL, to: string | number) => sql`${column} || ' to ' || ${to}`;
  const notes = [
    ...(lookBackDays === undefined
      ? []
      : note(
          sql`'The look-back window changed from ' || ${from(sql`${site.lookBackDays}`, `${lookBackDays} days.`)}`,
          sql`${site.lookBackDays} <> ${lookBackDays}`,
        )),
    ...(consent === undefined
      ? []
      : note(
          sql`${consent === 'required' ? 'Journeys are recorded with consent alone from now on.' : 'Journeys are recorded without asking for consent from now on.'}`,
          sql`${site.consent} <> ${consent}`,
        )),
    ...(utmTracking === undefined
      ? []
      : note(
          sql`${`UTM tracking was switched ${utmTracking ? 'on' : 'off'}.`}`,
          sql`${site.utmTracking} <> ${Number(utmTracking)}`,
        )),
    ...(timeZone === undefined
      ? []
      : note(
          sql`'The time zone changed from ' || ${from(sql`${site.timeZone}`, `${timeZone}.`)}`,
          sql`${site.timeZone} <> ${timeZone}`,
        )),
    ...(channelRules === undefined
      ? []
      : note(
          sql`'The rules of channels changed: all history has the channels of the new ones.'`,
          sql`${site.channelRules} <> ${JSON.stringify(channelRules)}`,
        )),
  ];
  const none = sql`SELECT '' AS text, NULL AS site_id WHERE 0`;
  return insertNotes(db, { ...today, notes: notes.length === 0 ? none : sql.join(notes, sql` UNION ALL `) });
}

const actOf = { on: 'opened', off: 'closed', deleted: 'deleted' } as const;

/** Notes that a form goes on or off. It stands before the statement that changes the form. */
export function noteFormState(
  db: Database,
  { key, state, ...today }: Today & { key: string; state: keyof typeof actOf | null },
) {
  const isChanged = state === 'on' ? sql`NOT ${form.enabled}` : state === 'off' ? sql`${form.enabled}` : sql`1`;
  return insertNotes(db, {
    ...today,
    notes: sql`SELECT 'The form “' || ${form.name} || ${`” was ${actOf[state ?? 'on']}.`} AS text, ${form.siteId} AS site_id FROM ${form}
      WHERE ${form.key} = ${key} AND ${form.deletedAt} IS NULL AND ${state === null ? sql`0` : isChanged}`,
  });
}
