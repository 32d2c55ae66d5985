import { and, count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { toIso } from '../../domain/iso-time.ts';
import type { Database } from '../client.ts';
import { idOfName } from '../fragments/id-of-name.ts';
import { living } from '../living.ts';
import { form } from '../schema/forms.ts';
import { company, leadStatus, owner, person } from '../schema/people.ts';
import type { CreatedVia } from '../schema/people.ts';
import { newestClickIds, touchColumn, touchJson, toTouch } from './read-touches.ts';
import type { PersonClickId, TouchView } from './read-touches.ts';

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
  consents: Array<{ purpose: string; text: string | null; at: string; form: { id: string; name: string } | null }>;
};

export type PersonFilter = {
  email?: string | undefined;
  phone?: string | undefined;
  companyId?: number | undefined;
  leadStatus?: string | undefined;
  createdVia?: CreatedVia | undefined;
  /** Key of the form that created the person. */
  formId?: string | undefined;
  /** Inclusive, milliseconds. */
  createdFrom?: number | undefined;
  /** Exclusive, milliseconds. */
  createdTo?: number | undefined;
  /** What must hold besides, on the table itself. */
  where?: SQL | undefined;
};

/** The last row of the page before, in the order of the list. */
export type CreatedCursor = { createdAt: number; id: number };

/** The person by any address known to be theirs. */
function personIdByEmail(email: string): SQL<number | null> {
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

const consents = sql
  .raw(
    `(SELECT json_group_array(json_object('purpose', given.purpose, 'text', given.text, 'at', given.at, 'form', json(given.form)))
    FROM (SELECT c.purpose, c.text, c.at, CASE WHEN f.id IS NOT NULL THEN json_object('id', f.key, 'name', f.name) END AS form FROM consent c LEFT JOIN form f ON f.id = c.form_id
      WHERE c.person_id = person.id ORDER BY c.at, c.id) given)`,
  )
  .mapWith((json: string) =>
    (JSON.parse(json) as Array<Omit<PersonView['consents'][number], 'at'> & { at: number }>).map((given) => ({
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
  consents,
};

export type PersonRow = Awaited<ReturnType<typeof selectPeople>>[number];

/** People with all that the API shows of them, newest first. */
export function selectPeople(db: Database, where: SQL | undefined) {
  return db
    .select(columns)
    .from(person)
    .leftJoin(company, eq(company.id, person.companyId))
    .leftJoin(owner, eq(owner.id, person.ownerId))
    .leftJoin(leadStatus, eq(leadStatus.id, person.leadStatusId))
    .leftJoin(form, eq(form.id, person.createdFormId))
    .where(where)
    .orderBy(desc(person.createdAt), desc(person.id));
}

/** One more row than `limit`. The page is found first, so that nothing is looked up for rows beyond it. */
export function selectPeoplePage(
  db: Database,
  { filter, after, limit }: { filter: PersonFilter; after: CreatedCursor | null; limit: number },
) {
  const beyond = after && sql`(${person.createdAt}, ${person.id}) < (${after.createdAt}, ${after.id})`;
  const page = db
    .select({ id: person.id })
    .from(person)
    .where(and(...conditions(db, filter), beyond ?? undefined))
    .orderBy(desc(person.createdAt), desc(person.id))
    .limit(limit + 1);
  return selectPeople(db, inArray(person.id, page));
}

export function countPeople(db: Database, filter: PersonFilter) {
  return db
    .select({ count: count() })
    .from(person)
    .where(and(...conditions(db, filter)));
}

function conditions(db: Database, filter: PersonFilter): Array<SQL | undefined> {
  const { email, phone, companyId, createdVia, createdFrom, createdTo } = filter;
  const status = filter.leadStatus;
  const formKey = filter.formId;
  return [
    email === undefined ? undefined : eq(person.id, personIdByEmail(email)),
    phone === undefined ? undefined : eq(person.phone, phone),
    companyId === undefined ? undefined : eq(person.companyId, companyId),
    status === undefined ? undefined : sql`${person.leadStatusId} = ${idOfName(leadStatus, status)}`,
    createdVia === undefined ? undefined : eq(person.createdVia, createdVia),
    formKey === undefined
      ? undefined
      : eq(person.createdFormId, db.select({ id: form.id }).from(form).where(eq(form.key, formKey))),
    createdFrom === undefined ? undefined : gte(person.createdAt, createdFrom),
    createdTo === undefined ? undefined : lt(person.createdAt, createdTo),
    filter.where,
    living('person'),
  ];
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
  };
}
