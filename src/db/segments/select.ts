import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import { toIso } from '../../domain/iso-time.ts';
import type { QueryEntity } from '../../domain/segments/fields.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { CompileContext } from './context.ts';
import { findField } from './fields.ts';
import type { Field } from './fields.ts';
import { tables } from './stored.ts';
import type { Column } from './stored.ts';

type Scalar = string | number | null;

/** Where a page ended: the sort values of its last row, and its id. */
export type SegmentPosition = { values: Scalar[]; id: string | number };

export type SegmentValue = string | number | boolean | null | { id: string; name: string };
export type SegmentRow = Record<string, SegmentValue>;

/** Rows as the database gives them: `k` the id, `c0` … the columns, `s0` … the sort values. */
export type RawRow = Record<string, Scalar>;

/** One page, with one row more than it holds. Rows with nothing in a sort field come last, either way round. */
export function selectSegment({
  entity,
  condition,
  columns,
  sort,
  after,
  limit,
}: {
  entity: QueryEntity;
  condition: SQL;
  columns: readonly string[];
  sort: readonly SortKey[];
  after: SegmentPosition | null;
  limit: number;
}): SQL {
  const table = tables[entity];
  const context = new CompileContext();
  const recordId = table.id as AnySQLiteColumn;
  const keys = sort.map(({ field, direction }) => ({ ...columnOf(entity, field, context), direction }));
  const shown = columns.map((name, index) => {
    const column = columnOf(entity, name, context);
    return sql`, ${column.shown} AS ${sql.identifier(`c${index}`)}`;
  });
  const names = keys.map((_, index) => sql.identifier(`s${index}`));
  const sorted = keys.map((key, index) => sql`, ${key.sorted} AS ${names[index]}`);
  const direction = sort.at(-1)?.direction ?? 'asc';
  const beyond = after ? sql` AND ${isAfter({ keys, recordId, after, direction })}` : sql``;
  const order = sql.join(
    [...keys.map((key, index) => orderBy(key, names[index]!)), direction === 'asc' ? sql`k` : sql`k DESC`],
    sql`, `,
  );
  // The page is found first: what is shown is looked up for its rows alone, not for all that had to be put in order.
  return sql`SELECT page.*${sql.join(shown)} FROM (SELECT ${recordId} AS k${sql.join(sorted)} FROM ${table}
    WHERE ${condition}${beyond} ORDER BY ${order} LIMIT ${limit + 1}) page CROSS JOIN ${table} ON ${recordId} = page.k
    ORDER BY ${order}`;
}

export function countSegment({ entity, condition }: { entity: QueryEntity; condition: SQL }): SQL {
  return sql`SELECT count(*) AS n FROM ${tables[entity]} WHERE ${condition}`;
}

type Key = Column & { direction: 'asc' | 'desc' };

function columnOf(entity: QueryEntity, name: string, context: CompileContext): Column {
  const field = findField(entity, name);
  if (!field) throw new Error(`There is no field "${name}" of a ${entity}.`);
  return field.column(tables[entity], context);
}

function orderBy({ direction, notNull }: Key, name: SQLWrapper): SQL {
  // SQLite takes null for the least of all: last when descending. Only where it can be, the order must say otherwise.
  if (direction === 'desc') return sql`${name} DESC`;
  return notNull ? sql`${name}` : sql`${name} ASC NULLS LAST`;
}

function isAfter({
  keys,
  recordId,
  after,
  direction,
}: {
  keys: Key[];
  recordId: AnySQLiteColumn;
  after: SegmentPosition;
  direction: 'asc' | 'desc';
}): SQL {
  const sign = (of: 'asc' | 'desc') => (of === 'asc' ? sql`>` : sql`<`);
  if (keys.every((key) => key.notNull && key.direction === direction)) {
    // As one row value, an index finds the place.
    const left = sql.join([...keys.map((key) => key.sorted), recordId], sql`, `);
    const right = sql.join(
      [...after.values, after.id].map((value) => sql`${value}`),
      sql`, `,
    );
    return sql`(${left}) ${sign(direction)} (${right})`;
  }
  return keys.reduceRight<SQL>(
    (rest, key, index) => {
      const value = after.values[index] ?? null;
      // Nothing comes last, so only rows with nothing can follow one with nothing.
      if (value === null) return sql`(${key.sorted} IS NULL AND ${rest})`;
      const further = sql`${key.sorted} ${sign(key.direction)} ${value}`;
      const orNone = key.notNull ? further : sql`${further} OR ${key.sorted} IS NULL`;
      return sql`(${orNone} OR (${key.sorted} = ${value} AND ${rest}))`;
    },
    sql`${recordId} ${sign(direction)} ${after.id}`,
  );
}

/** Name of the field that an item always has: what names the record. */
export function idFieldOf(entity: QueryEntity): string {
  return entity === 'touch' ? 'touchId' : 'id';
}

export function toSegmentRow(
  row: RawRow,
  { entity, columns }: { entity: QueryEntity; columns: readonly string[] },
): SegmentRow {
  const item: SegmentRow = { [idFieldOf(entity)]: String(row['k']) };
  columns.forEach((name, index) => {
    item[name] = toValue(findField(entity, name)!, row[`c${index}`] ?? null);
  });
  return item;
}

function toValue({ type, values }: Field, value: Scalar): SegmentValue {
  if (value === null) return null;
  switch (type) {
    case 'date':
      return toIso(Number(value));
    case 'boolean':
      return value === 1;
    case 'reference':
      return values ? (JSON.parse(String(value)) as { id: string; name: string }) : String(value);
    default:
      return value;
  }
}

export function positionOf(row: RawRow, sort: readonly SortKey[]): SegmentPosition {
  return { values: sort.map((_, index) => row[`s${index}`] ?? null), id: row['k']! };
}
