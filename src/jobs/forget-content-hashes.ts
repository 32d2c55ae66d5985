import type { Database } from '../db/client.ts';
import { defineStatement } from '../db/statement.ts';

/** A second click comes within seconds: after an hour the content's hash serves nothing. */
const keepMs = 60 * 60 * 1_000;

const forgetHashes = defineStatement(`
  UPDATE submission SET content_hash = NULL
  WHERE id IN (SELECT id FROM submission WHERE content_hash IS NOT NULL AND at < :before ORDER BY at LIMIT 1000)`);

/** Clears hashes that no second click can meet any more, a thousand at a time. */
export async function forgetContentHashes({ db, now }: { db: Database; now: number }): Promise<void> {
  await db.$client.execute(forgetHashes({ before: now - keepMs }));
}
