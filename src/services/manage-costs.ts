import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { countCosts, selectCosts, selectCostsPage, toCostView } from '../db/queries/read-costs.ts';
import type { CostCursor, CostFilter, CostView } from '../db/queries/read-costs.ts';
import { cost } from '../db/schema/costs.ts';
import { notFound } from '../domain/errors.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';

type Context = { db: Database };

/** Costs, the latest day first. */
export async function listCosts(
  { db }: Context,
  { page, filter, after }: { page: PageRequest; filter: CostFilter; after: CostCursor | null },
): Promise<Page<CostView>> {
  return readPage({
    db,
    page,
    rows: selectCostsPage(db, { filter, after, limit: page.limit }),
    count: countCosts(db, filter),
    cursorOf: ({ day, originId }) => [day, originId],
    toItem: toCostView,
  });
}

/** @throws KildeError `not_found`. */
export async function readCost({ db }: Context, { id }: { id: number }): Promise<CostView> {
  const [row] = await selectCosts(db, eq(cost.id, id));
  if (!row) throw notFound('cost');
  return toCostView(row);
}

/** @throws KildeError `not_found`. */
export async function deleteCost({ db }: Context, { id }: { id: number }): Promise<void> {
  const deleted = await db.delete(cost).where(eq(cost.id, id)).returning({ id: cost.id });
  if (deleted.length === 0) throw notFound('cost');
}
