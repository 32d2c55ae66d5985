import type { DealView } from '../../db/queries/deals/read-deals.ts';
import type { When } from '../../domain/when.ts';
import type { ServiceContext } from '../service-context.ts';
import { updateDeal } from './update-deal.ts';

/** A card of the deal board that is moved. `from` is the column that the caller has seen. */
export type DealMove = {
  id: number;
  closedAt?: When | undefined;
  lostReason?: string | null | undefined;
} & ({ field: 'stage'; from: number; to: number } | { field: 'owner'; from: number | null; to: number | null });

/**
 * Moves a deal to another stage or owner, if it still has the one that it was moved from.
 * @throws KildeError `not_found`; `invalid_input`, also where a deal that is won or lost has no day; `conflict` where it has been moved
 *   meanwhile.
 */
export async function moveDeal(context: ServiceContext, move: DealMove): Promise<DealView> {
  const { id, closedAt, lostReason } = move;
  const changes =
    move.field === 'stage'
      ? { stageId: move.to, fromStageId: move.from, closedAt, ...(lostReason === undefined ? {} : { lostReason }) }
      : { ownerId: move.to, fromOwnerId: move.from };
  return updateDeal(context, { id, changes });
}
