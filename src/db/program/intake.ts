import { sql } from 'drizzle-orm';
import type { Column, SQL, SQLChunk } from 'drizzle-orm';
import { categoryOfStatus, leadSetsCategory, statusSetsCategory } from '../fragments/automation.ts';
import { sentFields } from '../../domain/attribution/origin-fields.ts';
import { storeOriginsSql, storeValuesSql, valueId } from '../fragments/intern-origins.ts';
import { consentRequest, formDay, quarantine, submission } from '../schema/forms.ts';
import { origin, touch } from '../schema/origins.ts';
import {
  category,
  categoryProposal,
  company,
  companyAlias,
  consent,
  person,
  personEmail,
  selection,
  selectionMember,
  submittedVia,
} from '../schema/people.ts';
import { settings } from '../schema/settings.ts';
import { categoryChange } from './category-changes.ts';
import { intakeColumns, knownColumns, storedColumns } from './intake-columns.ts';
import { defineTrigger, note, viewColumns } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { all, any, assignments, columnsOf, insertSelect, newRow, renderSql, rowOf } from './render-sql.ts';

/** A view that never has rows: rows are inserted into it, and its trigger stores them. */
function defineIntakeView<const Name extends string>(name: string, comment: string, names: readonly Name[]) {
  const table = viewColumns(name, names);
  const columns = columnsOf(table) as Record<Name, Column>;
  const selected = names.map((column) => `NULL AS ${columns[column].name}`).join(', ');
  const object: ProgramObject = {
    kind: 'view',
    name,
    comment,
    text: `CREATE VIEW ${name} AS SELECT\n  ${selected}\n  WHERE false`,
  };
  return { object, table };
}

const intakeView = defineIntakeView(
  'intake',
  'One lead as one row: what stores it is one statement, so one request and one transaction. Three views in a row, since what one finds out is a column of the next: nothing is looked up twice, and every look-up goes by a unique or covering index or by the highest id.',
  intakeColumns,
);
const knownNames = [
  ...knownColumns,
  ...([
    'personId',
    'companyId',
    'inForceId',
    'inForceLandingPageId',
    'firstTouchId',
    'firstTouchLandingPageId',
  ] as const),
];
const known = defineIntakeView('intake_known', 'The same, once person, company and origins are looked up.', knownNames);
const storedNames = [
  ...storedColumns,
  ...(['personId', 'companyId', 'inForceId', 'inForceLandingPageId', 'createdPerson', 'createdCompany'] as const),
];
const stored = defineIntakeView('intake_stored', 'The same, once person and company are stored.', storedNames);

const intake = newRow(intakeView.table);
const taken = newRow(known.table);
const done = newRow(stored.table);

const people = columnsOf(person);
const companies = columnsOf(company);
const categories = columnsOf(category);
const proposal = rowOf(categoryProposal, 'was');
const emails = columnsOf(personEmail);
const aliases = columnsOf(companyAlias);
const submissions = columnsOf(submission);
const quarantined = columnsOf(quarantine);
const days = columnsOf(formDay);
const origins = columnsOf(origin);
const version = columnsOf(settings);

const originIdOf = (key: SQLChunk): SQL => sql`(SELECT ${origins.id} FROM ${origin} WHERE ${origins.key} = ${key})`;
const [knownTouch, reread] = [rowOf(touch, 'known'), rowOf(origin, 'reread')];
/**
 * The origin of an arrival of a person: the one that their touch of that time has, where that was read again by newer rules as what the
 * arrival is today. Else an arrival that a browser sends again would be a second touch.
 */
const originIdOfArrival = ({ personId, at, key }: { personId: SQLChunk; at: SQLChunk; key: SQLChunk }): SQL =>
  sql`coalesce((SELECT ${knownTouch.originId} FROM ${touch} known JOIN ${origin} reread ON ${reread.id} = ${knownTouch.originId}
      WHERE ${knownTouch.personId} = ${personId} AND ${knownTouch.at} = ${at} AND ${reread.readAs} = ${key} LIMIT 1), ${originIdOf(key)})`;
