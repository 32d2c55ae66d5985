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
  (table) => [primaryKey({ columns: [table.day, table.originId, table.landingPageId] })],
);

/** The batches of visits that have been counted, so that one delivered again is not. Forgotten after some days. */
export const visitBatch = sqliteTable(
  'visit_batch',
  {
    /** Random, of the batch. */
    id: text('id').primaryKey(),
    countedAt: integer('counted_at').notNull(),
  },
  (table) => [index('visit_batch_counted').on(table.countedAt)],
);
