import { and, desc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Database } from '../../db/client.ts';
import { selectCompanies, toCompanyView } from '../../db/queries/people/read-companies.ts';
import type { CompanyView } from '../../db/queries/people/read-companies.ts';
import { selectJourney, toJourney } from '../../db/queries/attribution/read-journey.ts';
import type { JourneyTouch } from '../../db/queries/attribution/read-journey.ts';
import { selectPeople, toPersonView } from '../../db/queries/people/read-people.ts';
import type { PersonView } from '../../db/queries/people/read-people.ts';
import { demoFormKey } from '../../domain/capture/demo-form.ts';
import { form, quarantine, submission } from '../../db/schema/forms.ts';
import { company, person } from '../../db/schema/people.ts';

/** The demo shows what was sent within this time, and nothing older. */
export const demoVisitMs = 60 * 60 * 1000;

export type DemoResult =
  | { state: 'nothing' }
  /** Held back as suspected spam. */
  | { state: 'held'; reasons: string[] }
  /** By somebody whom this visit did not create, and of whom it is therefore told nothing. */
  | { state: 'notOurs' }
  | {
      state: 'created';
      person: PersonView;
      company: CompanyView | null;
      companyIsNew: boolean;
      journey: JourneyTouch[];
    };

/**
 * What Kilde holds of the person that a visit to the demo has created.
 * @param visit random id of the visit, kept by its browser alone; the demo's forms put it in front of their `_id`.
 */
export async function readDemo(
  { db, clock }: { db: Database; clock: () => number },
  { visit }: { visit: string },
): Promise<DemoResult> {
  const since = clock() - demoVisitMs;
  const formId = sql`(SELECT id FROM ${form} WHERE ${form.key} = ${demoFormKey})`;
  const ofVisit = (key: SQLiteColumn) => and(gte(key, `${visit}.`), lt(key, `${visit}/`));
  const [sent, held] = await db.batch([
    db
      .select({
        at: submission.at,
        personId: submission.personId,
        companyId: submission.companyId,
        createdPerson: submission.createdPerson,
        createdCompany: submission.createdCompany,
      })
      .from(submission)
      .where(and(eq(submission.formId, formId), ofVisit(submission.idempotencyKey), gt(submission.at, since)))
      .orderBy(desc(submission.at)),
    db
      .select({ at: quarantine.at, reasons: quarantine.reasons })
      .from(quarantine)
      .where(and(eq(quarantine.formId, formId), ofVisit(quarantine.idempotencyKey), eq(quarantine.status, 'held')))
      .orderBy(desc(quarantine.at))
      .limit(1),
  ]);
  const [latest] = sent;
  if (held[0] && held[0].at > Math.max(since, latest?.at ?? 0)) return { state: 'held', reasons: held[0].reasons };
  if (!latest?.personId) return { state: 'nothing' };
  const { personId, companyId } = latest;
  if (!sent.some((one) => one.createdPerson && one.personId === personId)) return { state: 'notOurs' };

  const [people, companies, touches] = await db.batch([
    selectPeople(db, eq(person.id, personId)),
    selectCompanies(db, eq(company.id, companyId ?? 0)),
    selectJourney(db, personId),
  ]);
  if (!people[0]) return { state: 'nothing' };
  return {
    state: 'created',
    person: toPersonView(people[0]),
    company: companies[0] ? toCompanyView(companies[0]) : null,
    companyIsNew: sent.some((one) => one.createdCompany && one.companyId === companyId),
    journey: toJourney(touches),
  };
}