const landingPageId = (value: SQLChunk): SQL => sql.raw(valueId('landingPage', renderSql(value)));
/** A company that this lead has just created: the newest one, where this lead created it. */
const newCompanyId = (creationId: SQLChunk): SQL =>
  sql`(SELECT ${companies.id} FROM ${company} WHERE ${companies.id} = (SELECT max(${companies.id}) FROM ${company}) AND ${companies.creationId} = ${creationId})`;
/** A person whom this lead has just created; null where it created nobody. */
const newPersonId = (creationId: SQLChunk): SQL =>
  sql`(SELECT ${people.id} FROM ${person} WHERE ${people.id} = (SELECT max(${people.id}) FROM ${person}) AND ${people.creationId} = ${creationId})`;
const carried = <const Name extends string>(row: Record<Name, Column>, names: readonly Name[]): Record<Name, Column> =>
  Object.fromEntries(names.map((name) => [name, row[name]])) as Record<Name, Column>;

/**
 * The gate. Nothing is stored where the settings differ from those the lead was prepared with, where a form's submission is there
 * already or repeats a key or a content, and where the form is full.
 */
const gate = all([
  sql`(SELECT ${version.version} FROM ${settings} WHERE ${version.id} = 1) = ${intake.version}`,
  sql`(${intake.formId} IS NULL OR (
    NOT EXISTS (SELECT 1 FROM ${submission} WHERE ${submissions.id} = ${intake.id})
    AND (${intake.idempotencyKey} IS NULL OR (
      NOT EXISTS (SELECT 1 FROM ${submission} WHERE ${submissions.formId} = ${intake.formId} AND ${submissions.idempotencyKey} = ${intake.idempotencyKey})
      AND NOT EXISTS (SELECT 1 FROM ${quarantine}
        WHERE ${quarantined.formId} = ${intake.formId} AND ${quarantined.idempotencyKey} = ${intake.idempotencyKey} AND ${quarantined.id} <> ${intake.id})))
    AND (${intake.contentHash} IS NULL
      OR NOT EXISTS (SELECT 1 FROM ${submission} WHERE ${submissions.contentHash} = ${intake.contentHash} AND ${submissions.at} > ${intake.contentSince}))
    AND (${intake.closesAfter} IS NULL
      OR coalesce((SELECT sum(${days.submissions}) FROM ${formDay} WHERE ${days.formId} = ${intake.formId}), 0) < ${intake.closesAfter})))`,
]);

/**
 * The person, by any address known to be theirs; else by telephone number, where exactly one person has it. One with another address
 * is somebody else. A number that many share is looked up twice at most.
 */
const foundPerson = sql`(SELECT coalesce((SELECT ${emails.personId} FROM ${personEmail} WHERE ${emails.email} = ${intake.email}),
    (SELECT ${people.id} FROM ${person} WHERE ${people.email} = ${intake.email}),
    (SELECT iif(count(*) = 1 AND (${intake.email} IS NULL OR max(${people.email}) IS NULL), min(${people.id}), NULL)
      FROM (SELECT ${people.id}, ${people.email} FROM ${person} WHERE ${people.phone} = ${intake.phoneKey} LIMIT 2))) AS found_id)`;

/** The company that has a domain or a registration number as a further one: it was that of a company merged into it. */
const companyOfAlias = (kind: 'domain' | 'registrationNumber', value: Column): SQL =>
  sql`(SELECT ${aliases.companyId} FROM ${companyAlias} WHERE ${aliases.kind} = ${sql.raw(`'${kind}'`)} AND ${aliases.value} = ${value})`;
/** One of the two sides has no domain (and number) to distinguish companies of one name by. */
const tellsNoOther = sql`(${intake.companyDomain} IS NULL OR ${companies.domain} IS NULL)
         AND (${intake.registrationNumber} IS NULL OR ${companies.registrationNumber} IS NULL)`;

