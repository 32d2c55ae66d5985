import type { InStatement, InValue, Row } from '@libsql/client/http';
import type { Database } from '../db/client.ts';
import { defineStatement } from '../db/statement.ts';
import { Mentions } from '../domain/erase-mentions.ts';
import { notFound } from '../domain/errors.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';

type Context = { db: Database; clock: () => number };

const given = `SELECT value FROM json_each(:ids)`;

/** The people and all who were merged into them: merges of a removed person name that person. */
const merged = `(WITH RECURSIVE was (id) AS (${given} UNION
  SELECT m.removed_person_id FROM person_merge m JOIN was ON m.person_id = was.id WHERE m.undone_at IS NULL)
  SELECT id FROM was)`;

/** Every address known to be theirs. */
const addresses = `(SELECT email FROM person WHERE id IN (${given}) UNION SELECT email FROM person_email WHERE person_id IN (${given}))`;

/**
 * Text in which an address may stand although the row is not the person's: it is replaced there. `deletes`: the whole row goes.
 * Everything else that is text is the person's own (steps below), or no text of theirs; test/db/personal-data.test.ts holds the
 * list against the schema.
 */
export const mentionColumns: ReadonlyArray<{ table: string; columns: string[]; deletes?: true }> = [
  // What was held back or could not be stored has nobody yet: it is found by its address.
  { table: 'quarantine', columns: ['payload'], deletes: true },
  { table: 'dead_letter', columns: ['payload'], deletes: true },
  { table: 'submission', columns: ['fields', 'page', 'self_reported'] },
  { table: 'company', columns: ['name', 'name_fold', 'name_key'] },
  { table: 'deal', columns: ['name', 'name_fold'] },
  { table: 'bulk_update', columns: ['criteria', 'change'] },
  { table: 'bulk_update_row', columns: ['before', 'after'] },
  { table: 'selection', columns: ['name', 'criteria', 'frozen_from'] },
  { table: 'saved_report', columns: ['name', 'query'] },
  { table: 'schedule', columns: ['name', 'parameters'] },
  { table: 'report_run', columns: ['answer', 'error'] },
  { table: 'delivery', columns: ['last_error'] },
  { table: 'event_delivery', columns: ['last_error'] },
  { table: 'link', columns: ['page', 'source', 'medium', 'campaign', 'term', 'content', 'utm_id'] },
  { table: 'alias', columns: ['label', 'to_canonical'] },
  { table: 'audit_entry', columns: ['target', 'operation'] },
  { table: 'origin_value', columns: ['canonical', 'label', 'alias_label'] },
  { table: 'alias_from', columns: ['canonical'] },
  { table: 'origin', columns: ['key'] },
];

/** Values that no two rows may share: each stands for itself, under a name that nothing is found by. */
const unique = new Set(['origin_value.canonical', 'alias_from.canonical', 'origin.key']);

const mentioned = (column: string) =>
  `instr(lower(${column}), known.email) > 0 OR instr(lower(${column}), replace(known.email, '@', '%40')) > 0`;

const readAddresses = defineStatement(`SELECT id, NULL AS email FROM person WHERE id IN (${given})
  UNION ALL SELECT NULL, email FROM ${addresses}`);

/** Candidates: whether an address or a longer one stands there is seen here, not in SQL. */
const readMentions = mentionColumns.map(({ table, columns }) =>
  defineStatement(`SELECT rowid AS id, ${columns.join(', ')} FROM ${table} AS one
    WHERE EXISTS (SELECT 1 FROM ${addresses} known WHERE ${columns.map((column) => mentioned(`one.${column}`)).join(' OR ')})`),
);

