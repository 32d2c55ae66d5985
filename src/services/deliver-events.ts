import type { Database } from '../db/client.ts';
import { claimEvents, disableWebhooks, finishEvents, readClaimed } from '../db/queries/event-deliveries.ts';
import type { EventType } from '../db/schema/events.ts';
import { leaseMs, retryDelay } from '../domain/deliveries/retry-delays.ts';
import { readEventData } from './read-event-data.ts';
import { sendSigned } from './send-signed.ts';
import type { SendContext, SendResult } from './send-signed.ts';

export type DeliverContext = SendContext & { db: Database };

const atOnce = 50;
/** Rounds of one trigger: the rest waits for the next minute. */
const maxRounds = 40;

type Claimed = {
  id: number;
  attempts: number;
  eventId: number;
  type: EventType;
  personId: number | null;
  subjectId: string;
  at: number;
  webhookId: number;
  url: string;
  enabled: number;
  secret: string;
  formerSecret: string | null;
};

/**
 * Sends the events that are due to the webhooks that want them: each at least once, those of one person in order. What fails
 * waits longer each time and holds back the person's later events; what has failed too often is set aside as dead.
 * @returns how many were sent.
 */
export async function deliverEvents(context: DeliverContext): Promise<number> {
  let sent = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const claimed = await claim(context);
    if (claimed.length === 0) break;
    const results = await Promise.all(claimed.map((one) => send(context, one)));
    await finish(context, claimed, results);
    sent += results.filter(({ ok }) => ok).length;
  }
  return sent;
}

async function claim({ db, clock }: DeliverContext): Promise<Claimed[]> {
  const now = clock();
  const { rows } = await db.$client.execute(claimEvents({ now, lease: now + leaseMs, limit: atOnce }));
  if (rows.length === 0) return [];
  const read = await db.$client.execute(readClaimed({ now, ids: JSON.stringify(rows.map((row) => row['id'])) }));
  return read.rows as unknown as Claimed[];
}

async function send(context: DeliverContext, one: Claimed): Promise<SendResult> {
  if (!one.enabled) return { ok: false, error: 'The webhook is turned off.', gone: true };
  return sendSigned(context, {
    url: one.url,
    secrets: [one.secret, ...(one.formerSecret === null ? [] : [one.formerSecret])],
    id: `evt_${one.eventId}`,
    type: one.type,
    at: one.at,
    data: await readEventData(context, one),
  });
}

async function finish({ db, clock }: DeliverContext, claimed: Claimed[], results: SendResult[]): Promise<void> {
  const now = clock();
  const gone = new Set<number>();
  const rows = claimed.map(({ id, attempts, webhookId, enabled }, n) => {
    const result = results[n]!;
    if (result.ok) return { id, status: 'delivered', error: null };
    if (result.gone && enabled) gone.add(webhookId);
    const delay = result.gone ? null : retryDelay(attempts);
    return delay === null
      ? { id, status: 'dead', error: result.error }
      : { id, status: 'pending', nextAt: now + delay, error: result.error };
  });
  await db.$client.batch(
    [
      finishEvents({ now, results: JSON.stringify(rows) }),
      ...(gone.size > 0 ? [disableWebhooks({ ids: JSON.stringify([...gone]) })] : []),
    ],
    'write',
  );
}
