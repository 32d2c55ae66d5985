import { defineStatement } from '../../../db/statement.ts';
import { notFound } from '../../../domain/errors.ts';
import { toIsoOrNull } from '../../../domain/iso-time.ts';
import { dayInZone } from '../../../domain/time-zone.ts';
import type { ServiceContext } from '../../service-context.ts';
import { findSilentForms, habitDays, selectHabits } from './form-habits.ts';
import type { SilentForm } from './form-habits.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const usualWeeks = 12;

export type FormStatistics = {
  total: number;
  last7Days: number;
  /** Submissions of a usual week: the median of the last twelve whole weeks, weeks before the first submission left out; null of none. */
  usualWeek: number | null;
  newLeads: number;
  newLeadsLast7Days: number;
  lastSubmissionAt: string | null;
  /** Time of the last submission where so long a pause has a chance below 1 in 1,000 by the form's own habit; else null. */
  silentSince: string | null;
  /** Suspect submissions that nobody has released or deleted. They count in no other number. */
  quarantined: number;
  /** Submissions that wait for approval. They count in no other number. */
  waitingForApproval: number;
};

const selectForms = defineStatement(`SELECT f.id, f.key, f.name, s.time_zone AS timeZone,
    (SELECT sum(submissions) FROM form_day WHERE form_id = f.id) AS total, (SELECT sum(new_leads) FROM form_day WHERE form_id = f.id) AS newLeads,
    (SELECT max(last_at) FROM form_day WHERE form_id = f.id) AS lastAt, (SELECT min(day) FROM form_day WHERE form_id = f.id) AS firstDay
  FROM form f JOIN site s ON s.id = f.site_id WHERE f.deleted_at IS NULL AND (:key IS NULL OR f.key = :key) ORDER BY f.name, f.id`);

// The time zones are not known before this is answered: days enough for any.
const selectDays =
  defineStatement(`SELECT d.form_id AS formId, d.day, d.submissions, d.new_leads AS newLeads FROM form_day d
  WHERE d.day >= :firstDay AND (:key IS NULL OR d.form_id = (SELECT id FROM form WHERE key = :key))`);

const selectHeld =
  defineStatement(`SELECT form_id AS formId, sum(kind = 'spam') AS quarantined, sum(kind = 'approval') AS waiting
  FROM quarantine WHERE status = 'held' AND (:key IS NULL OR form_id = (SELECT id FROM form WHERE key = :key)) GROUP BY form_id`);

type FormRow = {
  id: number;
  key: string;
  name: string;
  timeZone: string;
  total: number | null;
  newLeads: number | null;
  lastAt: number | null;
  firstDay: string | null;
};
type DayRow = { formId: number; day: string; submissions: number; newLeads: number };
type HeldRow = { formId: number; quarantined: number; waiting: number };

const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * What forms have brought, in order of their names: all, or the one with the key. The last seven days are today and the six before it, in
 * the time zone of the form's site. One round trip. Adds up days, not submissions, so that a form with a million of them answers as fast as
 * a new one.
 */
export async function listFormStatistics(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { key = null }: { key?: string | null } = {},
): Promise<Array<{ form: { id: string; name: string } } & FormStatistics>> {
  const now = clock();
  const firstDay = dayText(now - (usualWeeks + 2) * 7 * dayMs);
  const results = await db.$client.batch(
    [
      selectForms({ key }),
      selectDays({ key, firstDay }),
      selectHeld({ key }),
      selectHabits({ key, now, firstDay: dayText(now - habitDays * dayMs) }),
    ],
    'read',
  );
  const [forms, days, held] = results.map(({ rows }) => rows) as unknown as [FormRow[], DayRow[], HeldRow[]];
  const daysOf = Map.groupBy(days, ({ formId }) => formId);
  const heldOf = new Map(held.map((row) => [row.formId, row]));
  // Sites differ in their day; few of them do.
  const silentOn = new Map<string, Map<string, SilentForm>>();
  const findSilent = (today: string): Map<string, SilentForm> => {
    const found = silentOn.get(today) ?? new Map(findSilentForms(results[3]!.rows, today).map((one) => [one.id, one]));
    silentOn.set(today, found);
    return found;
  };
  return forms.map(({ id, key: formKey, name, timeZone, total, newLeads, lastAt, firstDay: startDay }) => {
    const today = dayInZone(now, timeZone);
    const own = daysOf.get(id) ?? [];
    const weekStart = dayText(Date.parse(today) - 6 * dayMs);
    const week = own.filter(({ day }) => day >= weekStart && day <= today);
    const ofForm = heldOf.get(id);
    const silent = findSilent(today).get(formKey);
    return {
      form: { id: formKey, name },
      total: total ?? 0,
      last7Days: week.reduce((sum, { submissions }) => sum + submissions, 0),
      usualWeek: startDay === null ? null : usualOf({ days: own, today, startDay }),
      newLeads: newLeads ?? 0,
      newLeadsLast7Days: week.reduce((sum, day) => sum + day.newLeads, 0),
      lastSubmissionAt: toIsoOrNull(lastAt),
      silentSince: toIsoOrNull(silent?.lastAt ?? null),
      quarantined: ofForm?.quarantined ?? 0,
      waitingForApproval: ofForm?.waiting ?? 0,
    };
  });
}

/** @throws KildeError `not_found`. */
export async function readFormStatistics(
  context: Pick<ServiceContext, 'db' | 'clock'>,
  key: string,
): Promise<FormStatistics> {
  const [found] = await listFormStatistics(context, { key });
  if (!found) throw notFound('form');
  const { form: _form, ...statistics } = found;
  return statistics;
}

/** Monday is the first day of a week. */
const mondayOf = (day: string): number => {
  const at = Date.parse(day);
  return at - ((new Date(at).getUTCDay() + 6) % 7) * dayMs;
};

/** The median of the whole weeks before this one, twelve at most, from the form's first whole week on; null where there is none. */
function usualOf({ days, today, startDay }: { days: DayRow[]; today: string; startDay: string }): number | null {
  const thisWeek = mondayOf(today);
  const first = mondayOf(startDay) + (Date.parse(startDay) === mondayOf(startDay) ? 0 : 7 * dayMs);
  const weeks: number[] = [];
  for (let start = thisWeek - 7 * dayMs; start >= first && weeks.length < usualWeeks; start -= 7 * dayMs) {
    const [from, to] = [dayText(start), dayText(start + 6 * dayMs)];
    const ofWeek = days.filter(({ day }) => day >= from && day <= to);
    weeks.push(ofWeek.reduce((sum, { submissions }) => sum + submissions, 0));
  }
  if (weeks.length === 0) return null;
  const sorted = weeks.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
