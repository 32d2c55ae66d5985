import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { annotation } from '../db/schema/boards.ts';
import { form } from '../db/schema/forms.ts';
import { site } from '../db/schema/settings.ts';
import type { AnnotationKind } from '../domain/reports/annotation-kinds.ts';
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

/** A note to store: its kind with its values as JSON, and the same in English. */
type Note = { kind: AnnotationKind; values: SQL; text: SQL };

const columnsOf = ({ kind, values, text }: Note): SQL => sql`${kind} AS kind, ${values} AS details, ${text} AS text`;

/** Stores what a statement gives: `kind`, `details`, `text` and `site_id`, a row for each annotation. */
function insertNotes(db: Database, { notes, day, at }: Today & { notes: SQL }) {
  return db.run(sql`INSERT INTO ${annotation} (day, kind, details, text, site_id, automatic, created_at)
    SELECT ${day}, note.kind, note.details, note.text, note.site_id, 1, ${at} FROM (${notes}) note`);
}

/** Notes one thing that concerns all sites, where the condition holds. */
export function noteChange(
  db: Database,
  {
    kind,
    values,
    text,
    where,
    ...today
  }: Today & { kind: AnnotationKind; values: Record<string, unknown>; text: string; where: SQL },
) {
  const note = { kind, values: sql`${JSON.stringify(values)}`, text: sql`${text}` };
  return insertNotes(db, { ...today, notes: sql`SELECT ${columnsOf(note)}, NULL AS site_id WHERE ${where}` });
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
  const noteOf = (note: Note, isChanged: SQL): SQL =>
    sql`SELECT ${columnsOf(note)}, ${site.id} AS site_id FROM ${site} WHERE ${site.key} = ${key} AND ${isChanged} AND ${where}`;
  const changed = (
    kind: AnnotationKind,
    { column, to, text }: { column: SQL; to: string | number; text: SQL },
  ): SQL => {
    const values = sql`json_object('from', ${column}, 'to', ${to})`;
    return noteOf({ kind, values, text }, sql`${column} <> ${to}`);
  };
  const fromTo = (column: SQL, to: string) => sql`${column} || ' to ' || ${to}`;
  const [days, zone] = [sql`${site.lookBackDays}`, sql`${site.timeZone}`];
  const notes = [
    lookBackDays === undefined
      ? []
      : changed('lookBackChanged', {
          column: days,
          to: lookBackDays,
          text: sql`'The look-back window changed from ' || ${fromTo(days, `${lookBackDays} days.`)}`,
        }),
    consent === undefined
      ? []
      : changed('consentChanged', {
          column: sql`${site.consent}`,
          to: consent,
          text: sql`${consent === 'required' ? 'Journeys are recorded with consent alone from now on.' : 'Journeys are recorded without asking for consent from now on.'}`,
        }),
    utmTracking === undefined
      ? []
      : noteOf(
          {
            kind: 'utmTrackingChanged',
            values: sql`${JSON.stringify({ from: !utmTracking, to: utmTracking })}`,
            text: sql`${`UTM tracking was switched ${utmTracking ? 'on' : 'off'}.`}`,
          },
          sql`${site.utmTracking} <> ${Number(utmTracking)}`,
        ),
    timeZone === undefined
      ? []
      : changed('timeZoneChanged', {
          column: zone,
          to: timeZone,
          text: sql`'The time zone changed from ' || ${fromTo(zone, `${timeZone}.`)}`,
        }),
    channelRules === undefined
      ? []
      : noteOf(
          {
            kind: 'channelRulesChanged',
            values: sql`'{}'`,
            text: sql`'The rules of channels changed: all history has the channels of the new ones.'`,
          },
          sql`${site.channelRules} <> ${JSON.stringify(channelRules)}`,
        ),
  ].flat();
  const none = sql`SELECT '' AS kind, '' AS details, '' AS text, NULL AS site_id WHERE 0`;
  return insertNotes(db, { ...today, notes: notes.length === 0 ? none : sql.join(notes, sql` UNION ALL `) });
}

const actOf = {
  on: { kind: 'formOpened', act: 'opened' },
  off: { kind: 'formClosed', act: 'closed' },
  deleted: { kind: 'formDeleted', act: 'deleted' },
} as const;

/** Notes that a form goes on or off. It stands before the statement that changes the form. */
export function noteFormState(
  db: Database,
  { key, state, ...today }: Today & { key: string; state: keyof typeof actOf | null },
) {
  const isChanged = state === 'on' ? sql`NOT ${form.enabled}` : state === 'off' ? sql`${form.enabled}` : sql`1`;
  const { kind, act } = actOf[state ?? 'on'];
  const note = {
    kind,
    values: sql`json_object('form', json_object('id', ${form.key}, 'name', ${form.name}))`,
    text: sql`'The form “' || ${form.name} || ${`” was ${act}.`}`,
  };
  return insertNotes(db, {
    ...today,
    notes: sql`SELECT ${columnsOf(note)}, ${form.siteId} AS site_id FROM ${form}
      WHERE ${form.key} = ${key} AND ${form.deletedAt} IS NULL AND ${state === null ? sql`0` : isChanged}`,
  });
}