/**
 * The company: the person's own unless the lead names one; else by registration number, by domain, and by name where one of the
 * two sides has no domain (and number) to distinguish them by. What companies merged into it were known by comes after its own.
 */
const foundCompany = sql`coalesce(
      CASE WHEN ${intake.companyExplicit} = 0 THEN (SELECT ${people.companyId} FROM ${person} WHERE ${people.id} = found_id) END,
      (SELECT ${companies.id} FROM ${company} WHERE ${companies.registrationNumber} = ${intake.registrationNumber}),
      ${companyOfAlias('registrationNumber', intake.registrationNumber)},
      (SELECT ${companies.id} FROM ${company} WHERE ${companies.domain} = ${intake.companyDomain}),
      ${companyOfAlias('domain', intake.companyDomain)},
      (SELECT min(${companies.id}) FROM ${company} WHERE ${companies.nameKey} = ${intake.companyNameKey}
         AND ${tellsNoOther}),
      (SELECT min(${companies.id}) FROM ${company} WHERE ${companies.id} IN (SELECT ${aliases.companyId} FROM ${companyAlias}
           WHERE ${aliases.kind} = 'nameKey' AND ${aliases.value} = ${intake.companyNameKey})
         AND ${tellsNoOther}))`;

const intakeStore = defineTrigger({
  name: 'intake_store',
  comment: 'Stores values and origins, and looks up who it is.',
  event: 'INSTEAD OF INSERT',
  on: intakeView.table,
  when: gate,
  statements: [
    sql`${note('origin_values: JSON [{ field, canonical, label }].')}${sql.raw(storeValuesSql({ values: 'NEW.origin_values', at: 'NEW.at' }))}`,
    sql`${note(`origins: JSON [{ key, siteId, ${[...sentFields, 'channel'].join(', ')}, clickIdName, rulesVersion }], canonical.`)}${sql.raw(storeOriginsSql({ origins: 'NEW.origins' }))}`,
    sql`${note('The person, by any address known to be theirs, else by a telephone number that exactly one person has. The company:')}${note("the person's own unless the lead names one; else by registration number, domain, and by name where one of the two sides")}${note('has no domain (and number) to tell them apart by.')}${insertSelect(
      known.table,
      {
        ...carried(intake, knownColumns),
        personId: sql`found_id`,
        companyId: foundCompany,
        inForceId: originIdOfArrival({ personId: sql`found_id`, at: intake.inForceAt, key: intake.inForceKey }),
        inForceLandingPageId: landingPageId(intake.inForceLandingPage),
        firstTouchId: originIdOf(intake.firstTouchKey),
        firstTouchLandingPageId: landingPageId(intake.firstTouchLandingPage),
      },
      sql` FROM ${foundPerson}`,
    )}`,
  ],
});

const brought = rowOf(company, 'brought');
/** Whether the lead identifies somebody. If not, neither a person nor a company is created. */
const isSomebody = sql`coalesce(${taken.personId}, ${taken.email}, ${taken.phoneKey}) IS NOT NULL`;
const ifNewPerson = (value: SQLChunk): SQL => sql`iif(${taken.personId} IS NULL, ${value}, NULL)`;
/** A known record gets what it lacks; nothing is overwritten. */
const fillBlank = (column: Column, value: SQLChunk): SQL => sql`coalesce(${column}, ${value})`;
const isBlank = (column: Column, value: SQLChunk): SQL => sql`(${column} IS NULL AND ${value} IS NOT NULL)`;
/** A unique value is filled in only where no other company has it, nor one that was merged into another. */
const fillUnique = (kind: 'domain' | 'registrationNumber', value: SQLChunk): SQL => {
  const column = companies[kind];
  return sql`coalesce(${column}, iif(EXISTS (SELECT 1 FROM ${company} WHERE ${column} = ${value})
        OR EXISTS (SELECT 1 FROM ${companyAlias} WHERE ${aliases.kind} = ${sql.raw(`'${kind}'`)} AND ${aliases.value} = ${value}), NULL, ${value}))`;
};
/** A name equal to the domain is the stand-in given at creation, and gives way. */
const standInGivesWay = sql`${companies.name} = ${companies.domain} AND ${taken.companyGivenName} IS NOT NULL`;

