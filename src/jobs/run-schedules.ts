import { deliverDue } from '../services/deliveries/deliver-due.ts';
import type { UseSlot } from '../services/deliveries/slots.ts';
import { reportSource } from '../services/schedules/deliver-reports.ts';
import type { TargetContext } from '../services/deliveries/targets/define-target.ts';
import { runSchedules as run } from '../services/schedules/run-schedules.ts';
import type { RunContext } from '../services/schedules/run-schedules.ts';

/** Runs the reports that are due. Each is sent as soon as it is done, whatever becomes of the others. */
export async function runSchedules(context: RunContext & TargetContext & { useSlot: UseSlot }): Promise<void> {
  const { useSlot } = context;
  await run(context, {
    onDone: async () => deliverDue(context, { sources: [reportSource(context)], useSlot }),
  });
}
