import type { Deps } from '../http/deps.ts';
import { countSelections } from './count-selections.ts';
import { deliverEvents } from './deliver-events.ts';
import { forgetContentHashes } from './forget-content-hashes.ts';
import { forgetUnusedOrigins } from './forget-unused-origins.ts';
import { forgetVisitBatches } from './forget-visit-batches.ts';
import { keepRetention } from './keep-retention.ts';
import { runSchedules } from './run-schedules.ts';
import { settleReports } from './settle-reports.ts';

/** What the cron trigger sets going, every minute. One job's failure does not keep the others from running. */
const jobs = {
  forgetContentHashes,
  forgetVisitBatches,
  forgetUnusedOrigins,
  countSelections,
  deliverEvents,
  runSchedules,
  keepRetention,
  // Last: a backlog takes what a host lets one run ask, and reports are right without.
  settleReports,
};

/** @param now the time the trigger was due, in milliseconds since the epoch. */
export async function runJobs({ deps, now }: { deps: Deps; now: number }): Promise<void> {
  for (const [name, job] of Object.entries(jobs)) {
    try {
      await job({ ...deps, now });
    } catch (error) {
      console.error(`job ${name} failed: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }
}
