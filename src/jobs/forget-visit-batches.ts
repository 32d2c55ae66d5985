import type { Database } from '../db/client.ts';
import { defineStatement } from '../db/statement.ts';

/** A queue keeps a message for four days unless configured otherwise: nothing older is delivered again. */
const keepMs = 4 * 24 * 60 * 60 * 1_000;

const forgetBatches = defineStatement(`
  DELETE FROM visit_batch WHERE id IN (SELECT id FROM visit_batch WHERE counted_at < :before ORDER BY counted_at LIMIT 10000)`);

/** Forgets batches of visits that can no longer be delivered a second time. */
export async function forgetVisitBatches({ db, now }: { db: Database; now: number }): Promise<void> {
  await db.$client.execute(forgetBatches({ before: now - keepMs }));
}
