import type { Database } from '../db/client.ts';

/** So that one run stays short; the next, a minute later, goes on. */
const maxTransactions = 100;
const maxMs = 40_000;

/** One transaction of it (db/program/roll-up.ts), and whether any are left then. */
export const rollUpSome = ['INSERT INTO settling SELECT 1', 'SELECT is_left FROM settling'];

/** Rolls up what reports would otherwise read row by row (schema/totals.ts). */
export async function rollUpReports(
  { db, clock = Date.now }: { db: Database; clock?: () => number },
  { transactions = maxTransactions } = {},
): Promise<void> {
  const until = clock() + (transactions === Infinity ? Infinity : maxMs);
  for (let n = 0; n < transactions && clock() < until; n += 1) {
    const [, left] = await db.$client.batch(rollUpSome, 'write');
    if (!left!.rows[0]!['is_left']) return;
  }
}
