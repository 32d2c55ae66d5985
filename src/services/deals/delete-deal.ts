import { eq } from 'drizzle-orm';
import { leaveSelections } from '../../db/queries/selections/leave-selections.ts';
import { deal } from '../../db/schema/deals.ts';
import { forgetHistory } from '../../db/queries/people/forget-history.ts';
import { notFound } from '../../domain/errors.ts';
import type { ServiceContext } from '../service-context.ts';

/** Deletes a deal; the category that it gave its company stays. @throws KildeError `not_found`. */
export async function deleteDeal(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { id }: { id: number },
): Promise<void> {
  const [deleted] = await db.batch([
    db.delete(deal).where(eq(deal.id, id)).returning({ id: deal.id }),
    forgetHistory(db, { entity: 'deal', id }),
    ...leaveSelections(db, { entity: 'deal', id, at: clock() }),
  ]);
  if (deleted.length === 0) throw notFound('deal');
}
