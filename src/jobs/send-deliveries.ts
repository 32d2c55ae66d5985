import { forgetEvents, forgetMarks, forgetStreams, markEvents } from '../db/queries/events/event-deliveries.ts';
import { forgetNotifications } from '../db/queries/schedules/report-runs.ts';
import { deliverDue } from '../services/deliveries/deliver-due.ts';
import type { UseSlot } from '../services/deliveries/slots.ts';
import { eventSource, giveUpForDisabled } from '../services/events/deliver-events.ts';
import { replayMs } from '../services/events/stream-events.ts';
import { reportSource } from '../services/schedules/deliver-reports.ts';
import type { TargetContext } from '../services/deliveries/targets/define-target.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Events can be sent again for so long. */
const keepEventsMs = 30 * dayMs;
/** Notifications that were sent are forgotten after so long. */
const keepNotificationsMs = dayMs;

/** Sends the events, reports and notifications that are due, and forgets what was sent long ago. */
export async function sendDeliveries(context: TargetContext & { now: number; useSlot: UseSlot }): Promise<void> {
  const { db, now, useSlot } = context;
  await giveUpForDisabled(context);
  try {
    await deliverDue(context, { sources: [eventSource(context), reportSource(context)], useSlot });
  } finally {
    await db.$client.batch(
      [
        markEvents({ now }),
        forgetEvents({ before: now - keepEventsMs, replayFrom: now - replayMs }),
        forgetMarks({ replayFrom: now - replayMs }),
        forgetStreams({ now }),
        forgetNotifications({ before: now - keepNotificationsMs }),
      ],
      'write',
    );
  }
}
