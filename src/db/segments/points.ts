import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { AnySQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { originFields } from '../../domain/attribution/origin-fields.ts';
import type { OriginField } from '../../domain/attribution/origin-fields.ts';
import { toStoredHost } from '../../domain/hosts/shown-hosts.ts';
import { columnOf } from '../fragments/origin-columns.ts';
import { alias, aliasFrom, origin, originValue } from '../schema/origins.ts';
import type { ValueField } from '../schema/origins.ts';
import type { CompileContext } from './context.ts';
import { foldedInSql, foldedRows, foldedText, foldHost, isFolded } from './stored.ts';
import type { Column, Stored, TextStored, Walk } from './stored.ts';

/** One value of the origin that a record points at: its canonical form after corrections is compared, its label shown. */
export function originPart(originId: SQLWrapper, part: OriginField, context: CompileContext): Column {
  const { table, from } = context.aliases.of(origin);
  const valueId = columnOf(table, part);
  const row = { from, is: sql`${table.id} = ${originId}` };
  return {
    stored: {
      kind: 'lookup',
      where: (condition) =>
        context.isIn(originId, (inner) => {
          const found = valueLookup({ valueId, field: part, condition, context: inner });
          return sql`SELECT ${table.id} FROM ${from} WHERE ${found}`;
        }),
    },
    shown: valueLabel(valueId, context, row),
    sorted: valueCanonical(valueId, context, row),
  };
}

/**
 * Records in order of one value of their origin: an index gives the values in order, another the origins of each, and a third the
 * records of those, so that only the records of the first values are put in order. Where the second is missing, those of all are.
 */
export function originWalk(
  originId: AnySQLiteColumn,
  { part, records, context }: { part: OriginField; records: SQLiteTable; context: CompileContext },
): Walk {
  const { table, from } = context.aliases.of(origin);
  const valueId = columnOf(table, part);
  // The limit keeps it a table of its own: taken apart, each value would be looked up for each record.
  const ordered = sql`(SELECT ${table.id} AS id, ${valueCanonical(valueId, context)} AS value FROM ${from} LIMIT -1)`;
  const none = sql`(${originId} IS NULL OR ${originId} IN (SELECT id FROM ${ordered} WHERE value IS NULL))`;
  if (!originFields[part].isGrouped) {
    const to = sql`${ordered} ordered CROSS JOIN ${context.aliases.fromOf(records)} ON ${originId} = ordered.id`;
    return { from: to, value: sql`ordered.value`, none };
  }
  const shown = context.aliases.of(originValue);
  const other = context.aliases.of(originValue);
  // As a list, and not as a join with OR, which SQLite takes for the end of the order.
  const counted = sql`SELECT ${other.table.id} FROM ${other.from} WHERE ${other.table.aliasOf} = ${shown.table.id}
    UNION ALL SELECT ${shown.table.id} WHERE ${shown.table.aliasOf} IS NULL`;
  return {
    from: sql`${shown.from} CROSS JOIN ${from} ON ${shown.table.field} = ${part} AND ${valueId} IN (${counted})
      CROSS JOIN ${context.aliases.fromOf(records)} ON ${originId} = ${table.id}`,
    value: shown.table.canonical,
    none,
  };
}

/** A landing page, which a record points at itself. */
export function landingPage(valueId: SQLWrapper, context: CompileContext): Column {
  return {
    stored: {
      kind: 'lookup',
      where: (condition) => valueLookup({ valueId, field: 'landingPage', condition, context }),
    },
    shown: valueLabel(valueId, context),
    sorted: valueCanonical(valueId, context),
  };
}

/** Values that are or have a host. */
const hostFields: ReadonlySet<ValueField> = new Set(['source', 'referrerDomain', 'landingPage']);

/** Pages keep their case and the escapes of their path, which no value of a source does. There are no corrections of them. */
const foldPage = (page: string): string => lowerAscii(escapePage(page));
const escapePage = (page: string): string =>
  toStoredHost(page.toWellFormed().normalize('NFC').trim()).replaceAll(/[^\u0021-\u007e]+/g, encodeURIComponent);
const lowerAscii = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/**
 * The values of a field that a condition holds for, and those that count as them: by the value, by the label that a correction
 * shows, and by a corrected spelling, which stands for what it counts as. Each is found by an index: (field, canonical) and alias_of.
 */
function valueLookup({
  valueId,
  field,
  condition,
  context,
}: {
  valueId: SQLWrapper;
  field: ValueField;
  condition: (inner: Stored) => SQL;
  context: CompileContext;
}): SQL {
  const own = context.aliases.of(originValue);
  const holds = (shown: SQLWrapper, compared: SQLWrapper, more: Partial<TextStored> = {}) =>
    condition({ ...foldedText(shown, compared).stored, ...foldsOf(field), ...more });
  const found = sql`SELECT ${own.table.id} AS id FROM ${own.from} WHERE ${own.table.field} = ${field} AND ${own.table.aliasOf} IS NULL
    AND ${holds(labelOf(own.table), comparedOf(field, own.table.canonical))}`;
  return context.isIn(valueId, (inner) => {
    const all = [inner.set(found), ...(hasCorrections(field) ? byCorrections({ field, holds, context: inner }) : [])];
    return sql.join(
      all.map((part) => valuesOf(part, inner)),
      sql` UNION ALL `,
    );
  });
}

/** Values that are set before, and those that count as them. */
function valuesOf(part: SQL, context: CompileContext): SQL {
  const other = context.aliases.of(originValue);
  return sql`SELECT id FROM ${part} UNION ALL SELECT ${other.table.id} FROM ${part} found
    CROSS JOIN ${other.from} ON ${other.table.aliasOf} = found.id`;
}

/** What corrections lead to: by the label that they show, and by a spelling that they correct. */
function byCorrections({
  field,
  holds,
  context,
}: {
  field: ValueField;
  holds: (shown: SQLWrapper, compared: SQLWrapper, more?: Partial<TextStored>) => SQL;
  context: CompileContext;
}): SQL[] {
  const target = context.aliases.of(originValue);
  const rule = context.aliases.of(alias);
  const spelling = context.aliases.of(aliasFrom);
  const select = sql`SELECT coalesce(${target.table.aliasOf}, ${target.table.id}) AS id`;
  const toTarget = sql`CROSS JOIN ${target.from} ON ${target.table.field} = ${field} AND ${target.table.canonical} = ${rule.table.toCanonical}`;
  const toRule = sql`${rule.from} ${toTarget} WHERE ${rule.table.field} = ${field}`;
  const label = target.table.aliasLabel;
  const rows = sql`${select}, ${label} AS label FROM ${toRule} AND ${label} IS NOT NULL`;
  const labels = context.set((name) => foldedRows({ rows, name }));
  const spellings = sql`${select} FROM ${spelling.from} CROSS JOIN ${rule.from} ON ${rule.table.id} = ${spelling.table.aliasId} ${toTarget}`;
  const isSpelt = holds(label, spelling.table.canonical, { isSpelling: true });
  const labelled = sql`SELECT id FROM ${labels} WHERE ${isFolded} AND ${holds(sql`label`, sql`folded`, { isPartlyIndexed: false })}`;
  const spelt = sql`${spellings} WHERE ${spelling.table.field} = ${field} AND ${isSpelt}`;
  return [context.set(labelled), context.set(spelt)];
}

/** Channels are stored as they are spelt, pages as addresses are. Neither has many values, beside those of an index. */
const comparedOf = (field: ValueField, canonical: SQLWrapper): SQLWrapper => {
  if (field === 'landingPage') return sql`lower(${canonical})`;
  return field === 'channel' ? foldedInSql(canonical) : canonical;
};

const hasCorrections = (field: ValueField): boolean => field !== 'landingPage' && field !== 'channel';

function foldsOf(field: ValueField): Partial<TextStored> {
  if (field === 'landingPage') return { fold: foldPage, stored: escapePage };
  return hostFields.has(field) ? { fold: foldHost, stored: toStoredHost } : {};
}

const labelOf = (table: typeof originValue): SQL => sql`coalesce(${table.aliasLabel}, ${table.label})`;

/** The row that a value's id stands in, and which it is. */
type RowOfValue = { from: SQL; is: SQL };

function valueLabel(id: SQLWrapper, context: CompileContext, row?: RowOfValue): SQL {
  return countedAs(id, labelOf, context, row);
}

function valueCanonical(id: SQLWrapper, context: CompileContext, row?: RowOfValue): SQL {
  return countedAs(id, (table) => sql`${table.canonical}`, context, row);
}

/** Something of the value that a value counts as. Null for 0, which stands for unknown. */
function countedAs(
  id: SQLWrapper,
  part: (table: typeof originValue) => SQL,
  context: CompileContext,
  row?: RowOfValue,
): SQL {
  const own = context.aliases.of(originValue);
  const shown = context.aliases.of(originValue);
  const isOwn = sql`${own.table.id} = ${id}`;
  // In one step, and not in one for the row and another for its value: they are taken for each record that is shown.
  const [found, is] = row ? [sql`${row.from} CROSS JOIN ${own.from} ON ${isOwn}`, row.is] : [own.from, isOwn];
  return sql`(SELECT ${part(shown.table)} FROM ${found}
    CROSS JOIN ${shown.from} ON ${shown.table.id} = coalesce(${own.table.aliasOf}, ${own.table.id}) WHERE ${is})`;
}
