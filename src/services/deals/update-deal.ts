import type { DealView } from '../../db/queries/deals/read-deals.ts';
import type { ServiceContext } from '../service-context.ts';
import { readDeal } from './read-deals.ts';
import { storeDeals } from './upsert-deals.ts';
import type { DealToStore } from './upsert-deals.ts';

/**
 * Changes a deal. What is left out stays as it is; null empties.
 * @throws KildeError `not_found`; `invalid_input`; `conflict` where the deal has another stage or owner than the caller has seen.
 */
export async function updateDeal(
  context: ServiceContext,
  { id, changes }: { id: number; changes: Omit<DealToStore, 'id' | 'externalId'> },
): Promise<DealView> {
  await storeDeals(context, { deals: [{ id, ...changes }], locationOf: () => 'body' });
  return readDeal(context, { id });
}
