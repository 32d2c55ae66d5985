import { and, eq, gte, isNull, max, sql, sum } from 'drizzle-orm';
import { form, formDay, quarantine } from '../db/schema/forms.ts';
import { site } from '../db/schema/settings.ts';
import { notFound } from '../domain/errors.ts';
import { toIsoOrNull } from '../domain/iso-time.ts';
import { dayInZone } from '../domain/time-zone.ts';
import type { ServiceContext } from './service-context.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type FormStatistics = {
  total: number;
  last7Days: number;
  newLeads: number;
  newLeadsLast7Days: number;
  lastSubmissionAt: string | null;
  /** Suspect submissions that nobody has released or deleted. They count in no other number. */
  quarantined: number;
  /** Submissions that wait for approval. They count in no other number. */
  waitingForApproval: number;
};

/**
 * What a form has brought. The last seven days are today and the six before it, in the time zone of the form's site.
 * Adds up days, not submissions, so that a form with a million of them answers as fast as a new one.
 * @throws KildeError `not_found`.
 */
export async function readFormStatistics({ db, clock }: ServiceContext, key: string): Promise<FormStatistics> {
  const now = clock();
  const isThis = and(eq(form.key, key), isNull(form.deletedAt));
  const [[found], [all], recent, [held]] = await db.batch([
    db.select({ timeZone: site.timeZone }).from(form).innerJoin(site, eq(site.id, form.siteId)).where(isThis),
    db
      .select({
        total: sum(formDay.submissions).mapWith(Number),
        newLeads: sum(formDay.newLeads).mapWith(Number),
        lastAt: max(formDay.lastAt),
      })
      .from(formDay)
      .innerJoin(form, eq(form.id, formDay.formId))
      .where(isThis),
    // The time zone is not known before this is answered: days enough for any.
    db
      .select({ day: formDay.day, submissions: formDay.submissions, newLeads: formDay.newLeads })
      .from(formDay)
      .innerJoin(form, eq(form.id, formDay.formId))
      .where(and(isThis, gte(formDay.day, new Date(now - 8 * dayMs).toISOString().slice(0, 10)))),
    db
      .select({
        quarantined: sql<number>`coalesce(sum(${quarantine.kind} = 'spam'), 0)`,
        waitingForApproval: sql<number>`coalesce(sum(${quarantine.kind} = 'approval'), 0)`,
      })
      .from(quarantine)
      .innerJoin(form, eq(form.id, quarantine.formId))
      .where(and(isThis, sql`${quarantine.status} = 'held'`)),
  ]);
  if (!found) throw notFound('form');
  const today = dayInZone(now, found.timeZone);
  const firstDay = new Date(Date.parse(today) - 6 * dayMs).toISOString().slice(0, 10);
  const week = recent.filter(({ day }) => day >= firstDay && day <= today);
  return {
    total: all?.total ?? 0,
    last7Days: week.reduce((added, { submissions }) => added + submissions, 0),
    newLeads: all?.newLeads ?? 0,
    newLeadsLast7Days: week.reduce((added, { newLeads }) => added + newLeads, 0),
    lastSubmissionAt: toIsoOrNull(all?.lastAt ?? null),
    quarantined: held?.quarantined ?? 0,
    waitingForApproval: held?.waitingForApproval ?? 0,
  };
}
