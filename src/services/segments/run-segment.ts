import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { Positioned, RecordsOfPage } from '../../db/lists/place-in-list.ts';
import { checkValues } from '../../db/segments/check-values.ts';
import type { CheckedValue, Viewer } from '../../db/segments/check-values.ts';
import { compileCount, compileCriteria } from '../../db/segments/compile.ts';
import type { CompileSelection } from '../../db/segments/compile.ts';
import { CompileContext } from '../../db/segments/context.ts';
import { findField } from '../../db/segments/fields.ts';
import {
  countSegment,
  indexInOrder,
  positionOf,
  readsRows,
  recordsOfSegment,
  selectSegment,
} from '../../db/segments/select.ts';
import type { PagingStrategy, SegmentPosition } from '../../db/segments/paging.ts';
import type { RawRow, SegmentRow } from '../../db/segments/select.ts';
import { foundBy, isEverything, mayHoldForMany, triesFor } from '../../db/segments/selectivity.ts';
import { invalidInput } from '../../domain/errors.ts';
import { countsDays } from '../../domain/segments/criteria.ts';
import type { Criteria } from '../../domain/segments/criteria.ts';
import { decodePosition, encodePosition } from '../../domain/lists/position.ts';
import type { Now } from '../../domain/segments/days.ts';
import type { QueryEntity } from '../../domain/segments/fields.ts';
import { parseSegment } from '../../domain/segments/query.ts';
import type { SegmentShape, SortKey } from '../../domain/segments/query.ts';
import { readSettings } from '../change-settings.ts';
import { readSelectionCompiler } from './read-definitions.ts';
import type { ServiceContext } from '../service-context.ts';

export type SegmentContext = Pick<ServiceContext, 'db' | 'clock' | 'settings'> & {
  /** Who asks: private selections of others are unknown to them. Unset, all are known. */
  viewer?: Viewer | undefined;
};

export type SegmentQuery = {
  entity: QueryEntity;
  /** A criteria tree as it was sent; none is everything. */
  where?: unknown;
  columns?: string[] | null | undefined;
  sort?: SortKey[] | null | undefined;
  limit: number;
  cursor?: string | null | undefined;
  count?: boolean | undefined;
  /** IANA name; the default site's where unset. */
  timeZone?: string | undefined;
};

export type SegmentOptions = {
  /** How members of selections are found, where their definitions have been read already. */
  compileSelection?: CompileSelection | undefined;
  /** A condition that holds besides, on the entity's own table. */
  and?: SQL | undefined;
  /** A statement of the request of the first page; `check` refuses what it gives by an error. */
  alongside?: { statement: BatchItem<'sqlite'>; check: (rows: unknown) => void } | undefined;
};

export type SegmentPage = { items: SegmentRow[]; nextCursor: string | null; count?: number };

/**
 * One page of the records that criteria hold for, and their count where asked for, in one round trip.
 * @throws KildeError `invalid_input`, naming the place in the query: `where.all[1].op`, `body.columns[2]`.
 */
export async function runSegment(
  context: SegmentContext,
  query: SegmentQuery,
  options: SegmentOptions = {},
): Promise<SegmentPage> {
  const { limit, cursor, count = false } = query;
  const segment = await prepareSegment(context, query, options);
  const order = { list: `segments/${segment.entity}`, sort: segment.sort };
  const after = cursor ? decodePosition(cursor, { ...order, location: 'body.cursor' }) : null;
  const read = await segment.readPage({ after, limit, count });
  return {
    items: read.items,
    nextCursor: read.next && encodePosition(read.next, order),
    ...(count ? { count: read.count } : {}),
  };
}

type PageOfSegment = { after: SegmentPosition | null; limit: number; count?: boolean };

type PageRead = { items: SegmentRow[]; next: SegmentPosition | null; count: number };

/** A query that is read and compiled: what it asks for, and a way to read its pages, all as of the same moment. */
export type PreparedSegment = SegmentShape & {
  entity: QueryEntity;
  readPage: (page: PageOfSegment) => Promise<PageRead>;
  /** Reads whole records in the place of columns; `records` makes the statement, with `placeInList` among its columns. */
  readRecords: <Read>(
    page: PageOfSegment,
    records: (page: RecordsOfPage) => PromiseLike<Array<Read & Positioned<SegmentPosition>>> & BatchItem<'sqlite'>,
  ) => Promise<{ items: Array<Read & Positioned<SegmentPosition>>; next: SegmentPosition | null; count: number }>;
  /** How a page's rows are found, for tests and for whoever asks why a query is slow. */
  explain(page: { limit: number }): { paging: PagingStrategy };
};

