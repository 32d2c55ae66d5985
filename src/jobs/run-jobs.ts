import { maxInFlight } from '../domain/deliveries/receiver-state.ts';
import type { Deps } from '../http/deps.ts';
import { createSlots } from '../services/deliveries/slots.ts';
import type { UseSlot } from '../services/deliveries/slots.ts';
import { inTime } from '../services/in-time.ts';
import { compareSelections } from './compare-selections.ts';
import { countSelections } from './count-selections.ts';
import { forgetContentHashes } from './forget-content-hashes.ts';
import { forgetUnusedOrigins } from './forget-unused-origins.ts';
import { forgetVisitBatches } from './forget-visit-batches.ts';
import { keepRetention } from './keep-retention.ts';
import { normalizePhones } from './normalize-phones.ts';
import { removeFiles } from './remove-files.ts';
import { runReclassifications } from './run-reclassifications.ts';
import { runSchedules } from './run-schedules.ts';
import { sendDeliveries } from './send-deliveries.ts';
import { rollUpReports } from './roll-up-reports.ts';

type Job = (context: Deps & { now: number; useSlot: UseSlot }) => Promise<void>;

/** What the cron trigger starts, every minute, and how many seconds a run of it waits for each. */
const jobs: Record<string, { run: Job; seconds: number }> = {
  runSchedules: { run: runSchedules, seconds: 90 },
  sendDeliveries: { run: sendDeliveries, seconds: 90 },
  forgetContentHashes: { run: forgetContentHashes, seconds: 30 },
  forgetVisitBatches: { run: forgetVisitBatches, seconds: 30 },
  forgetUnusedOrigins: { run: forgetUnusedOrigins, seconds: 60 },
  compareSelections: { run: compareSelections, seconds: 60 },
  countSelections: { run: countSelections, seconds: 60 },
  keepRetention: { run: keepRetention, seconds: 60 },
  removeFiles: { run: removeFiles, seconds: 60 },
  normalizePhones: { run: normalizePhones, seconds: 60 },
  runReclassifications: { run: runReclassifications, seconds: 60 },
  rollUpReports: { run: rollUpReports, seconds: 60 },
};

/**
 * Starts all jobs together: none waits for another, and one that fails or hangs stops none. One that takes longer than its
 * seconds is left behind; what it had claimed is free again when its lease is over.
 * @param now the time the trigger was due, in milliseconds since the epoch.
 */
export async function runJobs({ deps, now }: { deps: Deps; now: number }): Promise<void> {
  const useSlot = createSlots(maxInFlight);
  await Promise.allSettled(
    Object.entries(jobs).map(async ([name, { run, seconds }]) => {
      try {
        await inTime(run({ ...deps, now, useSlot }), deps.abortAfter(seconds * 1_000));
      } catch (error) {
        const kind = error instanceof Error ? error.name : 'unknown';
        console.error(
          kind === 'TimeoutError'
            ? `job ${name} did not end within ${seconds} s; the next run goes on`
            : `job ${name} failed: ${kind}`,
        );
      }
    }),
  );
}
