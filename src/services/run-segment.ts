import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { compileCriteria } from '../db/segments/compile.ts';
import type { CompileSelection } from '../db/segments/compile.ts';
import { findField } from '../db/segments/fields.ts';
import { countSegment, positionOf, selectSegment, toSegmentRow } from '../db/segments/select.ts';
import type { RawRow, SegmentRow } from '../db/segments/select.ts';
import { decodePosition, encodePosition } from '../domain/segments/cursor.ts';
import { countsDays } from '../domain/segments/criteria.ts';
import type { Criteria } from '../domain/segments/criteria.ts';
import type { Now } from '../domain/segments/days.ts';
import type { QueryEntity } from '../domain/segments/fields.ts';
import { parseSegment } from '../domain/segments/query.ts';
import type { SortKey } from '../domain/segments/query.ts';
import { readSettings } from './change-settings.ts';
import type { ServiceContext } from './service-context.ts';

export type SegmentContext = Pick<ServiceContext, 'db' | 'clock' | 'settings'>;

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
  /** How members of selections are found; see `compileCriteria`. */
  compileSelection?: CompileSelection | undefined;
  /** A condition that holds besides, on the entity's own table. */
  and?: SQL | undefined;
};

export type SegmentPage = { items: SegmentRow[]; nextCursor: string | null; count?: number };

/**
 * One page of the records that criteria hold for, and their count where asked for, in one round trip.
 * @throws KildeError `invalid_input`, naming the place in the query: `where.all[1].op`, `columns[2]`, `cursor`.
 */
export async function runSegment(
  context: SegmentContext,
  query: SegmentQuery,
  { compileSelection, and }: SegmentOptions = {},
): Promise<SegmentPage> {
  const { entity, limit, cursor, count = false } = query;
  const { where, columns, sort } = parseSegment(query, findField);
  const after = cursor ? decodePosition(cursor, sort) : null;
  const now = await readNow(context, { criteria: where, timeZone: query.timeZone });
  const criteria = compileCriteria(where, { entity, now, ...(compileSelection ? { compileSelection } : {}) });
  const condition = and ? sql`(${criteria}) AND (${and})` : criteria;

  const { db } = context;
  const page = db.all<RawRow>(selectSegment({ entity, condition, columns, sort, after, limit }));
  if (!count) return cut(await page);
  const [rows, counted] = await db.batch([page, db.all<{ n: number }>(countSegment({ entity, condition }))]);
  return { ...cut(rows), count: counted[0]?.n ?? 0 };

  function cut(rows: RawRow[]): SegmentPage {
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => toSegmentRow(row, { entity, columns })),
      nextCursor: rows.length > limit && last ? encodePosition(positionOf(last, sort), sort) : null,
    };
  }
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
