import type { Database } from '../../db/client.ts';
import {
  claimEvents,
  disableWebhooks,
  finishEvents,
  giveUpDisabled,
  giveUpEvents,
  readClaimed,
} from '../../db/queries/events/event-deliveries.ts';
import { findEventReceivers } from '../../db/queries/deliveries/receivers.ts';
import type { EventType } from '../../db/schema/events.ts';
import type { SendResult } from '../../domain/deliveries/send-result.ts';
import type { DeliverySource } from '../deliveries/deliver-due.ts';
import { readEventData } from './read-event-data.ts';
import { sendSigned } from '../deliveries/send-signed.ts';
import type { SendContext } from '../deliveries/send-signed.ts';

export type DeliverContext = SendContext & { db: Database };

type ClaimedEvent = {
  id: number;
  attempts: number;
  lastError: string | null;
  eventId: number;
  type: EventType;
  personId: number | null;
  subjectId: string;
  /** JSON. */
  detail: string | null;
  at: number;
  url: string;
  secret: string;
  formerSecret: string | null;
};

/**
 * Events for webhooks: each is sent at least once, those of one person in order. What fails waits longer each time and holds the
 * person's later events back; what has failed too often is set aside as dead.
 */
export function eventSource(context: DeliverContext): DeliverySource {
  const { db } = context;
  return {
    find: findEventReceivers,
    async claim({ address, now, lease, limit }) {
      const { rows } = await db.$client.execute(claimEvents({ address, now, lease, limit }));
      if (rows.length === 0) return [];
      const read = await db.$client.execute(readClaimed({ now, ids: JSON.stringify(rows.map((row) => row['id'])) }));
      return (read.rows as unknown as ClaimedEvent[]).map((claimed) => ({
        id: claimed.id,
        attempts: claimed.attempts,
        lastError: claimed.lastError,
        send: async () => sendEvent(context, claimed),
      }));
    },
    finish: finishEvents,
    giveUp: giveUpEvents,
    onGone: disableWebhooks,
  };
}

/** Gives up what waits for webhooks that are turned off. */
export async function giveUpForDisabled({ db, clock }: DeliverContext): Promise<void> {
  await db.$client.execute(giveUpDisabled({ now: clock() }));
}

async function sendEvent(context: DeliverContext, claimed: ClaimedEvent): Promise<SendResult> {
  let data: unknown;
  try {
    data = await readEventData(context, claimed);
  } catch {
    return { ok: false, error: 'The record could not be read.', fault: 'message' };
  }
  return sendSigned(context, {
    url: claimed.url,
    secrets: [claimed.secret, ...(claimed.formerSecret === null ? [] : [claimed.formerSecret])],
    id: `evt_${claimed.eventId}`,
    type: claimed.type,
    at: claimed.at,
    data,
  });
}