/** The category that the lead brings, of which one thing is so. An archived one is brought no more. */
const broughtCategory = (needsConfirmation: 0 | 1): SQL =>
  sql`(SELECT ${categories.id} FROM ${category} WHERE ${categories.id} = ${taken.categoryId} AND ${categories.archivedAt} IS NULL AND ${categories.needsConfirmation} = ${needsConfirmation})`;
const setCategory = broughtCategory(0);

const createCompany = insertSelect(
  company,
  {
    name: taken.companyName,
    nameFold: taken.companyNameFold,
    nameKey: taken.companyNameKey,
    domain: taken.companyDomain,
    registrationNumber: taken.registrationNumber,
    country: taken.country,
    categoryId: setCategory,
    createdVia: taken.createdVia,
    createdAt: taken.at,
    updatedAt: taken.now,
    creationId: taken.id,
    firstTouchOriginId: ifNewPerson(taken.firstTouchId),
    firstTouchAt: ifNewPerson(taken.firstTouchAt),
    firstTouchLandingPageId: ifNewPerson(taken.firstTouchLandingPageId),
    leadCreationOriginId: ifNewPerson(taken.inForceId),
    leadCreationAt: ifNewPerson(taken.inForceAt),
    leadCreationLandingPageId: ifNewPerson(taken.inForceLandingPageId),
  },
  sql`
  WHERE ${taken.companyName} IS NOT NULL AND ${taken.companyId} IS NULL AND ${isSomebody}`,
);

const leadGivesCategory = leadSetsCategory({ current: companies.categoryId, given: setCategory });

const fillCompany = sql`UPDATE ${company} SET
    ${assignments(company, {
      name: sql`iif(${standInGivesWay}, ${taken.companyGivenName}, ${companies.name})`,
      nameFold: sql`iif(${standInGivesWay}, ${taken.companyNameFold}, ${companies.nameFold})`,
      nameKey: fillBlank(companies.nameKey, taken.companyNameKey),
      domain: fillUnique('domain', taken.companyDomain),
      registrationNumber: fillUnique('registrationNumber', taken.registrationNumber),
      country: fillBlank(companies.country, taken.country),
      categoryId: sql`iif(${leadGivesCategory}, ${setCategory}, ${companies.categoryId})`,
      updatedAt: taken.now,
    })}
  WHERE ${taken.companyName} IS NOT NULL AND ${companies.id} = ${taken.companyId} AND ${isSomebody}
    AND (${any([
      sql`(${standInGivesWay})`,
      isBlank(companies.nameKey, taken.companyNameKey),
      isBlank(companies.domain, taken.companyDomain),
      isBlank(companies.registrationNumber, taken.registrationNumber),
      isBlank(companies.country, taken.country),
      leadGivesCategory,
    ])})`;

/** A category that needs a confirmation: proposed once, and not in place of another proposal that waits. */
const proposeCategory = insertSelect(
  categoryChange.table,
  { companyId: brought.id, categoryId: taken.categoryId, cause: sql`'leadArrived'`, at: taken.now },
  sql` FROM ${company} brought
  WHERE ${brought.id} = coalesce(${taken.companyId}, ${newCompanyId(taken.id)}) AND ${taken.companyName} IS NOT NULL AND ${isSomebody}
    AND ${leadSetsCategory({ current: brought.categoryId, given: broughtCategory(1) })}
    AND NOT EXISTS (SELECT 1 FROM ${categoryProposal} was WHERE ${proposal.companyId} = ${brought.id}
      AND (${proposal.state} = 'pending' OR (${proposal.state} = 'declined' AND ${proposal.categoryId} = ${taken.categoryId})))`,
);

