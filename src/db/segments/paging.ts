import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { QueryEntity } from '../../domain/segments/fields.ts';
import { living } from '../living.ts';
import { tables } from './stored.ts';
import type { Column, Walk } from './stored.ts';

export type Scalar = string | number | null;

/** Where a page ended: the sort values of its last row, and its id. */
export type SegmentPosition = { values: Scalar[]; id: string | number };

/**
 * How the rows of a page are found.
 * - `walkInOrder`: everybody is wanted, and an index or a grouping gives them in order of the value they are sorted by.
 * - `tryFirstRecords`: the first records in order are asked one by one, before all that the condition holds for are found.
 * - `findAndSort`: all that the condition holds for are found, and the first of them are kept.
 */
export type PagingStrategy = 'walkInOrder' | 'tryFirstRecords' | 'findAndSort';

/**
 * The condition as it is asked of few records, one by one, and how many are tried for each that is wanted. `index` gives the records in
 * order. `foundBy` holds for all that would be looked at otherwise, and is quick to count.
 */
export type NearFirst = { condition: SQL; tries: number; index: string; foundBy: SQL | null };

type Key = Column & { direction: 'asc' | 'desc' };

/** A page as every strategy needs it. The statements give `k` the id and `s0` … the sort values. */
export type Page = {
  table: (typeof tables)[QueryEntity];
  recordId: AnySQLiteColumn;
  condition: SQL;
  /** Leaves out the emptied rows of erased people. */
  alive: SQL;
  keys: Key[];
  sorted: SQL;
  order: SQL;
  direction: 'asc' | 'desc';
  after: SegmentPosition | null;
  /** Continues a condition with what lies behind `after`. */
  beyond: SQL;
  limit: number;
};

export function pageOf({
  entity,
  condition,
  keys,
  after,
  limit,
}: Pick<Page, 'condition' | 'keys' | 'after' | 'limit'> & { entity: QueryEntity }): Page {
  const table = tables[entity];
  const recordId = table.id as AnySQLiteColumn;
  const names = keys.map((_, index) => sql.identifier(`s${index}`));
  const direction = keys.at(-1)?.direction ?? 'asc';
  return {
    table,
    recordId,
    condition,
    keys,
    direction,
    after,
    limit,
    alive: living(entity, table) ?? sql`1`,
    sorted: sql.join(keys.map((key, index) => sql`, ${key.sorted} AS ${names[index]}`)),
    order: sql.join(
      [...keys.map((key, index) => orderBy(key, names[index]!)), direction === 'asc' ? sql`k` : sql`k DESC`],
      sql`, `,
    ),
    beyond: after ? sql` AND ${isAfter({ keys, recordId, after, direction })}` : sql``,
  };
}

/** All that the condition holds for are found, and the first of them kept. */
export function findAndSort(
  { table, recordId, sorted, condition, beyond, order, limit }: Page,
  most: SQL = sql`${limit + 1}`,
): SQL {
  return sql`SELECT ${recordId} AS k${sorted} FROM ${table} WHERE ${condition}${beyond} ORDER BY ${order} LIMIT ${most}`;
}

/** Records that are tried for one page, however long it is: a few milliseconds of work. */
const mostTried = 4_000;
/** Records that are counted to know how many are worth trying: little work beside looking at so many. */
const mostCounted = 16_000;

/**
 * The first records in order are tried one by one. Where they fill the page, nobody else is looked for: a condition that holds for many
 * costs the same whatever their number, and one that holds for few costs little more.
 */
export function tryFirstRecords(page: Page, { condition: holds, tries, foundBy, index }: NearFirst): SQL {
  const { table, recordId, sorted, alive, beyond, order, direction, limit } = page;
  const wanted = limit + 1;
  const { sorted: value } = page.keys[0]!;
  // As a range of the index; where there are fewer records than are tried, all are.
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
  return sql`WITH near AS MATERIALIZED (SELECT ${recordId} AS k${sorted} FROM ${table} INDEXED BY ${sql.raw(index)}
        WHERE ${alive}${beyond} AND ${isTried} AND ${holds} ORDER BY ${order} LIMIT ${wanted})
      SELECT * FROM near WHERE (${held}) > ${limit}
      UNION ALL SELECT * FROM (${findAndSort(page, sql`CASE WHEN (${held}) > ${limit} THEN 0 ELSE ${wanted} END`)}) LIMIT ${wanted}`;
}

/**
 * Records in order of the value, and those without one before or after them. The second part is read only where the first does not fill
 * the page.
 */
export function walkInOrder({ table, recordId, alive, direction, after, limit }: Page, way: Walk): SQL {
  const wanted = limit + 1;
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
  // What one index has and another has not, both read in order, side by side.
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

/** The place of a key in ORDER BY: what has no value comes last, either way round. */
export function orderBy({ direction, notNull }: Pick<Key, 'direction' | 'notNull'>, name: SQLWrapper): SQL {
  // SQLite takes null for the least of all: last when descending. Only where it can be, the order must say otherwise.
  if (direction === 'desc') return sql`${name} DESC`;
  return notNull ? sql`${name}` : sql`${name} ASC NULLS LAST`;
}

/** Whether a record comes after a position, in the order of the keys and then of the id. */
export function isAfter({
  keys,
  recordId,
  after,
  direction,
}: {
  keys: ReadonlyArray<Pick<Key, 'sorted' | 'direction' | 'notNull'>>;
  recordId: SQLWrapper;
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
