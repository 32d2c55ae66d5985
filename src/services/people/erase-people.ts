import type { InStatement, InValue, Row } from '@libsql/client/http';
import { readMentionCandidates, readPhoneCandidates } from '../../db/queries/people/mentions.ts';
import { changesBy, notNoted } from '../../db/changes-by.ts';
import { link } from '../../db/schema/links.ts';
import { defineStatement } from '../../db/statement.ts';
import { linkMembers } from '../../domain/attribution/origin-fields.ts';
import { companyNameKey } from '../../domain/people/company-name.ts';
import { Mentions } from '../../domain/people/erase-mentions.ts';
import { notFound } from '../../domain/errors.ts';
import { PhoneMentions } from '../../domain/people/phone-mentions.ts';
import { rememberErased } from './erased-addresses.ts';
import type { ErasureContext } from './erased-addresses.ts';

type Context = ErasureContext & { clock: () => number };

const given = `SELECT value FROM json_each(:ids)`;

/** The people and all who were merged into them: merges of a removed person name that person. */
const merged = `(WITH RECURSIVE was (id) AS (${given} UNION
  SELECT m.removed_person_id FROM person_merge m JOIN was ON m.person_id = was.id WHERE m.undone_at IS NULL)
  SELECT id FROM was)`;

/** Every address known to be theirs. */
const addresses = `(SELECT email FROM person WHERE id IN (${given}) AND email IS NOT NULL UNION SELECT email FROM person_email WHERE person_id IN (${given}))`;

/** Their telephone numbers that nobody else has. What else stands in the column is no number. */
const ownPhones = `(SELECT p.phone FROM person p WHERE p.id IN (${given}) AND p.phone GLOB '+[0-9]*'
  AND NOT EXISTS (SELECT 1 FROM person other WHERE other.phone = p.phone AND other.id NOT IN (${given})))`;

/**
 * Text in which an address may stand although the row is not the person's: it is replaced there. `deletes`: the whole row goes.
 * Everything else that is text is the person's own (steps below), or no text of theirs; test/db/personal-data.test.ts holds the
 * list against the schema.
 */
export const mentionColumns: ReadonlyArray<{ table: string; columns: string[]; deletes?: true }> = [
  // What was quarantined or could not be stored has nobody yet: it is found by its address.
  { table: 'quarantine', columns: ['payload', 'idempotency_key'], deletes: true },
  { table: 'dead_letter', columns: ['payload'], deletes: true },
  // So is what was marked as spam.
  { table: 'spam_record', columns: ['row_json'], deletes: true },
  { table: 'submission', columns: ['fields', 'page', 'self_reported', 'idempotency_key'] },
  {
    table: 'person',
    columns: [
      'first_name',
      'first_name_fold',
      'last_name',
      'last_name_fold',
      'phone',
      'title',
      'title_fold',
      'country',
    ],
  },
  { table: 'stored_file', columns: ['field', 'name'] },
  { table: 'person_merge', columns: ['kept', 'removed', 'moved'] },
  { table: 'consent', columns: ['purpose', 'text'] },
  { table: 'consent_request', columns: ['purpose', 'text'] },
  { table: 'touch', columns: ['raw', 'click_id_value', 'click_ids'] },
  { table: 'company', columns: ['name', 'name_fold', 'country'] },
  { table: 'company_alias', columns: ['value'] },
  { table: 'company_merge', columns: ['kept', 'removed', 'moved'] },
  { table: 'deal', columns: ['external_id', 'name', 'name_fold', 'next_step_text', 'lost_reason', 'link_email'] },
  { table: 'pipeline', columns: ['name'] },
  { table: 'stage', columns: ['name'] },
  { table: 'record_change', columns: ['was', 'became', 'key_name', 'user_name'] },
  { table: 'bulk_update', columns: ['criteria', 'change'] },
  { table: 'bulk_update_row', columns: ['before', 'after'] },
  { table: 'selection', columns: ['name', 'description', 'criteria', 'columns', 'sort', 'frozen_from', 'board'] },
  { table: 'saved_report', columns: ['name', 'query'] },
  { table: 'schedule', columns: ['name', 'parameters'] },
  { table: 'annotation', columns: ['text', 'details', 'key_name', 'user_name'] },
  { table: 'dashboard', columns: ['name', 'description', 'tiles'] },
  { table: 'report_run', columns: ['answer', 'error'] },
  { table: 'delivery', columns: ['last_error'] },
  { table: 'event_delivery', columns: ['last_error'] },
  { table: 'link', columns: ['page', ...Object.values(linkMembers).map((member) => link[member].name)] },
  { table: 'link_placement', columns: ['placement'] },
  { table: 'alias', columns: ['label', 'to_canonical'] },
  { table: 'audit_entry', columns: ['target', 'operation', 'key_name', 'user_name'] },
  { table: 'origin_value', columns: ['canonical', 'label', 'alias_label'] },
  { table: 'alias_from', columns: ['canonical'] },
  { table: 'distinct_values', columns: ['first', 'second'] },
  { table: 'origin', columns: ['key', 'read_as'] },
  // What the installation's own people call things. The addresses that they work with stay: owners, notifications, webhooks.
  { table: 'api_key', columns: ['name'] },
  { table: 'user', columns: ['name'] },
  { table: 'sign_in_provider', columns: ['name'] },
  { table: 'webhook', columns: ['name', 'disabled_reason'] },
  { table: 'owner', columns: ['name'] },
  { table: 'category', columns: ['name', 'description'] },
  { table: 'lead_status', columns: ['name', 'description'] },
  { table: 'site', columns: ['name', 'ignored_referrers', 'channel_rules'] },
  {
    table: 'form',
    columns: [
      'name',
      'field_mapping',
      'redirect_url',
      'honeypot_field',
      'consents',
      'thank_you',
      'closed_text',
      'auto_reply',
    ],
  },
];