const createPerson = insertSelect(
  person,
  {
    email: taken.email,
    firstName: taken.firstName,
    firstNameFold: taken.firstNameFold,
    lastName: taken.lastName,
    lastNameFold: taken.lastNameFold,
    phone: taken.phone,
    title: taken.title,
    titleFold: taken.titleFold,
    country: taken.country,
    companyId: sql`coalesce(${taken.companyId}, ${newCompanyId(taken.id)})`,
    ownerId: taken.ownerId,
    leadStatusId: taken.leadStatusId,
    createdVia: taken.createdVia,
    createdFormId: taken.formId,
    createdAt: taken.at,
    updatedAt: taken.now,
    creationId: taken.id,
    firstTouchOriginId: taken.firstTouchId,
    firstTouchAt: taken.firstTouchAt,
    firstTouchLandingPageId: taken.firstTouchLandingPageId,
    leadCreationOriginId: taken.inForceId,
    leadCreationAt: taken.inForceAt,
    leadCreationLandingPageId: taken.inForceLandingPageId,
  },
  sql`
  WHERE ${taken.personId} IS NULL AND ${isSomebody}`,
);

/** Somebody known by telephone number gets the address that a later form gives. */
const fillEmail = sql`(${people.email} IS NULL AND ${taken.email} IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM ${personEmail} WHERE ${emails.email} = ${taken.email}))`;

const fillPerson = sql`UPDATE ${person} SET
    ${assignments(person, {
      email: sql`iif(${fillEmail}, ${taken.email}, ${people.email})`,
      firstName: fillBlank(people.firstName, taken.firstName),
      firstNameFold: fillBlank(people.firstNameFold, taken.firstNameFold),
      lastName: fillBlank(people.lastName, taken.lastName),
      lastNameFold: fillBlank(people.lastNameFold, taken.lastNameFold),
      phone: fillBlank(people.phone, taken.phone),
      title: fillBlank(people.title, taken.title),
      titleFold: fillBlank(people.titleFold, taken.titleFold),
      country: fillBlank(people.country, taken.country),
      ownerId: fillBlank(people.ownerId, taken.ownerId),
      companyId: sql`coalesce(${people.companyId}, ${taken.companyId},
      ${newCompanyId(taken.id)})`,
      updatedAt: taken.now,
    })}
  WHERE ${people.id} = ${taken.personId}
    AND (${any([
      fillEmail,
      isBlank(people.firstName, taken.firstName),
      isBlank(people.lastName, taken.lastName),
      isBlank(people.phone, taken.phone),
      isBlank(people.title, taken.title),
      isBlank(people.country, taken.country),
      isBlank(people.ownerId, taken.ownerId),
      sql`(${people.companyId} IS NULL AND (${taken.companyId} IS NOT NULL OR ${taken.companyName} IS NOT NULL))`,
    ])})`;

const intakeKnownStore = defineTrigger({
  name: 'intake_known_store',
  comment: 'Stores the company and the person, or fills in what they lack.',
  event: 'INSTEAD OF INSERT',
  on: known.table,
  statements: [
    sql`${note('A company has a source where the person is new as well.')}${createCompany}`,
    sql`${note('A known company gets what it lacks. A name equal to the domain is the stand-in given at creation, and gives way.')}${fillCompany}`,
    proposeCategory,
    createPerson,
    sql`${note('A known person gets what they lack; nothing is overwritten.')}${fillPerson}`,
    sql`${note('What was made just now has the highest id there is.')}${insertSelect(
      stored.table,
      {
        ...carried(taken, storedColumns),
        personId: sql`coalesce(${taken.personId}, person_made_id)`,
        companyId: sql`coalesce(${taken.companyId}, company_made_id)`,
        inForceId: taken.inForceId,
        inForceLandingPageId: taken.inForceLandingPageId,
        createdPerson: sql`${taken.personId} IS NULL AND person_made_id IS NOT NULL`,
        createdCompany: sql`${taken.companyId} IS NULL AND company_made_id IS NOT NULL`,
      },
      sql`
  FROM (SELECT ${newPersonId(taken.id)} AS person_made_id, ${newCompanyId(taken.id)} AS company_made_id)`,
    )}`,
  ],
});

