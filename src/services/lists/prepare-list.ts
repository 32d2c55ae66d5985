import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { List } from '../../db/lists/declare-list.ts';
import { compileFilters, countList, recordsOfPage, selectColumns } from '../../db/lists/select-list.ts';
import type { Positioned, RecordsOfPage } from '../../db/lists/place-in-list.ts';
import type { FlatItem } from '../../db/lists/select-list.ts';
import type { Row } from '../../db/packed-rows.ts';
import type { Viewer } from '../../db/segments/check-values.ts';
import { selectAsked, severalHaveName } from '../../db/segments/named-records.ts';
import { invalidInput, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import type { ListInfo, ListQuery, PlacedFilter } from '../../domain/lists/list-info.ts';
import type { ListOrder, Position } from '../../domain/lists/position.ts';
import type { ServiceContext } from '../service-context.ts';
import { readListTime } from './read-list-time.ts';

/** `viewer`: who asks, where selections may be named that not everybody sees. */
export type ListContext = Pick<ServiceContext, 'db' | 'clock' | 'settings'> & { viewer?: Viewer | undefined };

/** A list that is read and compiled: what it asks for, and a way to read its pages, all as of the same moment. */
export type PreparedList<Item> = {
  list: Pick<ListInfo, 'name' | 'findField' | 'columns'>;
  query: ListQuery;
  order: ListOrder;
  /** Columns of flat items; null where items are whole records. */
  columns: readonly string[] | null;
  readPage: (page: { after: Position | null; limit: number; count?: boolean }) => Promise<{
    items: Array<Item | FlatItem>;
    next: Position | null;
    count: number;
  }>;
};

type Statement<Result> = BatchItem<'sqlite'> & PromiseLike<Result>;

/**
 * Prepares a list by its declaration. Each page is one request to the database, with the count and the check of references.
 * @param where holds besides what the query asks, for all records of the list.
 * @param path set where the list is one of several of its kind: `webhooks/3/deliveries`. A cursor belongs to it.
 * @param parent set where the list belongs to a record: a statement that gives a row where that is there, and what it is called.
 * @param records reads whole records; it must take `where`, `orderBy`, and `position` among its columns.
 */
export function prepareList<Read, Item>(
  context: ListContext,
  {
    list,
    query,
    where = sql`1`,
    path = list.name,
    parent = null,
    records,
    toItem,
  }: {
    list: List;
    query: ListQuery;
    where?: SQL | undefined;
    path?: string;
    parent?: { found: Statement<unknown[]>; what: string } | null;
    records: (page: RecordsOfPage) => Statement<Array<Read & Positioned<Position>>>;
    toItem: (row: Read) => Item;
  },
): PreparedList<Item> {
  const { db } = context;
  const { sort } = query;
  const chosen = query.columns ?? (query.format === 'csv' ? list.columns : null);
  const columns = chosen && [...new Set([...(list.findField('id') ? ['id'] : []), ...chosen])];
  const asked = askedReferences(list, query.filters);

  return {
    list,
    query,
    columns,
    order: { list: path, sort },
    readPage: async ({ after, limit, count = false }) => {
      const time = await readListTime(context, { list, query });
      const condition = sql.join(
        [
          where,
          ...time.condition(list.moment === null ? null : list.findField(list.moment)!),
          ...compileFilters(list, { filters: query.filters, now: time.now }),
        ],
        sql` AND `,
      );
      const page = { condition, sort, after, limit };
      const flat = columns && selectColumns(list, { ...page, columns });
      const statements: Array<BatchItem<'sqlite'>> = [
        flat ? db.all<Row>(flat.statement) : records(recordsOfPage(list, page)),
      ];
      if (count) statements.push(db.all<{ count: number }>(countList(list, condition)));
      if (parent) statements.push(parent.found);
      const isChecked = after === null && asked.length > 0;
      if (isChecked) statements.push(...asked.map(({ records: of, values }) => db.all(selectAsked(of, values))));
      const results = (
        statements.length === 1
          ? [await (statements[0] as Statement<unknown[]>)]
          : await db.batch(statements as [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>])
      ) as unknown[][];
      const [read, ...rest] = results;
      const counted = count ? (rest.shift() as Array<{ count: number }>)[0]!.count : 0;
      if (parent && rest.shift()!.length === 0) throw notFound(parent.what);
      if (isChecked) refuseUnknown(asked, rest as AskedRow[][]);
      if (flat) {
        const rows = flat.unpack(read as Row[]);
        const kept = rows.slice(0, limit);
        return {
          items: kept.map(flat.toItem),
          next: rows.length > limit ? flat.positionOf(kept.at(-1)!) : null,
          count: counted,
        };
      }
      const rows = read as Array<Read & Positioned<Position>>;
      const kept = rows.slice(0, limit);
      return {
        items: kept.map((row) => toItem(withoutPlace(row))),
        next: rows.length > limit ? kept.at(-1)!.placeInList : null,
        count: counted,
      };
    },
  };
}

/** The same list with whole records completed by more than the database gave. Flat items stay as they are. */
export function completeItems<Item, Whole>(
  list: PreparedList<Item>,
  complete: (items: Item[]) => Whole[] | Promise<Whole[]>,
): PreparedList<Whole> {
  const { columns } = list;
  return {
    ...list,
    readPage: async (page) => {
      const { items, ...rest } = await list.readPage(page);
      return { ...rest, items: columns ? (items as FlatItem[]) : await complete(items as Item[]) };
    },
  };
}

function withoutPlace<Read>({ placeInList: _place, ...row }: Read & Positioned<Position>): Read {
  return row as Read;
}

type Asked = {
  records: Parameters<typeof selectAsked>[0];
  values: string[];
  placed: Array<{ value: string; location: string }>;
};
type AskedRow = { asked: string; is_id: number; ids: string };

/** The references that filters name, by the records that they may be. */
function askedReferences(list: List, filters: readonly PlacedFilter[]): Asked[] {
  const found: Asked[] = [];
  for (const { field, value, location } of filters) {
    const stored = list.findField(field)?.column.stored;
    if (value === undefined || stored?.kind !== 'id' || !stored.named) continue;
    const values = (Array.isArray(value) ? value : [value]).map(String);
    const known = found.find((one) => one.records === stored.named);
    const placed = values.map((one) => ({ value: one, location }));
    if (known) {
      known.values.push(...values);
      known.placed.push(...placed);
    } else found.push({ records: stored.named, values, placed });
  }
  return found;
}

/** @throws KildeError `invalid_input` for an id or a name that no record has, and for a name that several have. */
function refuseUnknown(asked: readonly Asked[], rows: readonly AskedRow[][]): void {
  const errors: InputError[] = [];
  for (const [index, { records, placed }] of asked.entries()) {
    const answers = new Map(rows[index]!.map((row) => [row.asked, row]));
    for (const { value, location } of placed) {
      const row = answers.get(value);
      const ids = row ? (JSON.parse(row.ids) as string[]) : [];
      if (row?.is_id === 1 || ids.length === 1) continue;
      if (ids.length === 0) errors.push({ location, message: `There is no ${records.what} '${value.slice(0, 100)}'.` });
      else {
        errors.push(severalHaveName({ what: records.what, name: value, ids, location }));
      }
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
}
