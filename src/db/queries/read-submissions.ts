import { and, count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso } from '../../domain/iso-time.ts';
import type { Database } from '../client.ts';
import { living } from '../living.ts';
import { form, submission } from '../schema/forms.ts';
import { company, person } from '../schema/people.ts';
import type { SubmittedVia } from '../schema/people.ts';
import { companyReference, personReference, toCompanyReference, toPersonReference } from './references.ts';
import type { CompanyReference, PersonReference } from './references.ts';
import { rawTouchColumn, toRawTouches, touchJson } from './read-touches.ts';
import type { RawTouchView } from './read-touches.ts';

/** A submission as the API lists it. */
export type SubmissionView = {
  id: string;
  /** Null for a chat, a call or an event that another system reported. */
  form: { id: string; name: string } | null;
  createdVia: SubmittedVia;
  person: PersonReference | null;
  company: CompanyReference | null;
  at: string;
  createdPerson: boolean;
  createdCompany: boolean;
  /** What the origin in force is called: the person was new, or existed. Null where nobody can be told. */
  kind: 'leadCreation' | 'conversion' | null;
  touch: RawTouchView | null;
  /** The touch again, where the person existed. */
  conversion: RawTouchView | null;
  fields: Record<string, string | string[]>;
  page: string | null;
  selfReported: string | null;
  /** Its idempotency key was used before, for a submission with other content. */
  idempotencyConflict: boolean;
};

export type SubmissionWithJourney = SubmissionView & { journey: RawTouchView[] };

export type SubmissionFilter = {
  /** Key of the form. */
  formId?: string | undefined;
  personId?: number | undefined;
  companyId?: number | undefined;
  /** Inclusive, milliseconds. */
  from?: number | undefined;
  /** Exclusive, milliseconds. */
  to?: number | undefined;
  /** What must hold besides, on the table itself. */
  where?: SQL | undefined;
};

export type SubmissionCursor = { at: number; id: string };

const columns = {
  id: submission.id,
  formKey: form.key,
  formName: form.name,
  person: personReference,
  company: companyReference,
  at: submission.at,
  createdVia: submission.createdVia,
  createdPerson: submission.createdPerson,
  createdCompany: submission.createdCompany,
  touch: rawTouchColumn({
    personId: 'coalesce(submission.person_id, 0)',
    originId: 'submission.origin_id',
    at: 'submission.touch_at',
    landingPageId: 'submission.landing_page_id',
  }),
  fields: submission.fields,
  page: submission.page,
  selfReported: submission.selfReported,
  idempotencyConflict: submission.idempotencyConflict,
};

/** The touches known at the submission, oldest first, as a JSON list of `touchJson`. */
const journey = sql
  .raw(
    `(SELECT json_group_array(json(arrival.touch)) FROM (
      SELECT ${touchJson(
        {
          personId: 'passed.person_id',
          originId: 'passed.origin_id',
          at: 'passed.at',
          landingPageId: 'passed.landing_page_id',
        },
        { raw: true },
      )} AS touch
      FROM json_each(submission.journey) entry JOIN touch passed ON passed.id = entry.value
      ORDER BY passed.at, passed.id) arrival)`,
  )
  .mapWith(toRawTouches);

type SubmissionRow = Awaited<ReturnType<typeof selectSubmissionsPage>>[number];
type SubmissionRowWithJourney = Awaited<ReturnType<typeof selectSubmissionsWithJourney>>[number];

/** One more row than `limit`, newest first. */
export function selectSubmissionsPage(
  db: Database,
  { filter, after, limit }: { filter: SubmissionFilter; after: SubmissionCursor | null; limit: number },
) {
  const beyond = after && sql`(${submission.at}, ${submission.id}) < (${after.at}, ${after.id})`;
  const page = db
    .select({ id: submission.id })
    .from(submission)
    .where(and(...conditions(db, filter), beyond ?? undefined))
    .orderBy(desc(submission.at), desc(submission.id))
    .limit(limit + 1);
  return selectSubmissions(db, inArray(submission.id, page));
}

/** Submissions, newest first. */
export function selectSubmissions(db: Database, where: SQL | undefined) {
  return db
    .select(columns)
    .from(submission)
    .leftJoin(form, eq(form.id, submission.formId))
    .leftJoin(person, eq(person.id, submission.personId))
    .leftJoin(company, eq(company.id, submission.companyId))
    .where(where)
    .orderBy(desc(submission.at), desc(submission.id));
}

/** Submissions with the journey of each, newest first. */
export function selectSubmissionsWithJourney(db: Database, where: SQL | undefined) {
  return db
    .select({ ...columns, journey })
    .from(submission)
    .leftJoin(form, eq(form.id, submission.formId))
    .leftJoin(person, eq(person.id, submission.personId))
    .leftJoin(company, eq(company.id, submission.companyId))
    .where(where)
    .orderBy(desc(submission.at), desc(submission.id));
}

export function countSubmissions(db: Database, filter: SubmissionFilter) {
  return db
    .select({ count: count() })
    .from(submission)
    .where(and(...conditions(db, filter)));
}

export async function readSubmissionById(db: Database, id: string): Promise<SubmissionWithJourney | null> {
  const [row] = await selectSubmissionsWithJourney(db, and(eq(submission.id, id), living('submission')));
  return row ? toSubmissionWithJourney(row) : null;
}

function conditions(
  db: Database,
  { formId, personId, companyId, from, to, where }: SubmissionFilter,
): Array<SQL | undefined> {
  return [
    formId === undefined
      ? undefined
      : eq(submission.formId, db.select({ id: form.id }).from(form).where(eq(form.key, formId))),
    personId === undefined ? undefined : eq(submission.personId, personId),
    companyId === undefined ? undefined : eq(submission.companyId, companyId),
    from === undefined ? undefined : gte(submission.at, from),
    to === undefined ? undefined : lt(submission.at, to),
    where,
    living('submission'),
  ];
}

export function toSubmissionView(row: SubmissionRow): SubmissionView {
  return {
    id: row.id,
    form: row.formKey === null ? null : { id: row.formKey, name: row.formName ?? '' },
    person: toPersonReference(row.person),
    company: toCompanyReference(row.company),
    at: toIso(row.at),
    createdVia: row.createdVia,
    createdPerson: row.createdPerson,
    createdCompany: row.createdCompany,
    kind: row.person === null ? null : row.createdPerson ? 'leadCreation' : 'conversion',
    touch: row.touch,
    conversion: row.createdPerson || row.person === null ? null : row.touch,
    fields: row.fields,
    page: row.page,
    selfReported: row.selfReported,
    idempotencyConflict: row.idempotencyConflict,
  };
}

export function toSubmissionWithJourney(row: SubmissionRowWithJourney): SubmissionWithJourney {
  return { ...toSubmissionView(row), journey: row.journey };
}