/** @throws KildeError `invalid_input`, also from `readPage`, which learns which values of lists there are. */
export async function prepareSegment(
  context: SegmentContext,
  query: Pick<SegmentQuery, 'entity' | 'where' | 'columns' | 'sort' | 'timeZone'>,
  { compileSelection, and, alongside }: SegmentOptions = {},
): Promise<PreparedSegment> {
  const { db } = context;
  const { entity } = query;
  const { where, columns, sort } = parseSegment(query, findField);
  const now = await readNow(context, { criteria: where, timeZone: query.timeZone });
  const selections = compileSelection ?? (await readSelectionCompiler(context, { where, entity }));
  const compileOptions = { entity, now, ...(selections ? { compileSelection: selections } : {}) };
  const withAnd = (criteria: SQL) => (and ? sql`(${criteria}) AND (${and})` : criteria);
  const condition = withAnd(compileCriteria(where, compileOptions));
  const narrow = foundBy(where, entity);
  const index = indexInOrder(entity, sort, where);
  const near =
    index && mayHoldForMany(where, entity)
      ? {
          index,
          foundBy: narrow ? compileCriteria(narrow, compileOptions) : null,
          condition: withAnd(
            compileCriteria(where, { ...compileOptions, context: new CompileContext({ ofEach: true }) }),
          ),
          tries: triesFor(where, entity),
        }
      : null;
  const check = checkValues(where, { entity, viewer: context.viewer });

  const isEverybody = !and && isEverything(where);
  const asked = ({ after, limit }: { after: SegmentPosition | null; limit: number }) => ({
    entity,
    condition,
    near,
    isEverybody,
    sort,
    after,
    limit,
  });

  let waiting = alongside;
  /** A page with its count and the check of values, in one request. */
  const readWith = async (
    page: BatchItem<'sqlite'> & PromiseLike<unknown>,
    { after, count = false }: PageOfSegment,
  ): Promise<{ rows: unknown; count: number }> => {
    const statements: [BatchItem<'sqlite'>, ...Array<BatchItem<'sqlite'>>] = [page];
    if (count) statements.push(db.all(and ? countSegment({ entity, condition }) : compileCount(where, compileOptions)));
    const besides = waiting;
    waiting = undefined;
    if (besides) statements.push(besides.statement);
    const isChecked = check !== null && after === null;
    if (isChecked) statements.push(db.all(check.statement));
    const results = (statements.length === 1 ? [await page] : await db.batch(statements)) as unknown[];
    besides?.check(results[count ? 2 : 1]);
    if (isChecked) {
      const errors = check.errorsOf(results.at(-1) as CheckedValue[]);
      if (errors.length > 0) throw invalidInput(errors);
    }
    return { rows: results[0], count: count ? (results[1] as Array<{ n: number }>)[0]!.n : 0 };
  };

  return {
    entity,
    where,
    columns,
    sort,
    explain: ({ limit }) => ({ paging: selectSegment({ ...asked({ after: null, limit }), columns }).paging }),
    readPage: async (page) => {
      const found = selectSegment({ ...asked(page), columns });
      const { rows: raw, count } = await readWith(db.all<RawRow>(found.statement), page);
      const rows = found.unpack(raw as RawRow[]);
      const kept = rows.slice(0, page.limit);
      const last = kept.at(-1);
      return {
        items: kept.map(readsRows(entity, columns)),
        next: rows.length > page.limit && last ? positionOf(last, sort) : null,
        count,
      };
    },
    readRecords: async <Read>(
      page: PageOfSegment,
      records: (page: RecordsOfPage) => PromiseLike<Array<Read & Positioned<SegmentPosition>>> & BatchItem<'sqlite'>,
    ) => {
      const { rows, count } = await readWith(records(recordsOfSegment(asked(page))), page);
      const read = rows as Array<Read & Positioned<SegmentPosition>>;
      const items = read.slice(0, page.limit);
      return { items, next: read.length > page.limit ? items.at(-1)!.placeInList : null, count };
    },
  };
}

/**
 * Now, and the time zone that days are counted in: the default site's, where no other is asked for. It is read only for
 * criteria that count days; kept in memory, it is no round trip.
 */
export async function readNow(
  { clock, settings }: Pick<SegmentContext, 'clock' | 'settings'>,
  { criteria, timeZone }: { criteria: Criteria; timeZone?: string | undefined },
): Promise<Now> {
  const at = clock();
  if (timeZone !== undefined || !countsDays(criteria)) return { at, timeZone: timeZone ?? 'UTC' };
  const { defaultSite } = await readSettings({ settings });
  return { at, timeZone: defaultSite.timeZone };
}
