import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { countDeals, selectDeals, selectDealsPage, toDealView } from '../db/queries/read-deals.ts';
import type { DealCursor, DealFilter, DealView } from '../db/queries/read-deals.ts';
import { deal } from '../db/schema/deals.ts';
import { notFound } from '../domain/errors.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

type Context = { db: Database };

/** Deals, the latest registered first. */
export async function listDeals(
  { db }: Context,
  { page, filter, after }: { page: PageRequest; filter: DealFilter; after: DealCursor | null },
): Promise<Page<DealView>> {
  return readPage({
    db,
    page,
    rows: selectDealsPage(db, { filter, after, limit: page.limit }),
    count: countDeals(db, filter),
    cursorOf: ({ registeredAt, id }) => [registeredAt, id],
    toItem: toDealView,
  });
}

/** @throws KildeError `not_found`. */
export async function readDeal({ db }: Context, { id }: { id: number }): Promise<DealView> {
  const [row] = await selectDeals(db, eq(deal.id, id));
  if (!row) throw notFound('deal');
  return toDealView(row);
}
