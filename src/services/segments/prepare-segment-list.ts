import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Positioned, RecordsOfPage } from '../../db/lists/place-in-list.ts';
import { selection } from '../../db/schema/people.ts';
import { isVisible } from '../../db/segments/check-values.ts';
import { fields, findField } from '../../db/segments/fields.ts';
import { namedRecords, selectAsked, severalHaveName } from '../../db/segments/named-records.ts';
import { tables } from '../../db/segments/stored.ts';
import { CompileContext } from '../../db/segments/context.ts';
import { invalidInput, KildeError } from '../../domain/errors.ts';
import type { ListFieldInfo, ListInfo, ListQuery, PlacedFilter } from '../../domain/lists/list-info.ts';
import type { Position } from '../../domain/lists/position.ts';
import type { FieldCondition } from '../../domain/segments/criteria.ts';
import type { Now } from '../../domain/segments/days.ts';
import { relations, selectionOperators } from '../../domain/segments/fields.ts';
import type { QueryEntity } from '../../domain/segments/fields.ts';
import { defaults } from '../../domain/segments/query.ts';
import { prepareSegment } from './run-segment.ts';
import type { PreparedSegment, SegmentOptions } from './run-segment.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { readListTime } from '../lists/read-list-time.ts';

/** In a selection or not: a condition that has no column. */
const selectionField: ListFieldInfo = {
  name: 'selection',
  type: 'reference',
  label: { en: 'Selection', no: 'Utvalg' },
  operators: selectionOperators,
  values: null,
  ids: 'number',
  isNamed: true,
  isConditionOnly: true,
  sortable: false,
  filterable: true,
};

/** The list of an entity that criteria can be asked of: its filters are conditions on the same fields. */
export function listOfEntity(entity: QueryEntity, name: string): ListInfo {
  const others = relations[entity].includes('selection') ? [selectionField] : [];
  return {
    name,
    fields: [...fields[entity], ...others],
    findField: (one) => findField(entity, one) ?? others.find((other) => other.name === one),
    hasAnswers: entity === 'submission',
    moment: entity === 'submission' || entity === 'touch' ? 'at' : 'createdAt',
    sort: defaults[entity].sort,
    columns: defaults[entity].columns,
  };
}

/** Set where the list has a part of its entity's records, such as the members of a selection: which, and the path that a cursor belongs to. */
export type ListWithin = { path?: string; options?: SegmentOptions };

/**
 * Prepares the list of an entity. Its filters become criteria as `POST /segments/query` takes them, and its pages are found as that
 * finds them.
 * @param instead a filter that is not asked of the field alone: gives its condition, or null.
 * @param records reads whole records from the entity's own table; unset, items are always flat.
 */
export function prepareSegmentList<Read, Item>(
  context: ListContext,
  {
    entity,
    list,
    query,
    path = list.name,
    options = {},
    instead = () => null,
    records,
    toItem,
  }: {
    entity: QueryEntity;
    list: ListInfo;
    query: ListQuery;
    instead?: (filter: PlacedFilter) => SQL | null;
    records: ((page: RecordsOfPage) => BatchItem<'sqlite'> & PromiseLike<Array<Read & Positioned<Position>>>) | null;
    toItem: (row: Read) => Item;
  } & ListWithin,
): PreparedList<Item> {
  const { sort } = query;
  const isFlat = records === null || query.columns !== null || query.format === 'csv';
  const columns = query.columns ?? list.columns;
  let prepared: Promise<PreparedSegment> | undefined;
  let placed: readonly PlacedFilter[] = [];
  const prepare = async (): Promise<PreparedSegment> => {
    const read = await readFilters(context, { entity, list, query, and: options.and, instead });
    ({ placed } = read);
    return prepareSegment(
      context,
      { entity, where: read.where, columns: [...columns], sort: [...sort], timeZone: read.now.timeZone },
      { ...options, and: read.and },
    );
  };

  return {
    list,
    query,
    order: { list: path, sort },
    columns: isFlat ? [...new Set(['id', ...columns])] : null,
    readPage: async (page) =>
      inQueryString(
        () => placed,
        async () => {
          const segment = await (prepared ??= prepare());
          if (isFlat) return segment.readPage(page);
          const { items, next, count } = await segment.readRecords(page, records);
          return { items: items.map((row) => toItem(withoutPlace(row))), next, count };
        },
      ),
  };
}

