import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { toIso } from '../../domain/iso-time.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import type { QueryEntity } from '../../domain/segments/fields.ts';
import type { SortKey } from '../../domain/segments/query.ts';
import { dialect } from '../dialect.ts';
import { placeInList } from '../lists/place-in-list.ts';
import type { RecordsOfPage } from '../lists/place-in-list.ts';
import { packRows } from '../packed-rows.ts';
import type { Cell, PackedRows, Row } from '../packed-rows.ts';
import { CompileContext } from './context.ts';
import { findField } from './fields.ts';
import type { Field } from './fields.ts';
import { findAndSort, orderBy, pageOf, tryFirstRecords, walkInOrder } from './paging.ts';
import type { NearFirst, PagingStrategy, Scalar, SegmentPosition } from './paging.ts';
import { isExact } from './selectivity.ts';
import { tables } from './stored.ts';
import type { Column } from './stored.ts';

export type SegmentValue = string | number | boolean | null | { id: string; name: string };
export type SegmentRow = Record<string, SegmentValue>;

/** Rows as the database gives them: `k` the id, `c0` … the columns, `s0` … the sort values. */
export type RawRow = Row;

type PageAsked = {
  entity: QueryEntity;
  condition: SQL;
  near?: NearFirst | null;
  /** Set where the condition leaves out nobody but the erased: then records are read in order of what they are sorted by. */
  isEverybody?: boolean;
  sort: readonly SortKey[];
  after: SegmentPosition | null;
  limit: number;
};

/** One page, with one row more than it holds. Rows with nothing in a sort field come last, either way round. */
export function selectSegment({
  columns,
  ...asked
}: PageAsked & { columns: readonly string[] }): PackedRows & { paging: PagingStrategy } {
  const { entity, sort } = asked;
  const table = tables[entity];
  const { found, page, paging } = findPage(asked);
  // The page is found first: what is shown is looked up for its rows alone, not for all that had to be put in order.
  const rows = sql`SELECT page.*${showColumns(entity, columns)} FROM (${found}) page CROSS JOIN ${table} ON ${page.recordId} = page.k`;
  const cells: Cell[] = [
    { name: 'k' },
    ...sort.map(({ field }, n) => cellOf(`s${n}`, findField(entity, field)!)),
    ...columns.map((name, n) => cellOf(`c${n}`, findField(entity, name)!)),
  ];
  return { ...packRows({ cells, rows, order: page.order }), paging };
}

/** The ids of a page's records as `k`, with what they are sorted by. */
function findPage({ entity, condition, sort, after, limit, near = null, isEverybody = false }: PageAsked) {
  const context = new CompileContext();
  const keys = sort.map(({ field, direction }) => ({ ...columnOf(entity, field, context), direction }));
  const page = pageOf({ entity, condition, keys, after, limit });
  const [key] = keys;
  const walk = isEverybody && keys.length === 1 ? key?.walk?.() : null;
  const paging: PagingStrategy = walk ? 'walkInOrder' : near ? 'tryFirstRecords' : 'findAndSort';
  const found = walk ? walkInOrder(page, walk) : near ? tryFirstRecords(page, near) : findAndSort(page);
  return { found, page, paging };
}

/** What a statement on the entity's table needs to read the whole records of a page. */
export function recordsOfSegment(asked: PageAsked): RecordsOfPage {
  const { entity, sort } = asked;
  const { found, page } = findPage(asked);
  const context = new CompileContext();
  const keys = sort.map(({ field, direction }) => ({ ...columnOf(entity, field, context), direction }));
  const sorted = sort.map(({ field }, n) => ({ type: findField(entity, field)!.type, value: keys[n]!.sorted }));
  const { recordId, direction } = page;
  return {
    where: sql`${recordId} IN (SELECT k FROM (${found}))`,
    orderBy: [...keys.map((key) => orderBy(key, key.sorted)), orderBy({ direction, notNull: true }, recordId)],
    position: placeInList(recordId, sorted),
  };
}

