import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** An address that is being sent to, or that fails. One that is well and that nobody is sending to has no row. */
export const receiver = sqliteTable('receiver', {
  /** The whole URL of a webhook or a chat; `mail` for all mail. */
  address: text('address').primaryKey(),
  /** Until when one run alone sends to it. */
  leaseUntil: integer('lease_until').notNull().default(0),
  /** Rounds that failed in a row. */
  failures: integer('failures').notNull().default(0),
  failingSince: integer('failing_since'),
  /** Nothing is sent before. */
  retryAt: integer('retry_at').notNull().default(0),
  lastError: text('last_error'),
  /** It answered 410 Gone: nothing is sent until somebody asks for it. */
  isGone: integer('is_gone', { mode: 'boolean' }).notNull().default(false),
});
