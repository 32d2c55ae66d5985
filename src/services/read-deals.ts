import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { countDeals, selectDeals, selectDealsPage, toDealView } from '../db/queries/read-deals.ts';
import type { DealCursor, DealFilter, DealView } from '../db/queries/read-deals.ts';
import { deal } from '../db/schema/deals.ts';
import { notFound } from '../domain/errors.ts';
import type { When } from '../domain/when.ts';
import { readPage } from './read-page.ts';
import { readPeriod } from './read-period.ts';
import type { ServiceContext } from './service-context.ts';
import type { Page, PageRequest } from './read-page.ts';

type Context = { db: Database };

type GivenDealFilter = Omit<DealFilter, 'from' | 'to'> & Partial<Record<'from' | 'to', When | undefined>>;

/** Deals, the latest registered first. */
export async function listDeals(
  { db, settings }: Context & Pick<ServiceContext, 'settings'>,
  {
    page,
    filter: { from: first, to: last, ...others },
    after,
  }: { page: PageRequest; filter: GivenDealFilter; after: DealCursor | null },
): Promise<Page<DealView>> {
  const { from, to } = await readPeriod({ settings }, { from: first, to: last });
  const filter = { ...others, from, to };
  return readPage({
    db,
    page,
    rows: selectDealsPage(db, { filter, after, limit: page.limit }),
    count: countDeals(db, filter),
    cursorOf: ({ createdAt, id }) => [createdAt, id],
    toItem: toDealView,
  });
}

/** @throws KildeError `not_found`. */
export async function readDeal({ db }: Context, { id }: { id: number }): Promise<DealView> {
  const [row] = await selectDeals(db, eq(deal.id, id));
  if (!row) throw notFound('deal');
  return toDealView(row);
}