const companyRow = rowOf(company, 'company');
const selections = columnsOf(selection);
const excluded = rowOf(formDay, 'excluded');
const touchRow = rowOf(touch, 'touch');
const inTouches = (name: string): SQL => sql.raw(`t.value ->> '${name}'`);

/** The person whose touches these are; 0 where the lead identifies nobody. */
const touchOwner = sql`coalesce(${done.personId}, 0)`;
const originOfTouch = originIdOfArrival({ personId: touchOwner, at: inTouches('at'), key: inTouches('key') });

const storeTouches = insertSelect(
  touch,
  {
    personId: touchOwner,
    at: inTouches('at'),
    originId: originOfTouch,
    landingPageId: landingPageId(inTouches('landingPage')),
    clickIdName: inTouches('clickIdName'),
    clickIdValue: inTouches('clickIdValue'),
    clickIds: inTouches('clickIds'),
    raw: inTouches('raw'),
  },
  sql`
  FROM json_each(${done.touches}) t
  WHERE ${inTouches('standIn')} IS NULL OR ${done.createdPerson}
  ON CONFLICT DO NOTHING`,
);

const storeConsents = insertSelect(
  consent,
  {
    personId: done.personId,
    purpose: sql`c.value ->> 'purpose'`,
    text: sql`c.value ->> 'text'`,
    at: done.at,
    formId: done.formId,
    submissionId: done.id,
  },
  sql` FROM json_each(${done.consents}) c WHERE ${done.personId} IS NOT NULL AND c.value ->> 'confirmUrl' IS NULL`,
);

const given = rowOf(consent, 'given');
/** A consent that is to be confirmed by mail. One that the person has given already needs no mail. */
const storeConsentRequests = insertSelect(
  consentRequest,
  {
    submissionId: done.id,
    purpose: sql`c.value ->> 'purpose'`,
    text: sql`c.value ->> 'text'`,
    confirmUrl: sql`c.value ->> 'confirmUrl'`,
    at: done.at,
  },
  sql` FROM json_each(${done.consents}) c WHERE ${done.personId} IS NOT NULL AND c.value ->> 'confirmUrl' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM ${consent} given WHERE ${given.personId} = ${done.personId} AND ${given.purpose} = c.value ->> 'purpose')`,
);

const countFormDay = sql`${insertSelect(
  formDay,
  { formId: done.formId, day: done.day, submissions: sql`1`, newLeads: done.createdPerson, lastAt: done.at },
  sql` WHERE ${done.formId} IS NOT NULL`,
)}
  ON CONFLICT DO UPDATE SET ${assignments(formDay, {
    submissions: sql`${days.submissions} + 1`,
    newLeads: sql`${days.newLeads} + ${excluded.newLeads}`,
    lastAt: sql`max(${days.lastAt}, ${excluded.lastAt})`,
  })}`;

const givenCategory = sql`given.category_id`;
const setCategoryByStatus = insertSelect(
  categoryChange.table,
  { companyId: companyRow.id, categoryId: givenCategory, cause: sql`'leadStatusSet'`, at: done.now },
  sql`
  FROM (SELECT ${people.companyId}, ${categoryOfStatus(people.leadStatusId)} AS category_id FROM ${person} WHERE ${people.id} = ${done.personId}) given
  JOIN ${company} ON ${companyRow.id} = given.company_id
  WHERE ${done.formId} IS NULL AND ${done.createdPerson} AND ${done.companyName} IS NOT NULL
    AND ${statusSetsCategory({ current: companyRow.categoryId, given: givenCategory })}`,
);

