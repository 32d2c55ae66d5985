import { getTableColumns } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { InStatement } from '@libsql/client/http';
import { livingCompany } from '../../fragments/merged-records.ts';
import { consentRequest, submission } from '../../schema/forms.ts';
import { delivery } from '../../schema/schedules.ts';
import { touch } from '../../schema/origins.ts';
import { categoryProposal, company, consent, person, personEmail, selectionMember } from '../../schema/people.ts';
import { defineStatement } from '../../statement.ts';

/**
 * Marks submissions as spam, and brings them back. Each is one batch of set-based statements: every row that is taken away is written into
 * `spam_record` first, and undoing reads those alone. Triggers keep totals right both ways.
 */

const columnsOf = (table: SQLiteTable, without: readonly string[] = []): string[] =>
  Object.values(getTableColumns(table))
    .map(({ name }) => name)
    .filter((name) => !without.includes(name));

const given = 'SELECT value FROM json_each(:ids)';
/** Within the batch, the cluster that it makes is the newest. */
const made = '(SELECT max(id) FROM spam_cluster)';
const kept = (kind: string): string =>
  `SELECT record_id FROM spam_record WHERE cluster_id = ${made} AND kind = '${kind}'`;
const keptNumbers = (kind: string): string =>
  `SELECT CAST(record_id AS integer) FROM spam_record WHERE cluster_id = ${made} AND kind = '${kind}'`;

const isInMerge = (merges: string, id: string, [now, was]: [string, string]): string =>
  `EXISTS (SELECT 1 FROM ${merges} m WHERE m.undone_at IS NULL AND (m.${now} = ${id} OR m.${was} = ${id}))`;

/** Created by one of these submissions, or by one that an earlier cluster took away: nothing else is left of who created it. */
const isCreatedBySpam = (creationId: string): string => `(${creationId} IN (${given})
      OR EXISTS (SELECT 1 FROM spam_record taken WHERE taken.kind = 'submission' AND taken.record_id = ${creationId}))`;

/** People whom spam created, and who have nothing else: no other submission, no deal, no merge. */
const onlyPeople = `SELECT p.id FROM person p WHERE p.id IN (SELECT person_id FROM submission WHERE id IN (${given}))
    AND ${isCreatedBySpam('p.creation_id')}
    AND NOT EXISTS (SELECT 1 FROM submission other WHERE other.person_id = p.id AND other.id NOT IN (${given}))
    AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.person_id = p.id)
    AND NOT ${isInMerge('person_merge', 'p.id', ['person_id', 'removed_person_id'])}`;

/** Companies that spam created, and that nobody and nothing else belongs to. */
const onlyCompanies = `SELECT c.id FROM company c WHERE c.id IN (SELECT company_id FROM submission WHERE id IN (${given}))
    AND ${isCreatedBySpam('c.creation_id')}
    AND NOT EXISTS (SELECT 1 FROM person p WHERE p.company_id = c.id AND p.id NOT IN (${onlyPeople}))
    AND NOT EXISTS (SELECT 1 FROM submission other WHERE other.company_id = c.id AND other.id NOT IN (${given}))
    AND NOT EXISTS (SELECT 1 FROM deal d WHERE d.company_id = c.id)
    AND NOT ${isInMerge('company_merge', 'c.id', ['company_id', 'removed_company_id'])}`;

const countFound = defineStatement(`SELECT (SELECT count(*) FROM (${onlyPeople})) AS people,
  (SELECT count(*) FROM (${onlyCompanies})) AS companies,
  (SELECT count(DISTINCT s.person_id) FROM submission s WHERE s.id IN (${given})
    AND EXISTS (SELECT 1 FROM deal d WHERE d.person_id = s.person_id)) AS people_with_deals`);

/** How many people and companies go with some submissions, and how many people stay because of a deal. */
export const countOfSpam = (ids: readonly string[]): InStatement => countFound({ ids: JSON.stringify(ids) });

const makeCluster = defineStatement(`INSERT INTO spam_cluster (features, count, people, companies, at)
  SELECT :by, (SELECT count(*) FROM submission WHERE id IN (${given})), (SELECT count(*) FROM (${onlyPeople})),
    (SELECT count(*) FROM (${onlyCompanies})), :now
  WHERE EXISTS (SELECT 1 FROM submission WHERE id IN (${given}))`);

