import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Where a report or a notification goes. services/deliveries/targets declares the kinds and what each holds (`DeliveryTarget`);
 * secrets stay in the database.
 */
export type StoredTarget = { readonly kind: string; readonly [detail: string]: unknown };

/** A report that is run on a cron expression and sent out. */
export const schedule = sqliteTable(
  'schedule',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    name: text('name').notNull(),
    /** Of a preset or a saved report. */
    reportId: text('report_id').notNull(),
    /** What the report is run with besides, as in a query string: `{ "form": "…" }`. */
    parameters: text('parameters', { mode: 'json' }).$type<Record<string, string>>().notNull().default({}),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    language: text('language', { enum: ['en', 'no'] }).notNull(),
    targets: text('targets', { mode: 'json' }).$type<StoredTarget[]>().notNull(),
    enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
    /** When it is due, in milliseconds since the epoch; null where it never is again. */
    nextAt: integer('next_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    // What is due, asked every minute.
    index('schedule_next')
      .on(table.nextAt)
      .where(sql`next_at IS NOT NULL AND enabled = 1`),
  ],
);

/** One run of a schedule: there is one for each time it was due, whatever the trigger does. */
export const reportRun = sqliteTable(
  'report_run',
  {
    /** UUIDv7. */
    id: text('id').primaryKey(),
    scheduleId: integer('schedule_id')
      .notNull()
      .references(() => schedule.id, { onDelete: 'cascade' }),
    dueAt: integer('due_at').notNull(),
    trigger: text('trigger_kind', { enum: ['cron', 'manual'] }).notNull(),
    status: text('status', { enum: ['running', 'done', 'failed'] }).notNull(),
    attempts: integer('attempts').notNull().default(1),
    /** Until when nobody else takes it over. */
    leaseUntil: integer('lease_until').notNull(),
    finishedAt: integer('finished_at'),
    /** Why it failed. */
    error: text('error'),
    /** The answer as the API gave it. */
    answer: text('answer', { mode: 'json' }).$type<unknown>(),
  },
  (table) => [
    // Once per period, and the runs of a schedule in order.
    uniqueIndex('report_run_due').on(table.scheduleId, table.dueAt),
    // Runs that were begun and not finished.
    index('report_run_running')
      .on(table.leaseUntil)
      .where(sql`status = 'running'`),
  ],
);

export const deliveryStatuses = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Something to be sent to one target: a run, or the notification of a form. */
export const delivery = sqliteTable(
  'delivery',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    runId: text('run_id').references(() => reportRun.id, { onDelete: 'cascade' }),
    submissionId: text('submission_id'),
    target: text('target', { mode: 'json' }).$type<StoredTarget>().notNull(),
    /** The receiver (schema/receivers.ts). */
    address: text('address').generatedAlwaysAs(sql`coalesce(target ->> 'url', 'mail')`, { mode: 'virtual' }),
    status: text('status').$type<DeliveryStatus>().notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    /** When its run was due, or when what it reports happened. */
    dueAt: integer('due_at').notNull().default(0),
    /** When it is tried next; while it is being tried, until when nobody else does. */
    nextAt: integer('next_at').notNull(),
    lastError: text('last_error'),
    finishedAt: integer('finished_at'),
  },
  (table) => [
    // What is due to one receiver (schema/receivers.ts).
    index('delivery_due')
      .on(table.address, table.nextAt)
      .where(sql`status = 'pending'`),
    index('delivery_run')
      .on(table.runId)
      .where(sql`run_id IS NOT NULL`),
    // Erasing a submission's person.
    index('delivery_submission')
      .on(table.submissionId)
      .where(sql`submission_id IS NOT NULL`),
    // GET /deliveries, the newest first.
    index('delivery_due_at').on(table.dueAt),
    // GET /deliveries?status=dead.
    index('delivery_dead')
      .on(table.dueAt)
      .where(sql`status = 'dead'`),
  ],
);
