import { and, desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { KeptFile } from '../../../domain/capture/file-rules.ts';
import { toIso } from '../../../domain/iso-time.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { living } from '../../living.ts';
import { form, submission } from '../../schema/forms.ts';
import { company, person } from '../../schema/people.ts';
import type { SubmittedVia } from '../../schema/people.ts';
import { companyReference, personReference, toCompanyReference, toPersonReference } from '../references.ts';
import type { CompanyReference, PersonReference } from '../references.ts';
import { filesColumn } from './read-files.ts';
import { rawTouchColumn, toRawTouches, touchJson } from '../attribution/read-touches.ts';
import type { RawTouchView } from '../attribution/read-touches.ts';

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
  /** Files that are stored. */
  files: KeptFile[];
};

export type SubmissionWithJourney = SubmissionView & { journey: RawTouchView[] };

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
  files: filesColumn('submission.id'),
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

type SubmissionRow = Omit<SubmissionRowWithJourney, 'journey'>;
type SubmissionRowWithJourney = Awaited<ReturnType<typeof selectSubmissionsWithJourney>>[number];

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

/** The submissions of one page of a list. */
export function selectSubmissionsOfPage(db: Database, { where, orderBy, position }: RecordsOfPage) {
  return db
    .select({ ...position, ...columns })
    .from(submission)
    .leftJoin(form, eq(form.id, submission.formId))
    .leftJoin(person, eq(person.id, submission.personId))
    .leftJoin(company, eq(company.id, submission.companyId))
    .where(where)
    .orderBy(...orderBy);
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

export async function readSubmissionById(db: Database, id: string): Promise<SubmissionWithJourney | null> {
  const [row] = await selectSubmissionsWithJourney(db, and(eq(submission.id, id), living('submission')));
  return row ? toSubmissionWithJourney(row) : null;
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
    files: row.files,
  };
}

export function toSubmissionWithJourney(row: SubmissionRowWithJourney): SubmissionWithJourney {
  return { ...toSubmissionView(row), journey: row.journey };
}