/** Columns that follow from other rows are not brought back: triggers work them out. */
const columns = {
  person: columnsOf(person, [person.dealState.name]),
  company: columnsOf(company),
  submission: columnsOf(submission),
  touch: columnsOf(touch),
  consent: columnsOf(consent),
  consent_request: columnsOf(consentRequest),
  delivery: columnsOf(delivery, [delivery.address.name]),
  person_email: columnsOf(personEmail),
  category_proposal: columnsOf(categoryProposal),
  selection_member: columnsOf(selectionMember),
} as const;
type Kind = keyof typeof columns;

/** Writes rows away. Nothing happens where the cluster was not made. */
const keep = (kind: Kind, key: string, condition: string) =>
  defineStatement(`INSERT INTO spam_record (kind, record_id, cluster_id, row_json)
    SELECT '${kind}', ${key}, ${made}, json_object(${columns[kind].map((name) => `'${name}', r.${name}`).join(', ')})
    FROM ${kind} r WHERE ${condition}`);

const memberOf = (entity: string, ids: string): string =>
  `r.member_id IN (${ids}) AND EXISTS (SELECT 1 FROM selection s WHERE s.id = r.selection_id AND s.entity = '${entity}')`;

const markSteps = [
  makeCluster,
  keep('person', 'r.id', `r.id IN (${onlyPeople})`),
  keep('company', 'r.id', `r.id IN (${onlyCompanies})`),
  keep('submission', 'r.id', `r.id IN (${given})`),
  keep('touch', 'r.id', `r.person_id IN (${keptNumbers('person')})`),
  keep('consent', 'r.id', `r.person_id IN (${keptNumbers('person')}) OR r.submission_id IN (${given})`),
  keep('consent_request', 'r.id', `r.submission_id IN (${given})`),
  // Notifications and replies that still wait are withdrawn.
  keep('delivery', 'r.id', `r.submission_id IN (${given}) AND r.status = 'pending'`),
  keep('person_email', 'r.rowid', `r.person_id IN (${keptNumbers('person')})`),
  keep('category_proposal', 'r.id', `r.company_id IN (${keptNumbers('company')})`),
  keep('selection_member', `r.selection_id || ':' || r.member_id`, memberOf('person', keptNumbers('person'))),
  keep('selection_member', `r.selection_id || ':' || r.member_id`, memberOf('company', keptNumbers('company'))),
  keep('selection_member', `r.selection_id || ':' || r.member_id`, memberOf('submission', given)),
  defineStatement(`INSERT INTO spam_record (kind, record_id, cluster_id, row_json)
    SELECT 'form_day', d.value ->> 'formId' || ':' || (d.value ->> 'day'), ${made}, json_set(d.value, '$.lastAt', f.last_at)
    FROM json_each(:days) d JOIN form_day f ON f.form_id = d.value ->> 'formId' AND f.day = d.value ->> 'day'`),
  defineStatement(
    `DELETE FROM selection_member WHERE selection_id || ':' || member_id IN (${kept('selection_member')})`,
  ),
  defineStatement(`DELETE FROM delivery WHERE id IN (${keptNumbers('delivery')})`),
  defineStatement(`DELETE FROM consent_request WHERE id IN (${keptNumbers('consent_request')})`),
  defineStatement(`DELETE FROM consent WHERE id IN (${keptNumbers('consent')})`),
  defineStatement(`DELETE FROM submission WHERE id IN (${kept('submission')})`),
  defineStatement(`DELETE FROM touch WHERE id IN (${keptNumbers('touch')})`),
  defineStatement(`DELETE FROM person_email WHERE rowid IN (${keptNumbers('person_email')})`),
  defineStatement(`DELETE FROM person WHERE id IN (${keptNumbers('person')})`),
  defineStatement(`DELETE FROM company WHERE id IN (${keptNumbers('company')})`),
  defineStatement(`UPDATE form_day SET submissions = form_day.submissions - d.submissions, new_leads = form_day.new_leads - d.newLeads,
      last_at = coalesce((SELECT max(s.at) FROM submission s WHERE s.form_id = form_day.form_id AND s.at <= form_day.last_at), form_day.last_at)
    FROM (SELECT row_json ->> 'formId' AS formId, row_json ->> 'day' AS day, row_json ->> 'submissions' AS submissions,
      row_json ->> 'newLeads' AS newLeads FROM spam_record WHERE cluster_id = ${made} AND kind = 'form_day') d
    WHERE form_day.form_id = d.formId AND form_day.day = d.day`),
  defineStatement(`DELETE FROM form_day WHERE submissions <= 0 AND form_id || ':' || day IN (${kept('form_day')})`),
];

