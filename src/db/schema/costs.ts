import { integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

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
    /** What the platform claims of itself, where known: shown beside what Kilde counts, and never added to it. */
    claimedConversions: real('claimed_conversions'),
    /** In the cost's currency. */
    claimedValueMinor: integer('claimed_value_minor'),
    impressions: integer('impressions'),
    clicks: integer('clicks'),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    // One cost for each day and origin; reports read it by day, lists from the latest.
    uniqueIndex('cost_day_origin').on(table.day, table.originId),
  ],
);