function withoutPlace<Read>({ placeInList: _place, ...row }: Read & Positioned<Position>): Read {
  return row as Read;
}

/** The filters of a query string as criteria, and what else they ask for. */
export type ReadFilters = {
  where: { all: FieldCondition[] };
  /** Holds besides. */
  and: SQL | undefined;
  now: Now;
  /** The filters in the order that their criteria have. */
  placed: readonly PlacedFilter[];
};

/** @throws KildeError `invalid_input` for a selection that does not exist. */
export async function readFilters(
  context: ListContext,
  {
    entity,
    list,
    query,
    and: besides,
    instead = () => null,
  }: {
    entity: QueryEntity;
    list: ListInfo;
    query: ListQuery;
    and?: SQL | undefined;
    instead?: ((filter: PlacedFilter) => SQL | null) | undefined;
  },
): Promise<ReadFilters> {
  const { now, condition } = await readListTime(context, { list, query });
  const filters = await withSelectionIds(context, query.filters);
  const conditions = filters.map((filter) => ({ filter, other: instead(filter) }));
  const moment = list.moment === null ? null : findField(entity, list.moment)!;
  const and = [
    ...(besides ? [besides] : []),
    ...conditions.flatMap(({ other }) => other ?? []),
    ...condition(moment && { column: moment.column(tables[entity], new CompileContext()), isDay: false }),
  ];
  const placed = conditions.flatMap(({ filter, other }) => (other === null ? [filter] : []));
  const all = placed.map(({ location: _location, ...one }): FieldCondition => one);
  return { where: { all }, and: and.length > 0 ? sql.join(and, sql` AND `) : undefined, now, placed };
}

/** Selections that are named, by their ids: what they are made of is read by id. @throws KildeError `invalid_input`. */
async function withSelectionIds(
  { db, viewer }: ListContext,
  filters: readonly PlacedFilter[],
): Promise<PlacedFilter[]> {
  const isNamed = ({ field, value }: PlacedFilter) => field === 'selection' && !/^[1-9]\d{0,14}$/.test(value as string);
  const named = filters.filter(isNamed);
  if (named.length === 0) return [...filters];
  const rows = await db.all<{ asked: string; ids: string }>(
    selectAsked(
      viewer
        ? { ...namedRecords.selection, table: sql`(SELECT * FROM ${selection} WHERE ${isVisible(viewer)})` }
        : namedRecords.selection,
      named.map(({ value }) => value as string),
    ),
  );
  return filters.map((filter) => {
    if (!isNamed(filter)) return filter;
    const { location } = filter;
    const name = filter.value as string;
    const ids = JSON.parse(rows.find(({ asked }) => asked === name)?.ids ?? '[]') as string[];
    if (ids.length > 1) throw invalidInput([severalHaveName({ what: 'selection', name, ids, location })]);
    if (ids.length === 0) throw invalidInput([{ location, message: `There is no selection '${name.slice(0, 100)}'.` }]);
    return { ...filter, value: ids[0]! };
  });
}

/** Names the places of mistakes as those of the query string, where criteria know them as those of a tree. */
export async function inQueryString<T>(filters: () => readonly PlacedFilter[], answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof KildeError) || error.errors.length === 0) throw error;
    const errors = error.errors.map((one) => ({
      ...one,
      location: one.location.replace(/^where(\.all\[(\d+)\])?.*$/s, (_all, _index, index: string | undefined) =>
        index === undefined ? 'query' : (filters()[Number(index)]?.location ?? 'query'),
      ),
    }));
    if (error.code === 'invalid_input') throw invalidInput(errors, error.more);
    throw new KildeError(error.code, error.message.replace(/^where[^:]*/, errors[0]!.location), errors, error.more);
  }
}