/** Where a telephone number may stand although the row is not the person's. */
const phoneColumns: typeof mentionColumns = [
  { table: 'quarantine', columns: ['payload'], deletes: true },
  { table: 'dead_letter', columns: ['payload'], deletes: true },
  { table: 'spam_record', columns: ['row_json'], deletes: true },
  { table: 'submission', columns: ['fields', 'self_reported'] },
  { table: 'deal', columns: ['name', 'name_fold'] },
];

/** Values that no two rows may share: each stands for itself, under a name that nothing is found by. */
const unique = new Set([
  'origin_value.canonical',
  'alias_from.canonical',
  'distinct_values.first',
  'distinct_values.second',
  'origin.key',
  'link_placement.placement',
  'deal.external_id',
  'submission.idempotency_key',
  'category.name',
  'company_alias.value',
  'pipeline.name',
  'lead_status.name',
]);

/** What the capture path keeps in memory: a change of it raises the settings' version. */
const inMemory = new Set(['alias', 'alias_from', 'lead_status', 'site', 'form']);

const readAddresses = defineStatement(`SELECT id, NULL AS email, NULL AS phone FROM person WHERE id IN (${given})
  UNION ALL SELECT NULL, email, NULL FROM ${addresses}
  UNION ALL SELECT NULL, NULL, phone FROM ${ownPhones}`);

/** Raw spellings of a touch whose origin is one of those that mention an address. */
const clearRaw = (rowIds: readonly InValue[]): InStatement => ({
  sql: `UPDATE touch SET raw = NULL WHERE origin_id IN (SELECT value FROM json_each(?)) AND raw IS NOT NULL`,
  args: [JSON.stringify(rowIds)],
});

/** The same of companies that were merged: their names lead to nobody any more. */
const clearNameKeys = (rowId: InValue): InStatement[] => [
  {
    sql: `UPDATE company_merge SET kept = json_set(kept, '$.name_key', NULL), removed = json_set(removed, '$.name_key', NULL)
      WHERE rowid = ? AND json_valid(kept) AND json_valid(removed)`,
    args: [rowId],
  },
  {
    sql: `UPDATE company_alias SET value = 'erased:' || merge_id WHERE merge_id = ? AND kind = 'nameKey'`,
    args: [rowId],
  },
];

