import { eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BulkEntity } from '../../../domain/selections/bulk-change.ts';
import { foldText } from '../../../domain/fold-text.ts';
import { companyNameKey } from '../../../domain/people/company-name.ts';

import { categoryOfStatus, statusSetsCategory } from '../../fragments/automation.ts';
import { bulkUpdate, bulkUpdateRow } from '../../schema/bulk-updates.ts';
import type { Choices } from '../../fragments/choices.ts';
import { idOfName } from '../../fragments/id-of-name.ts';
import { category, company, leadStatus, owner, person } from '../../schema/people.ts';
import { tables } from '../../segments/stored.ts';

/** A field that can be written in bulk: the column of its value first, then those that follow from it. */
export type BulkField = {
  columns: readonly string[];
  clearable: boolean;
} & (
  | { kind: 'text'; derive: (value: string | null) => Array<string | null>; folded: boolean }
  | { kind: 'list'; list: SQL; what: string; find: (value: string) => SQL; choices?: Choices }
);

function text(column: string, { folded = false } = {}): BulkField {
  return {
    kind: 'text',
    columns: folded ? [column, `${column}_fold`] : [column],
    derive: (value) => (folded ? [value, foldText(value)] : [value]),
    folded,
    clearable: true,
  };
}

const idNumber = (value: string): number => (/^[1-9]\d{0,14}$/.test(value) ? Number(value) : 0);

const ownerField: BulkField = {
  kind: 'list',
  columns: ['owner_id'],
  list: sql`owner`,
  what: 'owner',
  find: (value) => sql`(SELECT id FROM ${owner} WHERE ${eq(owner.id, idNumber(value))})`,
  clearable: true,
};

/** Every field that a bulk update may write. No point is among them, nor what tells records apart. */
export const bulkFields = {
  person: {
    firstName: text('first_name', { folded: true }),
    lastName: text('last_name', { folded: true }),
    title: text('title', { folded: true }),
    phone: text('phone'),
    country: text('country'),
    owner: ownerField,
    leadStatus: {
      kind: 'list',
      columns: ['lead_status_id'],
      list: sql`lead_status`,
      what: 'lead status',
      find: (value) => idOfName(leadStatus, value),
      choices: leadStatus,
      clearable: false,
    },
  },
  company: {
    name: {
      kind: 'text',
      columns: ['name', 'name_fold', 'name_key'],
      derive: (value) => [value, foldText(value), value === null ? null : companyNameKey(value)],
      folded: true,
      clearable: false,
    },
    country: text('country'),
    owner: ownerField,
    category: {
      kind: 'list',
      columns: ['category_id'],
      list: sql`category`,
      what: 'category',
      find: (value) => idOfName(category, value),
      choices: category,
      clearable: true,
    },
  },
} as const satisfies Record<BulkEntity, Readonly<Record<string, BulkField>>>;

