import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import { toIso } from '../../domain/iso-time.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { QueryEntity } from '../../domain/segments/fields.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { dialect } from '../dialect.ts';
import { living } from '../living.ts';
import { packRows } from '../packed-rows.ts';
import type { Cell, PackedRows, Row } from '../packed-rows.ts';
import { CompileContext } from './context.ts';
import { findField } from './fields.ts';
import type { Field } from './fields.ts';
import { isExact } from './selectivity.ts';
import { tables } from './stored.ts';
import type { Column, Walk } from './stored.ts';

type Scalar = string | number | null;

/** Where a page ended: the sort values of its last row, and its id. */
export type SegmentPosition = { values: Scalar[]; id: string | number };

export type SegmentValue = string | number | boolean | null | { id: string; name: string };
export type SegmentRow = Record<string, SegmentValue>;

/** Rows as the database gives them: `k` the id, `c0` … the columns, `s0` … the sort values. */
export type RawRow = Row;

/** One page, with one row more than it holds. Rows with nothing in a sort field come last, either way round. */
export function selectSegment({
  entity,
  condition,
  columns,
  sort,
  after,
  limit,
  near = null,
  isEverybody = false,
}: {
  entity: QueryEntity;
  condition: SQL;
  /**
   * The condition as it is asked of few records, one by one, and how many are tried for each that is wanted; null where it is not worth
   * trying the first ones so. `index` gives them in order; `foundBy` holds for all that would be looked at otherwise, and is quick to count.
   */
  near?: { condition: SQL; tries: number; index: SQL; foundBy: SQL | null } | null;
  /** Set where the condition leaves out nobody but the erased: then records are gone through in order of what they are sorted by. */
  isEverybody?: boolean;
  columns: readonly string[];
  sort: readonly SortKey[];
  after: SegmentPosition | null;
  limit: number;
}): PackedRows {
  const table = tables[entity];
  const context = new CompileContext();
  const recordId = table.id as AnySQLiteColumn;
  const keys = sort.map(({ field, direction }) => ({ ...columnOf(entity, field, context), direction }));
  const names = keys.map((_, index) => sql.identifier(`s${index}`));
  const sorted = keys.map((key, index) => sql`, ${key.sorted} AS ${names[index]}`);
  const direction = sort.at(-1)?.direction ?? 'asc';
  const beyond = after ? sql` AND ${isAfter({ keys, recordId, after, direction })}` : sql``;
  const order = sql.join(
    [...keys.map((key, index) => orderBy(key, names[index]!)), direction === 'asc' ? sql`k` : sql`k DESC`],
    sql`, `,
  );
  const wanted = limit + 1;
  const alive = living(entity, table) ?? sql`1`;
  const found = (most: SQL) =>
    sql`SELECT ${recordId} AS k${sql.join(sorted)} FROM ${table} WHERE ${condition}${beyond} ORDER BY ${order} LIMIT ${most}`;
  const [key] = keys;
  const page = (): SQL => {
    if (isEverybody && keys.length === 1 && key?.walk) return walk(key.walk());
    return near ? tryFirst(near) : found(sql`${wanted}`);
  };
  // The page is found first: what is shown is looked up for its rows alone, not for all that had to be put in order.
  const rows = sql`SELECT page.*${showColumns(entity, columns)} FROM (${page()}) page CROSS JOIN ${table} ON ${recordId} = page.k`;
  const cells: Cell[] = [
    { name: 'k' },
    ...sort.map(({ field }, n) => cellOf(`s${n}`, findField(entity, field)!)),
    ...columns.map((name, n) => cellOf(`c${n}`, findField(entity, name)!)),
  ];
  return packRows({ cells, rows, order });

  /**
   * The first records in order are tried one by one; where they hold a whole page, nobody else is looked for. A condition that
   * holds for many so costs the same whatever their number, and one that holds for few but little more.
   */
  function tryFirst({ condition: holds, tries, foundBy, index: name }: NonNullable<typeof near>): SQL {
    const { sorted: value } = key!;
    // As a range of the index; of fewer records than are tried, all are.
    const [within, far] = direction === 'asc' ? [sql`<=`, sql`9e15`] : [sql`>=`, sql`-9e15`];
    // As many as there would be to look at otherwise, where the page can be expected to be full by then.
    const tried = foundBy
      ? sql`(SELECT CASE WHEN n = ${mostCounted} OR n * n > ${wanted} * (SELECT max(id) FROM ${table}) THEN n ELSE 0 END
          FROM (SELECT count(*) AS n FROM (SELECT 1 FROM ${table} WHERE ${foundBy} LIMIT ${mostCounted})))`
      : sql`${Math.max(wanted, Math.min(wanted * tries, mostTried))}`;
    const last = sql`SELECT ${value} FROM ${table} WHERE ${value} ${within} ${far}${beyond}
      ORDER BY ${value} ${sql.raw(direction)}, ${recordId} ${sql.raw(direction)}
      LIMIT 1 OFFSET ${tried}`;
    const isTried = sql`${value} ${within} ifnull((${last}), ${far})`;
    const held = sql`SELECT count(*) FROM near`;
    return sql`WITH near AS MATERIALIZED (SELECT ${recordId} AS k${sql.join(sorted)} FROM ${table} INDEXED BY ${name}
        WHERE ${alive}${beyond} AND ${isTried} AND ${holds} ORDER BY ${order} LIMIT ${wanted})
      SELECT * FROM near WHERE (${held}) > ${limit}
      UNION ALL SELECT * FROM (${found(sql`CASE WHEN (${held}) > ${limit} THEN 0 ELSE ${wanted} END`)}) LIMIT ${wanted}`;
  }

  /** In order of the value, and those without one after or before: for the second, nobody looks where the first fill the page. */
  function walk(way: Walk): SQL {
    const { value } = way;
    const by = sql.raw(direction);
    const sign = sql.raw(direction === 'asc' ? '>' : '<');
    const valueOfNone = 'key' in way ? way.none : null;
    const isNoneFirst = valueOfNone !== null && direction === 'asc';
    const at = after?.values[0] ?? null;
    const isAtNone = at === valueOfNone;
    const past = (id: SQLWrapper) =>
      after && !isAtNone ? sql` AND (${value}, ${id}) ${sign} (${at}, ${after.id})` : sql``;
    const pastNone = (id: SQLWrapper) => (after && isAtNone ? sql` AND ${id} ${sign} ${after.id}` : sql``);
    const some =
      'key' in way
        ? sql`${way.key} AS k, ${value} AS s0 FROM ${way.others} GROUP BY k HAVING ${value} IS NOT NULL${past(way.key)}`
        : sql`${recordId} AS k, ${value} AS s0 FROM ${way.from ?? table} WHERE ${alive} AND ${value} IS NOT NULL${past(recordId)}`;
    // What is left of one index by another, both gone through in order, side by side.
    const isNone =
      'key' in way ? sql` EXCEPT SELECT ${way.key} FROM ${way.others}${pastNone(way.key)}` : sql` AND ${way.none}`;
    const parts = [
      sql`SELECT * FROM (SELECT ${some} ORDER BY s0 ${by}, k ${by} LIMIT ${wanted})`,
      sql`SELECT k, ${valueOfNone} AS s0 FROM (SELECT ${recordId} AS k FROM ${table}
        WHERE ${alive}${pastNone(recordId)}${isNone} ORDER BY k ${by} LIMIT ${wanted})`,
    ];
    if (isNoneFirst) parts.reverse();
    if (after && isAtNone !== isNoneFirst) parts.shift();
    return sql`${sql.join(parts, sql` UNION ALL `)} LIMIT ${wanted}`;
  }
}