/** The newest submissions that a cluster holds, with whom they are of. */
const readKept =
  defineStatement(`SELECT r.record_id AS id, r.row_json ->> 'at' AS at, f.key AS formKey, f.name AS formName,
    r.row_json ->> 'person_id' AS personId, coalesce(p.email, (SELECT gone.row_json ->> 'email' FROM spam_record gone
      WHERE gone.kind = 'person' AND gone.record_id = CAST(r.row_json ->> 'person_id' AS text) LIMIT 1)) AS email
  FROM spam_record r LEFT JOIN form f ON f.id = r.row_json ->> 'form_id'
    LEFT JOIN person p ON p.id = r.row_json ->> 'person_id' AND p.id > 0
  WHERE r.cluster_id = :id AND r.kind = 'submission' ORDER BY 2 DESC, 1 DESC LIMIT :limit`);
export const keptSubmissions = (args: { id: number; limit: number }): InStatement => readKept(args);

const readCluster = defineStatement(`SELECT * FROM spam_cluster WHERE id = :id`);
const readNewest = defineStatement(`SELECT * FROM spam_cluster WHERE id = ${made}`);

/** Submissions of a form's day, in the form's own time zone. */
export type SpamDay = { formId: number; day: string; submissions: number; newLeads: number };

/** The first result counts the clusters made (0 or 1); the last is the cluster. */
export function markStatements({
  ids,
  by,
  days,
  now,
}: {
  ids: readonly string[];
  by: readonly string[];
  days: readonly SpamDay[];
  now: number;
}): InStatement[] {
  const args = { ids: JSON.stringify(ids), by: JSON.stringify(by), days: JSON.stringify(days), now };
  return [...markSteps, readNewest].map((step) => step(args));
}

/** Holds until the last statement marks it. */
const canUndo = `EXISTS (SELECT 1 FROM spam_cluster c WHERE c.id = :id AND c.undone_at IS NULL AND c.at >= :since)`;

const value = (name: string): string => `r.row_json ->> '${name}'`;
/** A reference to a record that may be gone by now. */
const living = (table: string, name: string): string => `(SELECT id FROM ${table} WHERE id = ${value(name)})`;
/** A value that no two records share, unless another has taken it since. */
const free = (table: string, name: string): string =>
  `(SELECT ${value(name)} WHERE NOT EXISTS (SELECT 1 FROM ${table} taken WHERE taken.${name} = ${value(name)}))`;

const special: Partial<Record<Kind, Record<string, string>>> = {
  person: {
    email: `(SELECT ${value('email')} WHERE NOT EXISTS (SELECT 1 FROM person taken WHERE taken.email = ${value('email')})
      AND NOT EXISTS (SELECT 1 FROM person_email taken WHERE taken.email = ${value('email')}))`,
    company_id: livingCompany(value('company_id')),
    owner_id: living('owner', 'owner_id'),
    lead_status_id: living('lead_status', 'lead_status_id'),
  },
  company: {
    domain: free('company', 'domain'),
    registration_number: free('company', 'registration_number'),
    owner_id: living('owner', 'owner_id'),
    category_id: living('category', 'category_id'),
  },
  submission: {
    person_id: living('person', 'person_id'),
    company_id: livingCompany(value('company_id')),
    idempotency_key: `(SELECT ${value('idempotency_key')} WHERE NOT EXISTS (SELECT 1 FROM submission taken
      WHERE taken.form_id = ${value('form_id')} AND taken.idempotency_key = ${value('idempotency_key')}))`,
  },
};

const hasPerson = `EXISTS (SELECT 1 FROM person WHERE id = ${value('person_id')})`;

const bringBack = (kind: Kind, condition = '1') =>
  defineStatement(`INSERT INTO ${kind} (${columns[kind].join(', ')})
    SELECT ${columns[kind].map((name) => special[kind]?.[name] ?? value(name)).join(', ')}
    FROM spam_record r WHERE r.cluster_id = :id AND r.kind = '${kind}' AND ${canUndo} AND ${condition}
    ORDER BY CAST(r.record_id AS integer), r.record_id
    ON CONFLICT DO NOTHING`);

/** Values of a cluster's rows of one kind, as text. */
const ofCluster = (kind: Kind, name: string): string =>
  `SELECT CAST(own.row_json ->> '${name}' AS text) FROM spam_record own WHERE own.cluster_id = :id AND own.kind = '${kind}'`;