/** The field of that name, where a bulk update may write it. */
export function findBulkField(entity: BulkEntity, name: string): BulkField | undefined {
  const fields: Readonly<Record<string, BulkField>> = bulkFields[entity];
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

const identifiers = (columns: readonly string[], prefix: SQL): SQL[] =>
  columns.map((column) => sql`${prefix}.${sql.identifier(column)}`);

/** The columns of a record as JSON, by their names. */
function asJson(columns: readonly string[], prefix: SQL): SQL {
  const pairs = identifiers(columns, prefix).map((value, index) => sql`${columns[index]}, ${value}`);
  return sql`json_object(${sql.join(pairs, sql`, `)})`;
}

const nameOf = (entity: BulkEntity): SQL => (entity === 'person' ? sql`person` : sql`company`);

/** Keeps the records of a bulk update with their old values. `after` may hold a placeholder until they are written. */
export function keepRows({
  id,
  entity,
  field,
  condition,
  after,
}: {
  id: string;
  entity: BulkEntity;
  field: BulkField;
  condition: SQL;
  after: SQL;
}): SQL {
  const table = nameOf(entity);
  return sql`INSERT INTO ${bulkUpdateRow} (bulk_update_id, entity, record_id, "before", "after")
    SELECT ${id}, ${entity}, ${table}.id, ${asJson(field.columns, table)}, ${after}
    FROM ${tables[entity]} WHERE ${condition}`;
}

/** Gives all kept records the same values. */
export function writeRows({
  id,
  entity,
  columns,
  values,
  now,
}: {
  id: string;
  entity: BulkEntity;
  columns: readonly string[];
  values: Array<SQL>;
  now: number;
}): SQL {
  const sets = columns.map((column, index) => sql`${sql.identifier(column)} = ${values[index]}`);
  return sql`UPDATE ${tables[entity]} SET ${sql.join(sets, sql`, `)}, updated_at = ${now} FROM ${bulkUpdateRow} r
    WHERE r.bulk_update_id = ${id} AND r.entity = ${entity} AND r.record_id = ${nameOf(entity)}.id`;
}

/** The companies whose category follows the status that their people get, or is proposed (fragments/automation.ts). */
function companiesThatFollow({
  id,
  given,
  needsConfirmation,
}: {
  id: string;
  given: SQL;
  needsConfirmation: 0 | 1;
}): SQL {
  return sql`FROM ${company} c
    WHERE c.id IN (SELECT p.company_id FROM ${bulkUpdateRow} r JOIN ${person} p ON p.id = r.record_id
        WHERE r.bulk_update_id = ${id} AND r.entity = 'person')
      AND EXISTS (SELECT 1 FROM ${category} g WHERE g.id = ${given} AND g.archived_at IS NULL AND g.needs_confirmation = ${needsConfirmation})
      AND ${statusSetsCategory({ current: sql`c.category_id`, given })}`;
}

/** Keeps the companies whose category is set. */
export function keepCompaniesThatFollow({ id, statusId }: { id: string; statusId: SQL }): SQL {
  const given = categoryOfStatus(statusId);
  return sql`INSERT INTO ${bulkUpdateRow} (bulk_update_id, entity, record_id, "before", "after")
    SELECT ${id}, 'company', c.id, json_object('category_id', c.category_id), ${given}
    ${companiesThatFollow({ id, given, needsConfirmation: 0 })}`;
}

/** Proposes the category where it asks for a confirmation. An undo of the bulk update leaves proposals as they are. */
export function proposeForCompaniesThatFollow({ id, statusId, now }: { id: string; statusId: SQL; now: number }): SQL {
  const given = categoryOfStatus(statusId);
  return sql`INSERT INTO category_change (company_id, category_id, cause, at)
    SELECT c.id, ${given}, 'leadStatusSet', ${now} ${companiesThatFollow({ id, given, needsConfirmation: 1 })}`;
}

/**
 * Writes what replacing made of some kept records: `rows` is JSON of `[record id, value, what follows from it …]`. A
 * record that no longer has its old value is left as it is.
 */
export function writeReplaced({
  id,
  entity,
  field,
  rows,
  now,
}: {
  id: string;
  entity: BulkEntity;
  field: BulkField;
  rows: string;
  now: number;
}): SQL[] {
  const table = nameOf(entity);
  const [column] = field.columns as [string];
  const names = field.columns.map((_, index) => sql.identifier(`v${index}`));
  const values = names.map((name, index) => sql`, value ->> ${sql.raw(String(index + 1))} AS ${name}`);
  // As a table of its own: each record looked up in the JSON anew would be work by the square of their number.
  const made = sql`WITH made AS MATERIALIZED (SELECT value ->> 0 AS id${sql.join(values)} FROM json_each(${rows}))`;
  const sets = field.columns.map((one, index) => sql`${sql.identifier(one)} = made.${names[index]}`);
  const ids = sql`SELECT value ->> 0 FROM json_each(${rows})`;
  return [
    sql`${made} UPDATE ${tables[entity]} SET ${sql.join(sets, sql`, `)}, updated_at = ${now}
      FROM made CROSS JOIN ${bulkUpdateRow} r
      WHERE r.bulk_update_id = ${id} AND r.entity = ${entity} AND r.record_id = made.id AND ${table}.id = made.id
        AND ${table}.${sql.identifier(column)} IS r."before" ->> ${column}`,
    sql`${made} UPDATE ${bulkUpdateRow} SET "after" = made.v0 FROM made
      WHERE bulk_update_id = ${id} AND entity = ${entity} AND record_id = made.id`,
    sql`DELETE FROM ${bulkUpdateRow} WHERE bulk_update_id = ${id} AND entity = ${entity} AND record_id IN (${ids})
      AND NOT EXISTS (SELECT 1 FROM ${tables[entity]} now
        WHERE now.id = record_id AND now.${sql.identifier(column)} IS "after")`,
  ];
}

/**
 * Gives the old value back to the records that still have the one written, and marks them. Nothing where it is undone
 * already.
 */
export function restoreRows({
  id,
  entity,
  field,
  now,
}: {
  id: string;
  entity: BulkEntity;
  field: BulkField;
  now: number;
}): SQL[] {
  const table = nameOf(entity);
  const [column] = field.columns as [string];
  const isDone = sql`EXISTS (SELECT 1 FROM ${bulkUpdate} u WHERE u.id = ${id} AND u.undone_at IS NULL)`;
  // A status or an owner may be gone by now.
  const isThere =
    field.kind === 'list'
      ? sql` AND ("before" ->> ${column} IS NULL OR EXISTS (SELECT 1 FROM ${field.list} one WHERE one.id = "before" ->> ${column}))`
      : sql``;
  const sets = field.columns.map((one) => sql`${sql.identifier(one)} = r."before" ->> ${one}`);
  return [
    sql`UPDATE ${bulkUpdateRow} SET restored = 1 WHERE bulk_update_id = ${id} AND entity = ${entity} AND ${isDone}
      AND EXISTS (SELECT 1 FROM ${tables[entity]} now WHERE now.id = record_id
        AND now.${sql.identifier(column)} IS "after")${isThere}`,
    sql`UPDATE ${tables[entity]} SET ${sql.join(sets, sql`, `)}, updated_at = ${now} FROM ${bulkUpdateRow} r
      WHERE r.bulk_update_id = ${id} AND r.entity = ${entity} AND r.restored = 1 AND r.record_id = ${table}.id AND ${isDone}`,
  ];
}
