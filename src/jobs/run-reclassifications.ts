import type { Deps } from '../http/deps.ts';
import { continueReclassifications } from '../services/attribution/reclassification/run-reclassification.ts';

/** So that one run stays short; the next, a minute later, goes on. */
const maxMs = 40_000;

/** Goes on with a reclassification that its request did not end, or that was cut off. */
export async function runReclassifications({
  db,
  clock,
  loadTables,
}: Pick<Deps, 'db' | 'clock' | 'loadTables'>): Promise<void> {
  await loadTables();
  await continueReclassifications({ db, clock }, { milliseconds: maxMs });
}
