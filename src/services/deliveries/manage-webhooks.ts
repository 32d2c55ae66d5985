import { and, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import { eventDeliveryList } from '../../db/lists/delivery-lists.ts';
import { webhookList } from '../../db/lists/settings-lists.ts';
import { event, eventDelivery, webhook } from '../../db/schema/events.ts';
import type { EventType } from '../../db/schema/events.ts';
import { receiver } from '../../db/schema/receivers.ts';
import type { DeliveryStatus } from '../../db/schema/schedules.ts';
import { isMasked } from '../../domain/deliveries/mask-address.ts';
import { addressProblem } from '../../domain/deliveries/public-address.ts';
import { invalidInput, notFound } from '../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { clearReceivers } from './clear-receivers.ts';
import { isEmpty } from '../changes.ts';
import type { Changes } from '../changes.ts';
import { waitOf } from './wait-of.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { newWebhookSecret, sendSigned } from './send-signed.ts';
import type { SendContext } from './send-signed.ts';
import type { ServiceContext } from '../service-context.ts';

export { eventTypes } from '../../db/schema/events.ts';
export type { EventType } from '../../db/schema/events.ts';

export { eventDeliveryList, webhookList };

type WebhookRow = typeof webhook.$inferSelect;
export type WebhookFields = Pick<WebhookRow, 'name' | 'url' | 'events' | 'enabled'>;
export type WebhookAnswer = WebhookFields & { id: string; disabledReason: string | null; createdAt: string };

/** How long the former secret signs beside the new one. */
const changeOverMs = 24 * 60 * 60 * 1_000;

function toAnswer({ id, name, url, events, enabled, disabledReason, createdAt }: WebhookRow): WebhookAnswer {
  return { id: String(id), name, url, events, enabled, disabledReason, createdAt: toIso(createdAt) };
}

type Context = ServiceContext & Pick<SendContext, 'config'>;

function checkAddress({ config }: Context, url: string | undefined): void {
  if (url === undefined) return;
  const problem = isMasked(url)
    ? `'${url}' is masked. Send the whole address.`
    : addressProblem(url, { allowPrivate: config.privateAddresses });
  if (problem) throw invalidInput([{ location: 'body.url', message: problem }]);
}

/** @throws KildeError `not_found`. */
export async function readWebhook({ db }: Pick<ServiceContext, 'db'>, id: number): Promise<WebhookAnswer> {
  const [row] = await db.select().from(webhook).where(eq(webhook.id, id));
  if (!row) throw notFound('webhook');
  return toAnswer(row);
}

/** Webhooks, the newest first, without their secrets. */
export function listWebhooks(context: ListContext, query: ListQuery): PreparedList<WebhookAnswer> {
  return prepareList(context, {
    list: webhookList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...getTableColumns(webhook), ...position })
        .from(webhook)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** Makes a webhook. Its secret is in this answer and in no other. */
export async function createWebhook(
  context: Context,
  fields: { name: string; url: string; events: EventType[]; enabled?: boolean | undefined },
): Promise<WebhookAnswer & { secret: string }> {
  checkAddress(context, fields.url);
  const secret = newWebhookSecret();
  const [row] = await context.db
    .insert(webhook)
    .values({ ...fields, enabled: fields.enabled ?? true, secret, createdAt: context.clock() })
    .returning();
  await clearReceivers(context, [row!.url]);
  return { ...toAnswer(row!), secret };
}

/** @throws KildeError `not_found`. */
export async function updateWebhook(
  context: Context,
  { id, changes }: { id: number; changes: Changes<WebhookFields> },
): Promise<WebhookAnswer> {
  checkAddress(context, changes.url);
  const [row] = isEmpty(changes)
    ? await context.db.select().from(webhook).where(eq(webhook.id, id))
    : await context.db
        .update(webhook)
        .set({ ...changes, ...(changes.enabled === undefined ? {} : { disabledReason: null }) })
        .where(eq(webhook.id, id))
        .returning();
  if (!row) throw notFound('webhook');
  // Somebody has seen to it: what waits is tried at once.
  if (changes.url !== undefined || changes.enabled) await clearReceivers(context, [row.url]);
  return toAnswer(row);
}

/** @throws KildeError `not_found`. */
export async function deleteWebhook({ db }: ServiceContext, id: number): Promise<void> {
  const deleted = await db.delete(webhook).where(eq(webhook.id, id)).returning({ id: webhook.id });
  if (deleted.length === 0) throw notFound('webhook');
}

/** Gives a webhook a new secret; the former one signs too for a day. @throws KildeError `not_found`. */
export async function renewSecret(
  { db, clock }: ServiceContext,
  id: number,
): Promise<{ secret: string; formerUntil: string }> {
  const secret = newWebhookSecret();
  const formerUntil = clock() + changeOverMs;
  const changed = await db
    .update(webhook)
    .set({ secret, formerSecret: sql`${webhook.secret}`, formerUntil })
    .where(eq(webhook.id, id))
    .returning({ id: webhook.id });
  if (changed.length === 0) throw notFound('webhook');
  return { secret, formerUntil: toIso(formerUntil) };
}

/** Sends a webhook a message of type `test`, and tells how it went. @throws KildeError `not_found`. */
export async function testWebhook(
  context: ServiceContext & SendContext,
  { id, messageId }: { id: number; messageId: string },
): Promise<{ delivered: boolean; error: string | null }> {
  const [row] = await context.db.select().from(webhook).where(eq(webhook.id, id));
  if (!row) throw notFound('webhook');
  const at = context.clock();
  const result = await sendSigned(context, {
    url: row.url,
    secrets: [row.secret],
    id: `msg_${messageId}`,
    type: 'test',
    at,
    data: { webhookId: String(id) },
  });
  if (result.ok) await clearReceivers(context, [row.url]);
  return { delivered: result.ok, error: result.ok ? null : result.error };
}

export type EventDeliveryAnswer = {
  id: string;
  eventId: string;
  type: EventType;
  subjectId: string;
  personId: string | null;
  at: string;
  status: DeliveryStatus;
  attempts: number;
  dueAt: string;
  nextAt: string | null;
  lastError: string | null;
  finishedAt: string | null;
};

/** What was or is to be sent to a webhook, the newest first. @throws KildeError `not_found`. */
export function listEventDeliveries(
  context: ListContext,
  { id, query }: { id: number; query: ListQuery },
): PreparedList<EventDeliveryAnswer> {
  const { db, clock } = context;
  return prepareList(context, {
    list: eventDeliveryList,
    query,
    path: `webhooks/${id}/deliveries`,
    where: eq(eventDelivery.webhookId, id),
    parent: { found: db.select({ id: webhook.id }).from(webhook).where(eq(webhook.id, id)), what: 'webhook' },
    records: ({ where, orderBy, position }) =>
      db
        .select({
          delivery: eventDelivery,
          event,
          retryAt: receiver.retryAt,
          receiverError: receiver.lastError,
          ...position,
        })
        .from(eventDelivery)
        .innerJoin(event, eq(event.id, eventDelivery.eventId))
        .innerJoin(webhook, eq(webhook.id, eventDelivery.webhookId))
        .leftJoin(receiver, eq(receiver.address, webhook.url))
        .where(where)
        .orderBy(...orderBy),
    toItem: ({ delivery, event: happened, ...waiting }) => ({
      id: String(delivery.id),
      eventId: `evt_${happened.id}`,
      type: happened.type,
      subjectId: happened.subjectId,
      personId: happened.personId === null ? null : String(happened.personId),
      at: toIso(happened.at),
      status: delivery.status,
      attempts: delivery.attempts,
      dueAt: toIso(delivery.dueAt),
      ...waitOf({ ...delivery, ...waiting, now: clock() }),
      finishedAt: toIsoOrNull(delivery.finishedAt),
    }),
  });
}

/**
 * Sends again, in order and under the same message ids, what a webhook was sent: the events named, or all from a moment on.
 * @returns how many will be sent.
 */
export async function replayEvents(
  context: ServiceContext,
  { id, from, eventIds }: { id: number; from?: number | undefined; eventIds?: number[] | undefined },
): Promise<{ count: number }> {
  const { db, clock } = context;
  const chosen = eventIds
    ? inArray(eventDelivery.eventId, eventIds)
    : sql`${eventDelivery.eventId} IN (SELECT id FROM event WHERE at >= ${from ?? 0})`;
  const changed = await db
    .update(eventDelivery)
    .set({ status: 'pending', attempts: 0, nextAt: clock(), finishedAt: null, lastError: null })
    .where(and(eq(eventDelivery.webhookId, id), chosen))
    .returning({ id: eventDelivery.id });
  const [row] = await db.select({ url: webhook.url }).from(webhook).where(eq(webhook.id, id));
  if (row) await clearReceivers(context, [row.url]);
  return { count: changed.length };
}
