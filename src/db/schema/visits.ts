import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Arrivals by day, origin and landing page: counts alone, nothing of anybody. */
export const visitDay = sqliteTable(
  'visit_day',
  {
    /** `YYYY-MM-DD` in the default site's time zone. */
    day: text('day').notNull(),
    originId: integer('origin_id').notNull(),
    /** An `origin_value` of the field `landingPage`; 0 where unknown. */
    landingPageId: integer('landing_page_id').notNull(),
    visits: integer('visits').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.originId, table.landingPageId] }),
    // Which origins no visit points at: asked before they are deleted.
    index('visit_day_origin').on(table.originId),
  ],
);

/** The batches of visits that have been counted, so that one delivered again is not. Forgotten after some days. */
export const visitBatch = sqliteTable(
  'visit_batch',
  {
    /** Random, of the batch. */
    id: text('id').primaryKey(),
    countedAt: integer('counted_at').notNull(),
    /** Random, of the attempt that counted it: its statements tell by it that they may write. */
    attempt: text('attempt'),
  },
  (table) => [index('visit_batch_counted').on(table.countedAt)],
);

/** How much was seen for the first time by way of visits, by site and day, and how much more was counted as "other". */
export const newValueDay = sqliteTable(
  'new_value_day',
  {
    siteId: integer('site_id').notNull(),
    /** `YYYY-MM-DD` in the default site's time zone. */
    day: text('day').notNull(),
    /** A field of origins, `origin` for their combinations, or `visit` for combinations with a landing page. */
    field: text('field').notNull(),
    added: integer('added').notNull(),
    /** Visits of which this was counted as "other". */
    folded: integer('folded').notNull(),
  },
  (table) => [primaryKey({ columns: [table.siteId, table.day, table.field] })],
);
