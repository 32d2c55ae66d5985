import { desc, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso } from '../../../domain/iso-time.ts';
import type { Database } from '../../client.ts';
import type { RecordsOfPage } from '../../lists/place-in-list.ts';
import { form } from '../../schema/forms.ts';
import { company, leadStatus, owner, person } from '../../schema/people.ts';
import type { CreatedVia } from '../../../domain/capture/created-via.ts';
import { newestClickIds, touchColumn, touchJson, toTouch } from '../attribution/read-touches.ts';
import type { PersonClickId, TouchView } from '../attribution/read-touches.ts';

type PersonConsent = { purpose: string; text: string | null; at: string; form: { id: string; name: string } | null };

/** A person as the API shows it. */
export type PersonView = {
  id: string;
  /** Null where only a telephone number is known. */
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  title: string | null;
  country: string | null;
  company: { id: string; name: string; domain: string | null } | null;
  owner: { id: string; name: string } | null;
  leadStatus: { id: string; name: string } | null;
  createdVia: CreatedVia;
  createdByForm: { id: string; name: string } | null;
  createdAt: string;
  firstTouch: TouchView | null;
  leadCreation: TouchView | null;
  /** The origin in force at the latest submission that did not create the person. */
  latestConversion: TouchView | null;
  /** The newest of each name, for upload to the ad platforms. */
  clickIds: PersonClickId[];
  submissionCount: number;
  consents: Array<PersonConsent>;
  /** Consents that wait for the person to confirm them by mail: not given. */
  consentRequests: Array<PersonConsent>;
};

/** The person by any address known to be theirs. */
export function personIdByEmail(email: string): SQL<number | null> {
  return sql`coalesce((SELECT person_id FROM person_email WHERE email = ${email}), (SELECT id FROM person WHERE email = ${email}))`;
}

const latestConversion = sql
  .raw(
    `(SELECT ${touchJson({
      personId: 'latest.person_id',
      originId: 'latest.origin_id',
      at: 'latest.touch_at',
      landingPageId: 'latest.landing_page_id',
    })} FROM submission latest WHERE latest.person_id = person.id AND latest.created_person = 0
    ORDER BY latest.at DESC, latest.id DESC LIMIT 1)`,
  )
  .mapWith(toTouch) as SQL<TouchView | null>;

/** Consents of a person as JSON, by where they stand. `c` is a row of it, `f` its form. */
const consentsFrom = (source: string) =>
  sql
    .raw(
      `(SELECT json_group_array(json_object('purpose', given.purpose, 'text', given.text, 'at', given.at, 'form', json(given.form)))
    FROM (SELECT c.purpose, c.text, c.at, CASE WHEN f.id IS NOT NULL THEN json_object('id', f.key, 'name', f.name) END AS form FROM ${source}
      ORDER BY c.at, c.id) given)`,
    )
    .mapWith((json: string) =>
      (JSON.parse(json) as Array<Omit<PersonConsent, 'at'> & { at: number }>).map((given) => ({
        purpose: given.purpose,
        text: given.text,
        at: toIso(given.at),
        form: given.form,
      })),
    );

const columns = {
  id: person.id,
  email: person.email,
  firstName: person.firstName,
  lastName: person.lastName,
  phone: person.phone,
  title: person.title,
  country: person.country,
  companyId: company.id,
  companyName: company.name,
  companyDomain: company.domain,
  ownerId: owner.id,
  ownerName: owner.name,
  leadStatusId: leadStatus.id,
  leadStatusName: leadStatus.name,
  createdVia: person.createdVia,
  formKey: form.key,
  formName: form.name,
  createdAt: person.createdAt,
  updatedAt: person.updatedAt,
  firstTouch: touchColumn({
    personId: 'person.id',
    originId: 'person.first_touch_origin_id',
    at: 'person.first_touch_at',
    landingPageId: 'person.first_touch_landing_page_id',
  }),
  leadCreation: touchColumn({
    personId: 'person.id',
    originId: 'person.lead_creation_origin_id',
    at: 'person.lead_creation_at',
    landingPageId: 'person.lead_creation_landing_page_id',
  }),
  latestConversion,
  clickIds: newestClickIds,
  submissionCount: sql.raw('(SELECT count(*) FROM submission s WHERE s.person_id = person.id)').mapWith(Number),
  consents: consentsFrom('consent c LEFT JOIN form f ON f.id = c.form_id WHERE c.person_id = person.id'),
  consentRequests: consentsFrom(
    'submission s JOIN consent_request c ON c.submission_id = s.id LEFT JOIN form f ON f.id = s.form_id WHERE s.person_id = person.id',
  ),
};

export type PersonRow = Awaited<ReturnType<typeof selectPeople>>[number];

/** People with all that the API shows of them. @param more further columns. */
function selectPeopleWith<More extends Partial<RecordsOfPage['position']>>(db: Database, more: More) {
  return db
    .select({ ...more, ...columns })
    .from(person)
    .leftJoin(company, eq(company.id, person.companyId))
    .leftJoin(owner, eq(owner.id, person.ownerId))
    .leftJoin(leadStatus, eq(leadStatus.id, person.leadStatusId))
    .leftJoin(form, eq(form.id, person.createdFormId));
}

/** People with all that the API shows of them, newest first. */
export function selectPeople(db: Database, where: SQL | undefined) {
  return selectPeopleWith(db, {}).where(where).orderBy(desc(person.createdAt), desc(person.id));
}

/** The people of one page of a list. */
export function selectPeopleOfPage(db: Database, { where, orderBy, position }: RecordsOfPage) {
  return selectPeopleWith(db, position)
    .where(where)
    .orderBy(...orderBy);
}

export function toPersonView(row: PersonRow): PersonView {
  return {
    id: String(row.id),
    email: row.email,
    firstName: row.firstName,
    lastName: row.lastName,
    phone: row.phone,
    title: row.title,
    country: row.country,
    company:
      row.companyId === null
        ? null
        : { id: String(row.companyId), name: row.companyName ?? '', domain: row.companyDomain },
    owner: row.ownerId === null ? null : { id: String(row.ownerId), name: row.ownerName ?? '' },
    leadStatus: row.leadStatusId === null ? null : { id: String(row.leadStatusId), name: row.leadStatusName! },
    createdVia: row.createdVia,
    createdByForm: row.formKey === null ? null : { id: row.formKey, name: row.formName ?? '' },
    createdAt: toIso(row.createdAt),
    firstTouch: row.firstTouch,
    leadCreation: row.leadCreation,
    latestConversion: row.latestConversion,
    clickIds: row.clickIds,
    submissionCount: row.submissionCount,
    consents: row.consents,
    consentRequests: row.consentRequests,
  };
}
