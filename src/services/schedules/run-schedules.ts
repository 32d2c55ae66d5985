import { isDatabaseUnavailable } from '../../db/is-unavailable.ts';
import {
  addDeliveries,
  advanceSchedule,
  beginRun,
  finishRun,
  giveUpRuns,
  readDueSchedules,
  takeOverRuns,
} from '../../db/queries/schedules/report-runs.ts';
import { leaseMs } from '../../domain/deliveries/retry-delays.ts';
import { KildeError } from '../../domain/errors.ts';
import { lastDue, nextDue } from '../../domain/schedules/cron.ts';
import { createSlots } from '../deliveries/slots.ts';
import { readSchedule } from './manage-schedules.ts';
import { runScheduledReport } from './run-scheduled-report.ts';
import type { ServiceContext } from '../service-context.ts';

export type RunContext = ServiceContext & { newId: () => string };

type Begun = { id: string; scheduleId: number; dueAt: number };

const maxAttempts = 5;
const runsAtOnce = 3;

/**
 * Runs every schedule that is due, once for each time, whatever calls this twice. Where several times have passed unnoticed,
 * the last of them is run. A run that was begun and left is taken over. One that fails stops none of the others.
 * @param onDone is called after each run that has ended.
 * @throws the first fault, after all runs have ended.
 */
export async function runSchedules(context: RunContext, { onDone }: { onDone: () => Promise<void> }): Promise<void> {
  const now = context.clock();
  const lease = now + leaseMs;
  const [left, , due] = await context.db.$client.batch(
    [
      takeOverRuns({ now, lease, most: maxAttempts }),
      giveUpRuns({ now, most: maxAttempts }),
      readDueSchedules({ now }),
    ],
    'write',
  );
  const runs = left!.rows as unknown as Begun[];
  for (const row of due!.rows as unknown as Array<{ id: number; cron: string; timeZone: string; nextAt: number }>) {
    const dueAt = lastDue(row, now) ?? row.nextAt;
    const begun = await begin(context, {
      scheduleId: row.id,
      dueAt,
      expected: row.nextAt,
      next: nextDue(row, now),
      lease,
    });
    if (begun) runs.push(begun);
  }
  const atATime = createSlots(runsAtOnce);
  const ends = await Promise.allSettled(
    runs.map(async (run) => {
      // Sending takes no other run's place.
      await atATime(async () => finish(context, run, lease));
      await onDone();
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** Runs a schedule now, beside its times. @throws KildeError `not_found`. */
export async function runScheduleNow(context: RunContext, { id: scheduleId }: { id: number }): Promise<{ id: string }> {
  await readSchedule(context, { id: scheduleId });
  const now = context.clock();
  const lease = now + leaseMs;
  const run: Begun = { id: context.newId(), scheduleId, dueAt: now };
  const { rows } = await context.db.$client.execute(
    beginRun({ id: run.id, schedule: scheduleId, due: now, trigger: 'manual', lease, expected: null }),
  );
  // Two clicks in the same millisecond are one run.
  if (rows.length === 0) throw new KildeError('conflict', 'This schedule is being run just now.');
  await finish(context, run, lease);
  return { id: run.id };
}

async function begin(
  { db, newId }: RunContext,
  {
    scheduleId,
    dueAt,
    expected,
    next,
    lease,
  }: { scheduleId: number; dueAt: number; expected: number; next: number | null; lease: number },
): Promise<Begun | null> {
  const id = newId();
  const [begun] = await db.$client.batch(
    [
      beginRun({ id, schedule: scheduleId, due: dueAt, trigger: 'cron', lease, expected }),
      advanceSchedule({ schedule: scheduleId, expected, next }),
    ],
    'write',
  );
  return begun!.rows.length > 0 ? { id, scheduleId, dueAt } : null;
}

/** Runs the report as of the time it was due, and stores its answer and what is to be sent in one transaction. */
async function finish(context: RunContext, run: Begun, lease: number): Promise<void> {
  const { db, clock } = context;
  try {
    const answer = await runScheduledReport({ ...context, clock: () => run.dueAt }, { id: run.scheduleId });
    const now = clock();
    await db.$client.batch(
      [
        finishRun({ id: run.id, lease, now, status: 'done', answer: JSON.stringify(answer) }),
        addDeliveries({ id: run.id, lease, now }),
      ],
      'write',
    );
  } catch (error) {
    // The next trigger takes it over.
    if (isDatabaseUnavailable(error)) throw error;
    const told = error instanceof KildeError ? error.message : 'Something went wrong.';
    await db.$client.execute(finishRun({ id: run.id, lease, now: clock(), status: 'failed', error: told }));
    if (!(error instanceof KildeError)) throw error;
  }
}
