import { eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { costList } from '../../db/lists/money-lists.ts';
import { selectCostRows, selectCosts, toCostView } from '../../db/queries/reports/read-costs.ts';
import type { CostView } from '../../db/queries/reports/read-costs.ts';
import { cost } from '../../db/schema/costs.ts';
import { notFound } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';

export { costList };

type Context = { db: Database };

/** Costs, the latest day first. */
export function listCosts(context: ListContext, query: ListQuery): PreparedList<CostView> {
  return prepareList(context, {
    list: costList,
    query,
    records: ({ where, orderBy, position }) =>
      selectCostRows(context.db, position)
        .where(where)
        .orderBy(...orderBy),
    toItem: toCostView,
  });
}

/** The costs with these ids, as far as there are any. One request. */
export async function readCostsOf({ db }: Context, ids: number[]): Promise<CostView[]> {
  if (ids.length === 0) return [];
  return (await selectCosts(db, inArray(cost.id, sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`))).map(
    toCostView,
  );
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