const steps = [
  defineStatement(
    `DELETE FROM delivery WHERE submission_id IN (SELECT id FROM submission WHERE person_id IN (${given}))`,
  ),
  defineStatement(`UPDATE event_delivery SET last_error = NULL WHERE person_id IN ${merged}`),
  // Of a bulk update that changed these people alone, its value and its criteria are theirs.
  defineStatement(`UPDATE bulk_update SET criteria = NULL,
    change = json_object('field', change ->> 'field', 'clear', json('true'))
    WHERE id IN (SELECT bulk_update_id FROM bulk_update_row WHERE entity = 'person' AND record_id IN ${merged})
      AND NOT EXISTS (SELECT 1 FROM bulk_update_row other WHERE other.bulk_update_id = bulk_update.id
        AND NOT (other.entity = 'person' AND other.record_id IN ${merged}))`),
  // That somebody left stays: it names nobody.
  defineStatement(`INSERT INTO selection_leave (selection_id, added_at, removed_at)
    SELECT m.selection_id, m.added_at, :now FROM selection_member m JOIN selection s ON s.id = m.selection_id
    WHERE m.member_id IN (${given}) AND s.entity = 'person'`),
  defineStatement(`INSERT INTO selection_leave (selection_id, added_at, removed_at)
    SELECT m.selection_id, m.added_at, :now FROM submission sent JOIN selection_member m ON m.member_id = sent.id
    JOIN selection s ON s.id = m.selection_id AND s.entity = 'submission' WHERE sent.person_id IN (${given})`),
  defineStatement(`DELETE FROM selection_member
    WHERE member_id IN (SELECT sent.id FROM submission sent WHERE sent.person_id IN (${given}))
      AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'submission')`),
  defineStatement(`DELETE FROM bulk_update_row WHERE entity = 'person' AND record_id IN ${merged}`),
  defineStatement(`DELETE FROM record_change WHERE entity = 'person' AND record_id IN ${merged}`),
  // Of a deal, when it was in which stage stays.
  defineStatement(`DELETE FROM record_change WHERE entity = 'deal' AND field IN ('name', 'nextStep', 'lostReason', 'person')
    AND record_id IN (SELECT id FROM deal WHERE person_id IN (${given}))`),
  defineStatement(`DELETE FROM selection_member WHERE member_id IN (${given})
    AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'person')`),
  defineStatement(`DELETE FROM selection_seen WHERE member_id IN (${given})
    AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'person')`),
  defineStatement(`DELETE FROM consent WHERE person_id IN (${given})`),
  defineStatement(
    `DELETE FROM consent_request WHERE submission_id IN (SELECT id FROM submission WHERE person_id IN (${given}))`,
  ),
  defineStatement(`DELETE FROM person_merge WHERE person_id IN ${merged} OR removed_person_id IN ${merged}`),
  defineStatement(`DELETE FROM person_email WHERE person_id IN (${given})`),
  defineStatement(`UPDATE company SET source_person_id = NULL WHERE source_person_id IN (${given})`),
  // What stays: which origins, when, and what came of it. Nothing of whom.
  defineStatement(`INSERT INTO person (id, email, country, company_id, owner_id, lead_status_id, created_via, created_form_id,
      created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
      lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
    SELECT -id, NULL, country, company_id, owner_id, lead_status_id, created_via, created_form_id,
      created_at, :now, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
      lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id
    FROM person WHERE id IN (${given})`),
  defineStatement(
    `DELETE FROM stored_file WHERE submission_id IN (SELECT id FROM submission WHERE person_id IN (${given}))`,
  ),
  // An answer that others gave too is a group of a report and tells of nobody; words of one's own may.
  defineStatement(`UPDATE submission SET self_reported = NULL WHERE person_id IN (${given}) AND self_reported NOT IN (
    SELECT other.self_reported FROM submission other WHERE other.person_id NOT IN (${given})
      AND other.self_reported IN (SELECT own.self_reported FROM submission own WHERE own.person_id IN (${given})))`),
  defineStatement(`UPDATE submission SET person_id = -person_id, fields = '{}', page = NULL, idempotency_key = NULL, content_hash = NULL
    WHERE person_id IN (${given})`),
  defineStatement(
    `UPDATE touch SET person_id = -person_id, click_id_value = NULL, click_ids = NULL, raw = NULL WHERE person_id IN (${given})`,
  ),
  defineStatement(
    `UPDATE deal SET person_id = -person_id, name = NULL, name_fold = NULL, next_step_text = NULL, lost_reason = NULL WHERE person_id IN (${given})`,
  ),
  defineStatement(`DELETE FROM person WHERE id IN (${given})`),
];

/** Last: answers of others may have been changed just before. */
const forgetSayings = defineStatement(
  // What reports keep of answers; those of others stay.
  `DELETE FROM saying WHERE text NOT IN (SELECT trim(self_reported) FROM submission WHERE self_reported IS NOT NULL)`,
);

/** Rows that name no address go with the person whom they were marked as spam with: touches, consents. */
const forgetSpamOfSender = (rowId: InValue): InStatement => ({
  sql: `DELETE FROM spam_record WHERE rowid <> ?1 AND (cluster_id, CAST(row_json ->> 'person_id' AS text)) IN
    (SELECT cluster_id, record_id FROM spam_record WHERE rowid = ?1 AND kind = 'person')`,
  args: [rowId],
});

/** Statements of one transaction at most: forms wait for it. */
const statementsAtOnce = 500;