/** Raw spellings of a touch whose origin is one of those that mention an address. */
const clearRaw = (rowIds: readonly InValue[]): InStatement => ({
  sql: `UPDATE touch SET raw = NULL WHERE origin_id IN (SELECT value FROM json_each(?)) AND raw IS NOT NULL`,
  args: [JSON.stringify(rowIds)],
});

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
  defineStatement(`DELETE FROM bulk_update_row WHERE entity = 'person' AND record_id IN ${merged}`),
  defineStatement(`DELETE FROM selection_member WHERE member_id IN (${given})
    AND EXISTS (SELECT 1 FROM selection s WHERE s.id = selection_id AND s.entity = 'person')`),
  defineStatement(`DELETE FROM consent WHERE person_id IN (${given})`),
  defineStatement(`DELETE FROM person_merge WHERE person_id IN ${merged} OR removed_person_id IN ${merged}`),
  defineStatement(`DELETE FROM person_email WHERE person_id IN (${given})`),
  defineStatement(`UPDATE company SET source_person_id = NULL WHERE source_person_id IN (${given})`),
  // What stays: which origins, when, and what came of it. Nothing of whom.
  defineStatement(`INSERT INTO person (id, email, country, company_id, owner_id, lead_status_id, created_via, created_form_id,
      created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
      lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id)
    SELECT -id, 'erased:' || lower(hex(randomblob(16))), country, company_id, owner_id, lead_status_id, created_via, created_form_id,
      created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
      lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id
    FROM person WHERE id IN (${given})`),
  // An answer that others gave too is a group of a report and tells of nobody; words of one's own may.
  defineStatement(`UPDATE submission SET self_reported = NULL WHERE person_id IN (${given}) AND self_reported NOT IN (
    SELECT other.self_reported FROM submission other WHERE other.person_id NOT IN (${given})
      AND other.self_reported IN (SELECT own.self_reported FROM submission own WHERE own.person_id IN (${given})))`),
  defineStatement(`UPDATE submission SET person_id = -person_id, fields = '{}', page = NULL, idempotency_key = NULL, content_hash = NULL
    WHERE person_id IN (${given})`),
  defineStatement(
    `UPDATE touch SET person_id = -person_id, click_id_value = NULL, raw = NULL WHERE person_id IN (${given})`,
  ),
  defineStatement(
    `UPDATE deal SET person_id = -person_id, name = NULL, name_fold = NULL WHERE person_id IN (${given})`,
  ),
  defineStatement(`DELETE FROM person WHERE id IN (${given})`),
  // What reports keep of answers; those of others stay.
  defineStatement(
    `DELETE FROM saying WHERE text NOT IN (SELECT trim(self_reported) FROM submission WHERE self_reported IS NOT NULL)`,
  ),
];

const remember = defineStatement(`INSERT INTO erasure (hash, salt, erased_at) VALUES (:hash, :salt, :now)`);

/**
 * Erases people: nothing that names them or that they wrote is left in any table. Their rows stay, emptied and under another
 * number, so that every report gives the numbers it gave. What a queue still holds of them is dropped when it is delivered
 * (`isErased`). Two round trips; reads every row of some tables, so many people are erased together.
 * @returns how many there were.
 */
export async function erasePeople({ db, clock }: Context, { ids }: { ids: readonly number[] }): Promise<number> {
  const args = { ids: JSON.stringify(ids), now: clock() };
  const [known, ...found] = await db.$client.batch(
    [readAddresses(args), ...readMentions.map((read) => read(args))],
    'read',
  );
  const emails = known!.rows.flatMap(({ email }) => (email === null ? [] : [email as string]));
  const people = known!.rows.filter(({ id }) => id !== null).length;
  if (people === 0) return 0;
  const mentions = new Mentions(emails);
  const own = steps.map((step) => step(args));
  const elsewhere = found.flatMap(({ rows }, place) => replaceMentions({ rows, mentions, ...mentionColumns[place]! }));
  const remembered = await Promise.all(
    emails.map(async (email) => remember({ ...(await hashed(email)), now: args.now })),
  );
  await db.$client.batch([...own, ...elsewhere, ...remembered], 'write');
  return people;
}

function replaceMentions({
  table,
  columns,
  deletes,
  rows,
  mentions,
}: (typeof mentionColumns)[number] & { rows: Row[]; mentions: Mentions }): InStatement[] {
  const statements: InStatement[] = [];
  const concerned: InValue[] = [];
  for (const row of rows) {
    const hit = columns.filter((column) => typeof row[column] === 'string' && mentions.areIn(row[column]));
    if (hit.length === 0) continue;
    concerned.push(row['id']!);
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
  if (table === 'origin' && concerned.length > 0) statements.push(clearRaw(concerned));
  return statements;
}

async function hashed(email: string, salt: string = crypto.randomUUID()): Promise<{ hash: string; salt: string }> {
  return { salt, hash: await sha256Hex(`${salt} ${email}`) };
}

/** @throws KildeError `not_found`. */
export async function erasePerson(context: Context, { id }: { id: number }): Promise<void> {
  if ((await erasePeople(context, { ids: [id] })) === 0) throw notFound('person');
}

const readErasures = defineStatement(`SELECT hash, salt FROM erasure WHERE erased_at >= :at`);

/** Whether an address was erased after a moment: what was sent before it is not to be stored any more. */
export async function isErased(
  { db }: Pick<Context, 'db'>,
  { email, at }: { email: string; at: number },
): Promise<boolean> {
  const { rows } = await db.$client.execute(readErasures({ at }));
  for (const row of rows) {
    if ((await hashed(email, row['salt'] as string)).hash === row['hash']) return true;
  }
  return false;
}
