import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What an origin cost on a day, as it was told last. */
export const cost = sqliteTable(
  'cost',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** `YYYY-MM-DD`, as the ad platform reckons it. */
    day: text('day').notNull(),
    originId: integer('origin_id').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    /** ISO 4217. */
    currency: text('currency').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    // One cost for each day and origin; reports read it by day, lists from the latest.
    uniqueIndex('cost_day_origin').on(table.day, table.originId),
  ],
);
