import { primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What one unit of a currency was worth in another on a day, in major units of both. Imported, never guessed. */
export const exchangeRate = sqliteTable(
  'exchange_rate',
  {
    fromCurrency: text('from_currency').notNull(),
    toCurrency: text('to_currency').notNull(),
    /** `YYYY-MM-DD`. */
    day: text('day').notNull(),
    rate: real('rate').notNull(),
  },
  (table) => [primaryKey({ columns: [table.fromCurrency, table.toCurrency, table.day] })],
);
