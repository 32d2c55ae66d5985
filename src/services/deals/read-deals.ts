import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { selectDeals, selectDealsOfPage, toDealView } from '../../db/queries/deals/read-deals.ts';
import type { DealView } from '../../db/queries/deals/read-deals.ts';
import { deal } from '../../db/schema/deals.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { listOfEntity, prepareSegmentList } from '../segments/prepare-segment-list.ts';
import type { ListWithin } from '../segments/prepare-segment-list.ts';

type Context = { db: Database };

export const dealList = listOfEntity('deal', 'deals');

/** Deals, the latest registered first. */
export function listDeals(context: ListContext, query: ListQuery, within: ListWithin = {}): PreparedList<DealView> {
  return prepareSegmentList(context, {
    entity: 'deal',
    list: dealList,
    query,
    ...within,
    // The identity at the other system, which an index finds as it is spelt.
    instead: ({ field, op, value }) =>
      field === 'externalId' && op === 'equals' ? eq(deal.externalId, value as string) : null,
    records: (page) => selectDealsOfPage(context.db, page),
    toItem: toDealView,
  });
}

/** The deals with these ids, as far as there are any. One request. */
export async function readDealsOf({ db }: Pick<Context, 'db'>, ids: number[]): Promise<DealView[]> {
  if (ids.length === 0) return [];
  return (await selectDeals(db, sql`${deal.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)).map(
    toDealView,
  );
}

/** @throws KildeError `not_found`. */
export async function readDeal({ db }: Context, { id }: { id: number }): Promise<DealView> {
  const [row] = await selectDeals(db, eq(deal.id, id));
  if (!row) throw notFound('deal');
  return toDealView(row);
}