const peopleOfCluster = ofCluster('submission', 'person_id');
const companiesOfCluster = `${ofCluster('submission', 'company_id')} UNION ${ofCluster('person', 'company_id')}`;
const idOf = (name: string): string => `CAST(spam_record.row_json ->> '${name}' AS text)`;
const isMemberOf = (
  entity: string,
  ids: string,
): string => `(spam_record.kind = 'selection_member' AND ${idOf('member_id')} IN (${ids})
      AND EXISTS (SELECT 1 FROM selection s WHERE s.id = spam_record.row_json ->> 'selection_id' AND s.entity = '${entity}'))`;

/**
 * Clusters can share a person or a company: the one that took away the last submission holds its rows. With the first submission that comes
 * back they come back too, so the rows change over to the cluster that is undone. Consents stay with a submission that is still spam.
 */
const takeOver = (kind: 'person' | 'company', ids: string, rest: string) =>
  defineStatement(`UPDATE OR IGNORE spam_record SET cluster_id = :id WHERE ${canUndo} AND cluster_id <> :id
    AND cluster_id IN (SELECT holder.cluster_id FROM spam_record holder WHERE holder.kind = '${kind}' AND holder.record_id IN (${ids}))
    AND ((kind = '${kind}' AND record_id IN (${ids})) OR ${rest})`);

const takeOverPeople = takeOver(
  'person',
  peopleOfCluster,
  `(kind IN ('touch', 'person_email') AND ${idOf('person_id')} IN (${peopleOfCluster}))
      OR (kind = 'consent' AND ${idOf('person_id')} IN (${peopleOfCluster}) AND NOT EXISTS (SELECT 1 FROM spam_record still
        WHERE still.kind = 'submission' AND still.record_id = spam_record.row_json ->> 'submission_id' AND still.cluster_id <> :id))
      OR ${isMemberOf('person', peopleOfCluster)}`,
);
const takeOverCompanies = takeOver(
  'company',
  companiesOfCluster,
  `(kind = 'category_proposal' AND ${idOf('company_id')} IN (${companiesOfCluster})) OR ${isMemberOf('company', companiesOfCluster)}`,
);

/** A person who stayed reads the answer of the submission that created them: "how did you hear about us". */
const markCreatedDirty = defineStatement(`INSERT INTO unsettle_lead SELECT p.id FROM person p
  WHERE ${canUndo} AND p.id IN (SELECT r.row_json ->> 'person_id' FROM spam_record r WHERE r.cluster_id = :id AND r.kind = 'submission')
    AND EXISTS (SELECT 1 FROM spam_record r WHERE r.cluster_id = :id AND r.kind = 'submission' AND r.record_id = p.creation_id)`);

const undoSteps = [
  takeOverPeople,
  takeOverCompanies,
  bringBack('company'),
  bringBack('person'),
  bringBack('person_email', hasPerson),
  bringBack('touch', hasPerson),
  bringBack('consent', hasPerson),
  bringBack('consent_request'),
  bringBack('submission'),
  bringBack('delivery', `EXISTS (SELECT 1 FROM submission WHERE id = ${value('submission_id')})`),
  markCreatedDirty,
  bringBack('category_proposal', `EXISTS (SELECT 1 FROM category WHERE id = ${value('category_id')})`),
  bringBack('selection_member', `EXISTS (SELECT 1 FROM selection WHERE id = ${value('selection_id')})`),
  defineStatement(`INSERT INTO form_day (form_id, day, submissions, new_leads, last_at)
    SELECT ${value('formId')}, ${value('day')}, ${value('submissions')}, ${value('newLeads')}, ${value('lastAt')}
    FROM spam_record r WHERE r.cluster_id = :id AND r.kind = 'form_day' AND ${canUndo}
    ON CONFLICT DO UPDATE SET submissions = submissions + excluded.submissions, new_leads = new_leads + excluded.new_leads,
      last_at = max(last_at, excluded.last_at)`),
  defineStatement(`DELETE FROM spam_record WHERE cluster_id = :id AND ${canUndo}`),
  defineStatement(`UPDATE spam_cluster SET undone_at = :now WHERE id = :id AND ${canUndo}`),
];

/** The last result but one counts the clusters undone (0 or 1); the last is the cluster, if there is one. */
export function undoSpamStatements(args: { id: number; now: number; since: number }): InStatement[] {
  return [...undoSteps, readCluster].map((step) => step(args));
}