function cellOf(name: string, { type, isRecord }: Field): Cell {
  if (type === 'number') return { name, as: 'number' };
  return isRecord ? { name, as: 'json' } : { name };
}

const shown = new Map<string, SQL>();
const maxShown = 200;

/** The columns that are shown, `c0` …: compiled once, as text, since most pages show the same. */
function showColumns(entity: QueryEntity, columns: readonly string[]): SQL {
  const key = JSON.stringify([entity, columns]);
  let list = shown.get(key);
  if (!list) {
    const context = new CompileContext();
    list = sql.join(columns.map((name, n) => sql`, ${shownOf(entity, name, context)} AS ${sql.identifier(`c${n}`)}`));
    const { sql: text, params } = dialect.sqlToQuery(list);
    if (params.length === 0) list = sql.raw(text);
    if (shown.size >= maxShown) shown.clear();
    shown.set(key, list);
  }
  return list;
}

/** The index that gives an order, where records may be tried in it: that of a value which all must have, or else of all records. */
export function indexInOrder(entity: QueryEntity, sort: readonly SortKey[], where: Criteria): string | undefined {
  const order = orders[entity];
  if (!order || sort.length !== 1 || sort[0]!.field !== order.field) return undefined;
  const isOfValue =
    'all' in where && where.all.some((one) => 'field' in one && one.field === order.value && isExact(one));
  return isOfValue ? order.indexOfValue : order.index;
}

type Order = { field: string; index: string; value?: string; indexOfValue?: string };

/** Orders that an index of the table gives, whatever is asked, id after the field; and one that does for each value of a broad field. */
export const orders: Partial<Record<QueryEntity, Order>> = {
  person: {
    field: 'createdAt',
    index: 'person_created_at',
    value: 'leadStatus',
    indexOfValue: 'person_lead_status',
  },
  company: {
    field: 'createdAt',
    index: 'company_created_at',
    value: 'category',
    indexOfValue: 'company_category',
  },
  submission: { field: 'at', index: 'submission_at' },
};

export function countSegment({ entity, condition }: { entity: QueryEntity; condition: SQL }): SQL {
  return sql`SELECT count(*) AS n FROM ${tables[entity]} WHERE ${condition}`;
}

function shownOf(entity: QueryEntity, name: string, context: CompileContext): SQLWrapper {
  const { shown: value, record } = columnOf(entity, name, context);
  return (findField(entity, name)!.isRecord && record) || value;
}

function columnOf(entity: QueryEntity, name: string, context: CompileContext): Column {
  const field = findField(entity, name);
  if (!field) throw new Error(`There is no field "${name}" of a ${entity}.`);
  return field.column(tables[entity], context);
}

/** How to read rows that were selected with such columns. */
export function readsRows(entity: QueryEntity, columns: readonly string[]): (row: RawRow) => SegmentRow {
  const fields = columns.map((name, n) => ({ name, from: `c${n}`, field: findField(entity, name)! }));
  return (row) => {
    const item: SegmentRow = { id: String(row['k']) };
    for (const { name, from, field } of fields) item[name] = toValue(field, row[from] ?? null);
    return item;
  };
}

function toValue({ type, isRecord }: Field, value: Scalar): SegmentValue {
  if (value === null) return null;
  if (isRecord) return JSON.parse(String(value)) as { id: string; name: string };
  switch (type) {
    case 'date':
      // A calendar day stays one.
      return typeof value === 'string' ? value : toIso(value);
    case 'boolean':
      return value === 1;
    case 'reference':
      return String(value);
    case 'text':
    case 'number':
    case 'list':
      return value;
  }
}

export function positionOf(row: RawRow, sort: readonly SortKey[]): SegmentPosition {
  return { values: sort.map((_, index) => row[`s${index}`] ?? null), id: row['k']! };
}
