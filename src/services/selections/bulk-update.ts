import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { bulkUpdateList } from '../../db/lists/history-lists.ts';
import {
  bulkFields,
  findBulkField,
  keepCompaniesThatFollow,
  keepRows,
  proposeForCompaniesThatFollow,
  restoreRows,
  writeReplaced,
  writeRows,
} from '../../db/queries/selections/bulk-updates.ts';
import type { BulkField } from '../../db/queries/selections/bulk-updates.ts';
import { canChoose, choiceState } from '../../db/fragments/choices.ts';
import { bulkUpdate, bulkUpdateRow } from '../../db/schema/bulk-updates.ts';
import { membersOf } from '../../db/segments/compile-selection.ts';
import { tables } from '../../db/segments/stored.ts';
import { cleanValue } from '../../domain/text-values.ts';
import { replaceIn } from '../../domain/selections/bulk-change.ts';
import type { BulkChange, BulkEntity } from '../../domain/selections/bulk-change.ts';
import { conflict, invalidInput, KildeError, noSuch, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import { foldText } from '../../domain/fold-text.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { refuseLateUndo, undoTerms } from '../../domain/undo-terms.ts';
import type { UndoTerms } from '../../domain/undo-terms.ts';
import { compileWhere } from './change-members.ts';
import { readSettings } from '../change-settings.ts';
import { requireSelection } from './list-members.ts';
import type { SelectionContext } from '../segments/read-definitions.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { loadReadPhone } from '../people/read-phone.ts';
import { refusedChoice } from '../refused-choice.ts';
import type { ServiceContext } from '../service-context.ts';

export { bulkUpdateList };

export type BulkRequest = {
  entity: BulkEntity;
  /** Criteria as they were sent. Either these or a selection. */
  where?: unknown;
  selectionId?: number | undefined;
  change: BulkChange;
};

export type BulkAnswer = {
  id: string;
  entity: BulkEntity;
  where: unknown;
  selection: { id: string; name: string } | null;
  change: BulkChange;
  at: string;
  count: number;
  undoneAt: string | null;
  /** Records that an undo gave their old value back, and those it left, since they had changed. */
  restored: number | null;
  left: number | null;
} & UndoTerms;

export type BulkPreview = {
  /** Records that would be changed. */
  count: number;
  sample: Array<{ id: string; before: string | null; after: string | null }>;
};

/** Records that one bulk update may change: all are written by one request. */
export const maxRecords = 100_000;
const sampleSize = 10;
/** Texts that are replaced in one transaction. */
const textsAtOnce = 1_000;
const textsPreviewedAtOnce = 5_000;

/** What a change would do. @throws KildeError `invalid_input`. */
export async function previewBulkUpdate(context: SelectionContext, request: BulkRequest): Promise<BulkPreview> {
  const { db } = context;
  const plan = await planBulkUpdate(context, request);
  const { entity, field, condition, column } = plan;
  const table = tables[entity];
  if (plan.replace === null) {
    const before = field.kind === 'list' ? nameOfListed(field, column) : column;
    const sample = await db.all<{ id: number; value: string | number | null }>(
      sql`SELECT ${table.id} AS id, ${before} AS value FROM ${table} WHERE ${condition} ORDER BY ${table.id} LIMIT ${sampleSize}`,
    );
    return {
      count: plan.count,
      sample: sample.map(({ id, value }) => ({
        id: String(id),
        before: value === null ? null : String(value),
        after: plan.shown,
      })),
    };
  }
  const preview: BulkPreview = { count: 0, sample: [] };
  for (let after = 0; ;) {
    const texts = await db.all<{ id: number; value: string }>(
      sql`SELECT ${table.id} AS id, ${column} AS value FROM ${table} WHERE ${table.id} > ${after} AND ${condition}
        ORDER BY ${table.id} LIMIT ${textsPreviewedAtOnce}`,
    );
    for (const { id, value } of texts) {
      const made = plan.replace(value);
      if (made === undefined) continue;
      preview.count += 1;
      if (preview.sample.length < sampleSize) preview.sample.push({ id: String(id), before: value, after: made });
    }
    if (texts.length < textsPreviewedAtOnce) return preview;
    after = texts.at(-1)!.id;
  }
}

/**
 * Writes one field of all records that criteria hold for, or that a selection holds. Setting and emptying is one
 * transaction; replacing is one for each thousand texts, since SQL alone can neither fold nor compare every script. The
 * old values are kept, and `undoBulkUpdate` gives them back.
 * @throws KildeError `invalid_input`, also where more than `maxRecords` would be changed.
 */
export async function runBulkUpdate(
  context: SelectionContext & { newId: () => string },
  request: BulkRequest,
): Promise<BulkAnswer> {
  const { db, clock } = context;
  const plan = await planBulkUpdate(context, request);
  const { entity, field, condition } = plan;
  const { where = null, selectionId = null, change } = request;
  const [id, now] = [context.newId(), clock()];
  const record = db.insert(bulkUpdate).values({ id, entity, where, selectionId, change, at: now, count: 0 });
  const count = db
    .update(bulkUpdate)
    .set({
      count: sql`(SELECT count(*) FROM bulk_update_row r WHERE r.bulk_update_id = ${id} AND r.entity = ${entity})`,
    })
    .where(eq(bulkUpdate.id, id))
    .returning(columnsWithName);

  if (plan.replace === null) {
    const { values } = plan;
    const follows = entity === 'person' && change.field === 'leadStatus';
    const results = await runAll(db, [
      record,
      db.run(keepRows({ id, entity, field, condition, after: values[0]! })),
      db.run(writeRows({ id, entity, columns: field.columns, values, now })),
      ...(follows
        ? [
            db.run(proposeForCompaniesThatFollow({ id, statusId: values[0]!, now })),
            db.run(keepCompaniesThatFollow({ id, statusId: values[0]! })),
            db.run(
              writeRows({
                id,
                entity: 'company',
                columns: ['category_id'],
                values: [sql`CAST(r."after" AS integer)`],
                now,
              }),
            ),
          ]
        : []),
      count,
    ]);
    return toAnswer((results.at(-1) as Row[])[0]!);
  }

  // Who is concerned is settled first: what is written must not change it.
  await db.batch([record, db.run(keepRows({ id, entity, field, condition, after: plan.column }))]);
  for (let after = 0; ;) {
    const texts = await db.all<{ id: number; value: string }>(
      sql`SELECT record_id AS id, "before" ->> ${field.columns[0]} AS value FROM ${bulkUpdateRow}
        WHERE bulk_update_id = ${id} AND entity = ${entity} AND record_id > ${after}
        ORDER BY record_id LIMIT ${textsAtOnce}`,
    );
    const rows: Array<[number, ...Array<string | null>]> = [];
    const untouched: number[] = [];
    for (const { id: recordId, value } of texts) {
      const made = plan.replace(value);
      if (made === undefined) untouched.push(recordId);
      else rows.push([recordId, ...plan.derive(made)]);
    }
    const isLast = texts.length < textsAtOnce;
    const results = await runAll(db, [
      ...writeReplaced({ id, entity, field, rows: JSON.stringify(rows), now }).map((one) => db.run(one)),
      db.run(sql`DELETE FROM ${bulkUpdateRow} WHERE bulk_update_id = ${id} AND entity = ${entity}
        AND record_id IN (SELECT value FROM json_each(${JSON.stringify(untouched)}))`),
      count,
    ]);
    if (isLast) return toAnswer((results.at(-1) as Row[])[0]!);
    after = texts.at(-1)!.id;
  }
}

/**
 * Gives every record its old value back that still has the one written; the others stay as they are.
 * @throws KildeError `not_found`; `conflict` where it is undone already.
 */
export async function undoBulkUpdate({ db, clock }: ServiceContext, { id }: { id: string }): Promise<BulkAnswer> {
  const [row] = await db.select(columnsWithName).from(bulkUpdate).where(eq(bulkUpdate.id, id));
  if (!row) throw notFound('bulk update');
  const { entity, change, at, undoneAt } = row;
  const now = clock();
  if (undoneAt === null) refuseLateUndo('bulkUpdate', { at, now });
  const field = findBulkField(entity, change.field);
  if (!field)
    throw conflict(`'${change.field}' can no longer be written by a bulk update, so this one cannot be undone.`);
  const results = await runAll(db, [
    ...restoreRows({ id, entity, field, now }).map((one) => db.run(one)),
    ...(entity === 'person' && change.field === 'leadStatus'
      ? restoreRows({ id, entity: 'company', field: bulkFields.company.category, now }).map((one) => db.run(one))
      : []),
    db
      .update(bulkUpdate)
      .set({
        undoneAt: now,
        restored: sql`(SELECT count(*) FROM bulk_update_row r WHERE r.bulk_update_id = ${id} AND r.entity = ${entity} AND r.restored)`,
      })
      .where(sql`${bulkUpdate.id} = ${id} AND ${bulkUpdate.undoneAt} IS NULL`)
      .returning(columnsWithName),
  ]);
  const [undone] = results.at(-1) as Row[];
  if (!undone) throw conflict('This bulk update has been undone already.');
  return toAnswer(undone);
}

/** Bulk updates, the newest first. */
export function listBulkUpdates(context: ListContext, query: ListQuery): PreparedList<BulkAnswer> {
  return prepareList(context, {
    list: bulkUpdateList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...columnsWithName, ...position })
        .from(bulkUpdate)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** @throws KildeError `not_found`. */
export async function readBulkUpdate({ db }: Pick<ServiceContext, 'db'>, { id }: { id: string }): Promise<BulkAnswer> {
  const [row] = await db.select(columnsWithName).from(bulkUpdate).where(eq(bulkUpdate.id, id));
  if (!row) throw notFound('bulk update');
  return toAnswer(row);
}

type Row = typeof bulkUpdate.$inferSelect & { selectionName: string | null };

/** With the name of the selection, where it was not deleted since. */
const columnsWithName = {
  ...getTableColumns(bulkUpdate),
  selectionName: sql<string | null>`(SELECT s.name FROM selection s WHERE s.id = bulk_update.selection_id)`,
};

function toAnswer({
  id,
  entity,
  where,
  selectionId,
  selectionName,
  change,
  at,
  count,
  undoneAt,
  restored,
}: Row): BulkAnswer {
  return {
    id,
    entity,
    where,
    selection: selectionId === null ? null : { id: String(selectionId), name: selectionName ?? '' },
    change,
    at: toIso(at),
    count,
    undoneAt: toIsoOrNull(undoneAt),
    restored,
    left: restored === null ? null : count - restored,
    ...undoTerms('bulkUpdate', at),
  };
}

type Plan = {
  entity: BulkEntity;
  field: BulkField;
  /** The column of the value, in the entity's own table. */
  column: SQL;
  /** Whom the change concerns: who has another value, or a text that may hold what is searched. */
  condition: SQL;
  /** How many those are. */
  count: number;
} & (
  | { replace: null; values: SQL[]; shown: string | null }
  /** What replacing makes of a text; undefined where it stays as it is. */
  | { replace: (text: string) => string | null | undefined; derive: (value: string | null) => Array<string | null> }
);

async function planBulkUpdate(context: SelectionContext, request: BulkRequest): Promise<Plan> {
  const { db } = context;
  const { entity, change } = request;
  const field = findBulkField(entity, change.field);
  if (!field) {
    const names = Object.keys(bulkFields[entity]).join(', ');
    throw invalidInput([{ location: 'body.change.field', message: `must be one of ${names}` }]);
  }
  const table = tables[entity];
  const column = sql`${table}.${sql.identifier(field.columns[0]!)}`;
  const normalize = change.field === 'phone' ? await toPhone(context) : cleanValue;
  const written = readChange(field, { change, column, normalize });
  const whom = await compileWhom(context, request);
  const condition = sql`(${whom}) AND ${written.concerned}`;
  const listed = written.listed ?? sql`1`;
  const choices = field.kind === 'list' && written.listed ? field.choices : undefined;
  const [counted] = await db.all<{ n: number; canSet: number; state: string | null }>(
    sql`SELECT (SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${condition} LIMIT ${maxRecords + 1})) AS n,
      ${choices ? canChoose(choices, { id: listed }) : sql`${listed} IS NOT NULL`} AS canSet,
      ${choices ? choiceState(choices, listed) : sql`NULL`} AS state`,
  );
  const { n: count, canSet, state } = counted!;
  if (!canSet && field.kind === 'list') throw invalidInput([refusedValue({ field, change, state })]);
  if (count > maxRecords) {
    const location = request.selectionId === undefined ? 'body.where' : 'body.selectionId';
    throw invalidInput([{ location, message: `would change more than ${maxRecords} records. Choose fewer.` }]);
  }
  const { plan } = written;
  return { entity, field, column, condition, count, ...plan };
}

/** A value that is in no list, or is archived. */
function refusedValue({
  field: { what },
  change,
  state,
}: {
  field: BulkField & { kind: 'list' };
  change: BulkChange;
  state: string | null;
}): InputError {
  const location = 'body.change.set';
  const value = 'set' in change ? change.set : '';
  if (state === null) return { location, message: noSuch(what, value) };
  return refusedChoice({ location, what: what as 'lead status' | 'category', value, state });
}

type Written = {
  plan:
    | { replace: null; values: SQL[]; shown: string | null }
    | { replace: (text: string) => string | null | undefined; derive: (value: string | null) => Array<string | null> };
  concerned: SQL;
  /** Null in SQL where the value set is in no list. */
  listed?: SQL;
};

/** A telephone number as PATCH of a person writes it: in E.164, where it is one. */
async function toPhone(context: ServiceContext): Promise<(text: string | null) => string | null> {
  const { defaultSite } = await readSettings(context);
  const toE164 = await loadReadPhone(context);
  return (text) => toE164(text, defaultSite) ?? cleanValue(text);
}

/**
 * @param normalize how a text is stored.
 * @throws KildeError `invalid_input`.
 */
function readChange(
  field: BulkField,
  { change, column, normalize }: { change: BulkChange; column: SQL; normalize: (text: string | null) => string | null },
): Written {
  if ('replace' in change) {
    if (field.kind !== 'text') {
      throw invalidInput([
        {
          location: 'body.change.replace',
          message: `replace works on text only, and ${change.field} is not text. Send set instead.`,
        },
      ]);
    }
    const { clearable, derive } = field;
    // The folded copy is a first sieve: what holds the text holds its folded form. Which of them do is asked of the text.
    const folded = sql.identifier(`${field.columns[0]!}_fold`);
    const search = foldText(change.replace.search) ?? '';
    return {
      plan: {
        derive,
        replace: (text) => {
          const made = normalize(replaceIn(text, change.replace));
          return made === text || (made === null && !clearable) ? undefined : made;
        },
      },
      concerned: field.folded ? sql`instr(${folded}, ${search}) > 0` : sql`${column} IS NOT NULL`,
    };
  }
  const value = 'set' in change ? normalize(change.set) : null;
  if ('set' in change && value === null) {
    throw invalidInput([{ location: 'body.change.set', message: 'must not be empty' }]);
  }
  if (value === null && !field.clearable) {
    throw invalidInput([
      { location: 'body.change.clear', message: `${change.field} cannot be cleared: it must have a value` },
    ]);
  }
  const values =
    field.kind === 'text'
      ? field.derive(value).map((one) => sql`${one}`)
      : [value === null ? sql`NULL` : field.find(value)];
  return {
    plan: { replace: null, values, shown: value },
    concerned: sql`${column} IS NOT ${values[0]}`,
    ...(field.kind === 'list' && value !== null ? { listed: field.find(value) } : {}),
  };
}

/** Whom a bulk update is over. @throws KildeError `invalid_input`. */
async function compileWhom(context: SelectionContext, { entity, where, selectionId }: BulkRequest): Promise<SQL> {
  if (selectionId === undefined) return compileWhere(context, { input: where, entity, location: 'body.where' });
  const found = await requireSelection(context, selectionId).catch((error: unknown) => {
    if (error instanceof KildeError && error.code === 'not_found') return null;
    throw error;
  });
  if (found?.row.entity !== entity) {
    const message = noSuch(`selection of ${entity === 'person' ? 'people' : 'companies'}`, selectionId);
    throw invalidInput([{ location: 'body.selectionId', message }]);
  }
  return membersOf(found.definition, found.read);
}

/** A status or category by its name, an owner by the id, as changes are written. */
function nameOfListed(field: BulkField & { kind: 'list' }, column: SQL): SQL {
  return field.what === 'owner' ? column : sql`(SELECT one.name FROM ${field.list} one WHERE one.id = ${column})`;
}

async function runAll(db: ServiceContext['db'], statements: Array<BatchItem<'sqlite'>>): Promise<unknown[]> {
  return (await db.batch(statements as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>])) as unknown[];
}
