import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A message of a queue that could not be applied, whole, so that it can be once what stood in its way is mended. */
export const deadLetter = sqliteTable(
  'dead_letter',
  {
    /** The message's id at the queue. */
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    /** Code of the error; `undelivered` where the platform gave up. */
    reason: text('reason').notNull(),
    attempts: integer('attempts').notNull(),
    payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
    replayedAt: integer('replayed_at'),
  },
  (table) => [index('dead_letter_at').on(table.at, table.id)],
);