function cellOf(name: string, { type, values }: Field): Cell {
  if (type === 'number') return { name, as: 'number' };
  return type === 'reference' && values ? { name, as: 'json' } : { name };
}

const shown = new Map<string, SQL>();
const maxShown = 200;

/** The columns that are shown, `c0` …: compiled once, as text, since most pages show the same. */
function showColumns(entity: QueryEntity, columns: readonly string[]): SQL {
  const key = JSON.stringify([entity, columns]);
  let list = shown.get(key);
  if (!list) {
    const context = new CompileContext();
    list = sql.join(
      columns.map((name, n) => sql`, ${columnOf(entity, name, context).shown} AS ${sql.identifier(`c${n}`)}`),
    );
    const { sql: text, params } = dialect.sqlToQuery(list);
    if (params.length === 0) list = sql.raw(text);
    if (shown.size >= maxShown) shown.clear();
    shown.set(key, list);
  }
  return list;
}

/** Records that are tried for one page, however long it is: a few milliseconds' worth. */
const mostTried = 4_000;
/** Records that are counted to know how many are worth trying: what that takes is little beside looking at so many. */
const mostCounted = 16_000;

/** The index that gives an order, where records may be tried in it: that of a value which all must have, or else of all records. */
export function indexInOrder(entity: QueryEntity, sort: readonly SortKey[], where: Criteria): SQL | undefined {
  const order = orders[entity];
  if (!order || sort.length !== 1 || sort[0]!.field !== order.field) return undefined;
  const isOfValue =
    'all' in where && where.all.some((one) => 'field' in one && one.field === order.value && isExact(one));
  return isOfValue ? order.indexOfValue : order.index;
}

type Order = { field: string; index: SQL; value?: string; indexOfValue?: SQL };

/** Orders that an index of the table gives, whatever is asked, id after the field; and one that does for each value of a broad field. */
const orders: Partial<Record<QueryEntity, Order>> = {
  person: {
    field: 'createdAt',
    index: sql`person_created_at`,
    value: 'leadStatus',
    indexOfValue: sql`person_lead_status`,
  },
  company: {
    field: 'createdAt',
    index: sql`company_created_at`,
    value: 'category',
    indexOfValue: sql`company_category`,
  },
  submission: { field: 'at', index: sql`submission_at` },
};

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

/** How rows are told that were selected with such columns. */
export function readsRows(entity: QueryEntity, columns: readonly string[]): (row: RawRow) => SegmentRow {
  const id = idFieldOf(entity);
  const fields = columns.map((name, n) => ({ name, from: `c${n}`, field: findField(entity, name)! }));
  return (row) => {
    const item: SegmentRow = { [id]: String(row['k']) };
    for (const { name, from, field } of fields) item[name] = toValue(field, row[from] ?? null);
    return item;
  };
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