/** A chat, a call or an event that another system reported, once for each person, kind and time. */
const isReported = sql`(${done.createdVia} IN (${sql.raw(
  submittedVia
    .filter((via) => via !== 'form')
    .map((via) => `'${via}'`)
    .join(', '),
)})
    AND ${done.personId} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${submission}
      WHERE ${submissions.personId} = ${done.personId} AND ${submissions.at} = ${done.at} AND ${submissions.createdVia} = ${done.createdVia}
        AND ${submissions.formId} IS NULL))`;

const storeSubmission = insertSelect(
  submission,
  {
    id: done.id,
    formId: done.formId,
    personId: done.personId,
    companyId: done.companyId,
    at: done.at,
    createdVia: done.createdVia,
    createdPerson: done.createdPerson,
    createdCompany: done.createdCompany,
    originId: done.inForceId,
    touchAt: done.inForceAt,
    landingPageId: done.inForceLandingPageId,
    journey: sql`(SELECT json_group_array(${touchRow.id}) FROM json_each(${done.touches}) t
      JOIN ${touch} ON ${touchRow.personId} = ${touchOwner}
        AND ${touchRow.at} = ${inTouches('at')} AND ${touchRow.originId} = ${originOfTouch})`,
    fields: sql`coalesce(${done.fields}, '{}')`,
    page: done.page,
    selfReported: done.selfReported,
    idempotencyKey: done.idempotencyKey,
    contentHash: done.contentHash,
  },
  sql`
  WHERE ${done.formId} IS NOT NULL OR ${isReported}`,
);

const intakeStoredStore = defineTrigger({
  name: 'intake_stored_store',
  comment: 'Stores what belongs to person and company, and last the submission.',
  event: 'INSTEAD OF INSERT',
  on: stored.table,
  statements: [
    sql`${note('Who brought the company, now that the person has an id.')}UPDATE ${company} SET ${assignments(company, { sourcePersonId: done.personId })} WHERE ${companies.id} = ${done.companyId} AND ${done.createdCompany} AND ${done.createdPerson}`,
    sql`${note('touches: JSON [{ at, key, landingPage, clickIdName, clickIdValue, clickIds, raw, standIn }], oldest first. A list sent every night')}${note('must not add a direct touch to everybody each time: a stand-in is for the new alone.')}${storeTouches}`,
    sql`${note('consents: JSON [{ purpose, text, confirmUrl }]. Those with confirmUrl count only after the sender has confirmed them.')}${storeConsents}`,
    storeConsentRequests,
    countFormDay,
    sql`${note("A status that a lead came with sets its company's category, as if it had been set later; a form says its own.")}${setCategoryByStatus}`,
    sql`${insertSelect(selectionMember, { selectionId: done.selectionId, memberId: done.personId, addedAt: done.now })}
  WHERE ${done.personId} IS NOT NULL AND EXISTS (SELECT 1 FROM ${selection} WHERE ${selections.id} = ${done.selectionId} AND ${selections.kind} = 'static')
  ON CONFLICT DO NOTHING`,
    sql`UPDATE ${quarantine} SET ${assignments(quarantine, { status: sql`'released'`, payload: sql`'null'` })} WHERE ${quarantined.id} = ${done.id} AND ${done.formId} IS NOT NULL`,
    sql`${note('Last, and whole: what is told of it (events, notifications, totals) finds all of it there.')}${storeSubmission}`,
  ],
});

/** Stores one lead: see db/queries/capture/store-intake.ts for what the Worker sends, and what it reads back. */
export const intakeProgram: ProgramObject[] = [
  intakeView.object,
  known.object,
  stored.object,
  intakeStore,
  intakeKnownStore,
  intakeStoredStore,
];