/**
 * Erases people: nothing that names them or that they wrote is left in any table. Their rows stay, emptied and under another
 * number, so that every report gives the numbers it gave. What was captured before and comes late is dropped or cleaned
 * (services/people/erased-addresses.ts). Reads every row of some tables, a part at a time, so many people are erased together.
 * @returns how many there were.
 */
export async function erasePeople(given: Context, { ids }: { ids: readonly number[] }): Promise<number> {
  // What is emptied here is no change that a history has.
  const context = { ...given, db: changesBy(given.db, notNoted) };
  const { db, clock } = context;
  const args = { ids: JSON.stringify(ids), now: clock() };
  const known = await db.$client.execute(readAddresses(args));
  const emails = known.rows.flatMap(({ email }) => (email === null ? [] : [email as string]));
  const people = known.rows.filter(({ id }) => id !== null).length;
  if (people === 0) return 0;
  // First, so that nothing comes in behind the reading.
  const phones = known.rows.flatMap(({ phone }) => (phone === null ? [] : [phone as string]));
  const identities = [...emails, ...phones];
  if (identities.length > 0) {
    await db.$client.batch(await rememberErased(context, { identities, now: args.now }), 'write');
  }
  const elsewhere = [...(await findMentions(context, { emails })), ...(await findPhones(context, { phones }))];
  while (elsewhere.length > statementsAtOnce) await db.$client.batch(elsewhere.splice(0, statementsAtOnce), 'write');
  await db.$client.batch([...elsewhere, ...steps.map((step) => step(args)), forgetSayings({})], 'write');
  return people;
}

/** The statements that take addresses out of all text in which they are mentioned. */
async function findMentions({ db }: Context, { emails }: { emails: string[] }): Promise<InStatement[]> {
  const mentions = new Mentions(emails);
  const statements: InStatement[] = [];
  let settingsChange = false;
  for await (const { place, rows } of readMentionCandidates({ db }, { tables: mentionColumns, emails })) {
    const found = replaceMentions({ rows, mentions, ...mentionColumns[place]! });
    settingsChange ||= found.length > 0 && inMemory.has(mentionColumns[place]!.table);
    statements.push(...found);
  }
  if (settingsChange) statements.push({ sql: 'UPDATE settings SET version = version + 1', args: [] });
  return statements;
}

/** The same of telephone numbers. */
async function findPhones({ db }: Context, { phones }: { phones: string[] }): Promise<InStatement[]> {
  const mentions = new PhoneMentions(phones);
  const statements: InStatement[] = [];
  for await (const { place, rows } of readPhoneCandidates({ db }, { tables: phoneColumns, phones })) {
    statements.push(...replaceMentions({ rows, mentions, ...phoneColumns[place]! }));
  }
  return statements;
}

function replaceMentions({
  table,
  columns,
  deletes,
  rows,
  mentions,
}: (typeof mentionColumns)[number] & { rows: Row[]; mentions: Mentions | PhoneMentions }): InStatement[] {
  const statements: InStatement[] = [];
  const concerned: InValue[] = [];
  for (const row of rows) {
    const hit = columns.filter((column) => typeof row[column] === 'string' && mentions.areIn(row[column]));
    if (hit.length === 0) continue;
    concerned.push(row['id']!);
    if (table === 'spam_record') statements.push(forgetSpamOfSender(row['id']!));
    if (deletes) statements.push({ sql: `DELETE FROM ${table} WHERE rowid = ?`, args: [row['id']!] });
    else {
      for (const column of hit) {
        const before = row[column] as string;
        const after = unique.has(`${table}.${column}`) ? `erased:${crypto.randomUUID()}` : mentions.replace(before);
        // Where it has changed since it was read, it was changed by somebody who is to erase it then.
        statements.push({
          sql: `UPDATE ${table} SET ${column} = ? WHERE rowid = ? AND ${column} = ?`,
          args: [after, row['id']!, before],
        });
      }
    }
  }
  // Made of the name without its signs, so the address cannot be seen in it.
  if (table === 'company')
    statements.push(
      ...rows
        .filter((row) => concerned.includes(row['id']!) && typeof row['name'] === 'string')
        .map((row) => ({
          sql: `UPDATE company SET name_key = ? WHERE rowid = ?`,
          args: [companyNameKey(mentions.replace(row['name'] as string)), row['id']!],
        })),
    );
  if (table === 'company_merge') statements.push(...concerned.flatMap(clearNameKeys));
  if (table === 'origin' && concerned.length > 0) statements.push(clearRaw(concerned));
  return statements;
}

/** @throws KildeError `not_found`. */
export async function erasePerson(context: Context, { id }: { id: number }): Promise<void> {
  if ((await erasePeople(context, { ids: [id] })) === 0) throw notFound('person');
}
