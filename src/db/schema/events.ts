import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { DeliveryStatus } from './schedules.ts';

export const eventTypes = [
  'person.created',
  'person.updated',
  'person.statusChanged',
  'person.merged',
  'person.erased',
  'company.created',
  'submission.received',
  'deal.registered',
  'deal.won',
  'deal.lost',
  'deal.reopened',
  'deal.stageChanged',
  'selection.entered',
  'selection.left',
] as const;
export type EventType = (typeof eventTypes)[number];

/** An address that is told of events, signed as Standard Webhooks are. */
export const webhook = sqliteTable('webhook', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  url: text('url').notNull(),
  /** `whsec_…`; shown once, when it is made. */
  secret: text('secret').notNull(),
  /** Signs too until then, so that a receiver can change over. */
  formerSecret: text('former_secret'),
  formerUntil: integer('former_until'),
  events: text('events', { mode: 'json' }).$type<EventType[]>().notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
  /** Why it was turned off by itself. */
  disabledReason: text('disabled_reason'),
  createdAt: integer('created_at').notNull(),
});

/**
 * The outbox: what has happened, written by triggers in the transaction in which it did, where somebody is to be told. It
 * names records and holds nothing of them: what is sent is read when it is sent.
 */
export const event = sqliteTable(
  'event',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    type: text('type').$type<EventType>().notNull(),
    /** Events of one person are sent in order. */
    personId: integer('person_id'),
    /** The record's id; of a merge, the merge's; of many members at once, the selection's. */
    subjectId: text('subject_id').notNull(),
    at: integer('at').notNull(),
    /** What the record itself does not show later, as JSON: the old and the new stage of `deal.stageChanged`, the selection. */
    detail: text('detail', { mode: 'json' }).$type<Record<string, unknown>>(),
  },
  (table) => [
    index('event_at').on(table.at),
    // GET /events/samples: the newest of a type.
    index('event_type').on(table.type, table.id),
  ],
);

/** Types of event that streams have asked for of late: they are stored though no webhook listens, so that a stream can go on. */
export const eventStream = sqliteTable('event_stream', {
  type: text('type').$type<EventType>().primaryKey(),
  until: integer('until').notNull(),
});

/** The highest event there was at a moment, once a minute: an event's own time may be long before it was stored. */
export const eventMark = sqliteTable('event_mark', {
  at: integer('at').primaryKey(),
  eventId: integer('event_id').notNull(),
});

/** An event to be sent to one webhook. */
export const eventDelivery = sqliteTable(
  'event_delivery',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    webhookId: integer('webhook_id')
      .notNull()
      .references(() => webhook.id, { onDelete: 'cascade' }),
    eventId: integer('event_id')
      .notNull()
      .references(() => event.id, { onDelete: 'cascade' }),
    personId: integer('person_id'),
    status: text('status').$type<DeliveryStatus>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** When the event happened. */
    dueAt: integer('due_at').notNull().default(0),
    /** When it is tried next; while it is being tried, until when nobody else does. */
    nextAt: integer('next_at').notNull(),
    lastError: text('last_error'),
    finishedAt: integer('finished_at'),
  },
  (table) => [
    uniqueIndex('event_delivery_once').on(table.webhookId, table.eventId),
    // What is due to one webhook, whatever waits for the others.
    index('event_delivery_due')
      .on(table.webhookId, table.nextAt)
      .where(sql`status = 'pending'`),
    // Whether an earlier event of the same person waits.
    index('event_delivery_order')
      .on(table.webhookId, table.personId, table.eventId)
      .where(sql`status = 'pending'`),
    index('event_delivery_event').on(table.eventId),
    // GET /webhooks/{id}/deliveries, the newest first.
    index('event_delivery_due_at').on(table.webhookId, table.dueAt),
    // GET /webhooks/{id}/deliveries?status=dead.
    index('event_delivery_dead')
      .on(table.webhookId, table.dueAt)
      .where(sql`status = 'dead'`),
  ],
);
