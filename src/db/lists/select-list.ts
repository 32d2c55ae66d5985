import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { PlacedFilter } from '../../domain/lists/list-info.ts';
import type { Position } from '../../domain/lists/position.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { Now } from '../../domain/segments/days.ts';
import { isNegation, negations } from '../../domain/segments/fields.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { packRows } from '../packed-rows.ts';
import type { Cell, PackedRows, Row } from '../packed-rows.ts';
import { compileCondition } from '../segments/conditions.ts';
import { isAfter, orderBy } from '../segments/paging.ts';
import { isShownAsReference } from './declare-list.ts';
import type { List, ListField } from './declare-list.ts';
import { placeInList } from './place-in-list.ts';
import type { RecordsOfPage } from './place-in-list.ts';

export type ListValue = string | number | boolean | null | { id: string; name: string };
/** A record as its columns: the id, and each column by its name. */
export type FlatItem = Record<string, ListValue>;

/** A page of a list, in whose order and with one record more than it holds. */
export type ListPage = { condition: SQL; sort: readonly SortKey[]; after: Position | null; limit: number };

function fieldOf(list: List, name: string): ListField {
  const field = list.findField(name);
  if (!field) throw new Error(`There is no field "${name}" of ${list.name}.`);
  return field;
}

/** Filters as one condition on the records of a list. */
export function compileFilters(list: List, { filters, now }: { filters: readonly PlacedFilter[]; now: Now }): SQL[] {
  return filters.map(({ field: name, op, value }) => {
    const field = fieldOf(list, name);
    const positive = isNegation(op) ? negations[op] : op;
    const condition = compileCondition({ stored: field.column.stored, field, op: positive, value, now });
    return isNegation(op) ? sql`((${condition}) IS NOT TRUE)` : condition;
  });
}

export function countList({ from }: List, condition: SQL): SQL {
  return sql`SELECT count(*) AS count FROM ${from} WHERE ${condition}`;
}

/** The whole records of a page: the page is found first, so that what is shown is looked up for its records alone. */
export function recordsOfPage(list: List, page: ListPage): RecordsOfPage {
  const { key } = list;
  const sorted = sortedBy(list, page.sort).map(({ field: { type }, column }) => ({ type, value: column.sorted }));
  return {
    where: sql`${key} IN (${selectKeys(list, page)})`,
    orderBy: orderOf(list, page.sort),
    position: placeInList(key, sorted),
  };
}

/** The columns of a page's records. */
export function selectColumns(
  list: List,
  { columns, ...page }: ListPage & { columns: readonly string[] },
): PackedRows & { toItem: (row: Row) => FlatItem; positionOf: (row: Row) => Position } {
  const shown = columns.map((name) => fieldOf(list, name));
  const sorted = sortedBy(list, page.sort);
  const cells: Cell[] = [
    { name: 'k' },
    ...sorted.map(({ field }, n) => cellOf(`s${n}`, field)),
    ...shown.map((field, n) => cellOf(`c${n}`, field)),
  ];
  const order = orderOf(list, page.sort);
  const rows = sql`SELECT ${list.key} AS k${sql.join(sorted.map(({ column }, n) => sql`, ${column.sorted} AS ${sql.identifier(`s${n}`)}`))}${sql.join(
    shown.map(({ column }, n) => sql`, ${column.shown} AS ${sql.identifier(`c${n}`)}`),
  )}, row_number() OVER (ORDER BY ${sql.join(order, sql`, `)}) AS place FROM ${list.from} WHERE ${list.key} IN (${selectKeys(list, page)})`;
  return {
    ...packRows({ cells, rows, order: sql`place` }),
    toItem: (row) => Object.fromEntries(shown.map((field, n) => [field.name, toValue(field, row[`c${n}`] ?? null)])),
    positionOf: (row) => ({ id: row['k']!, values: sorted.map((_, n) => row[`s${n}`] ?? null) }),
  };
}

function cellOf(name: string, field: ListField): Cell {
  if (field.type === 'number') return { name, as: 'number' };
  return name.startsWith('c') && isShownAsReference(field) ? { name, as: 'json' } : { name };
}

function toValue(field: ListField, value: string | number | null): ListValue {
  if (value === null) return null;
  switch (field.type) {
    case 'date':
      return field.isDay ? String(value) : toIso(Number(value));
    case 'boolean':
      return value === 1;
    case 'reference':
      return isShownAsReference(field) ? (JSON.parse(String(value)) as { id: string; name: string }) : String(value);
    case 'text':
    case 'number':
    case 'list':
      return value;
  }
}

function sortedBy(list: List, sort: readonly SortKey[]) {
  return sort.map(({ field: name, direction }) => {
    const field = fieldOf(list, name);
    return { field, column: field.column, direction };
  });
}

function orderOf(list: List, sort: readonly SortKey[]): SQL[] {
  const keys = sortedBy(list, sort).map(({ column, direction }) => ({ ...column, direction }));
  const direction = sort.at(-1)?.direction ?? 'asc';
  return [...keys.map((key) => orderBy(key, key.sorted)), orderBy({ direction, notNull: true }, list.key)];
}

/** The keys of a page's records and of one more. */
function selectKeys(list: List, { condition, sort, after, limit }: ListPage): SQL {
  const keys = sortedBy(list, sort).map(({ column, direction }) => ({ ...column, direction }));
  const direction = sort.at(-1)?.direction ?? 'asc';
  const beyond = after ? sql` AND ${isAfter({ keys, recordId: list.key, after, direction })}` : sql``;
  return sql`SELECT ${list.key} FROM ${list.from} WHERE ${condition}${beyond}
    ORDER BY ${sql.join(orderOf(list, sort), sql`, `)} LIMIT ${limit + 1}`;
}
