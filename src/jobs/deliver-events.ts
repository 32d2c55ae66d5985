import { forgetEvents } from '../db/queries/event-deliveries.ts';
import { deliverEvents as deliver } from '../services/deliver-events.ts';
import type { DeliverContext } from '../services/deliver-events.ts';

/** Events can be sent again for so long. */
const keepMs = 30 * 24 * 60 * 60 * 1_000;

/** Sends what is due to webhooks, and forgets what was sent long ago. */
export async function deliverEvents(context: DeliverContext & { now: number }): Promise<void> {
  await deliver(context);
  await context.db.$client.execute(forgetEvents({ before: context.now - keepMs }));
}
