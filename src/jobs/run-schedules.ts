import { forgetNotifications } from '../db/queries/report-runs.ts';
import { deliverReports } from '../services/deliver-reports.ts';
import type { DeliverReportsContext } from '../services/deliver-reports.ts';
import { runSchedules as run } from '../services/run-schedules.ts';
import type { RunContext } from '../services/run-schedules.ts';

/** Notifications that were sent are forgotten after so long. */
const keepMs = 24 * 60 * 60 * 1_000;

/** Runs the reports that are due, and sends what waits to be sent. */
export async function runSchedules(context: RunContext & DeliverReportsContext & { now: number }): Promise<void> {
  try {
    await run(context);
  } finally {
    await deliverReports(context);
    await context.db.$client.execute(forgetNotifications({ before: context.now - keepMs }));
  }
}
