import { eq } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { deal } from '../db/schema/deals.ts';
import { notFound } from '../domain/errors.ts';

/** Deletes a deal; the category that it gave its company stays. @throws KildeError `not_found`. */
export async function deleteDeal({ db }: { db: Database }, { id }: { id: number }): Promise<void> {
  const deleted = await db.delete(deal).where(eq(deal.id, id)).returning({ id: deal.id });
  if (deleted.length === 0) throw notFound('deal');
}
