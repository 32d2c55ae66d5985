import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Addresses that were erased, as keyed hashes, for as long as something captured before could still come in: it is dropped or cleaned
 * then (services/people/erased-addresses.ts). Forgotten by `jobs/keep-retention.ts`.
 */
export const erasure = sqliteTable(
  'erasure',
  {
    /** HMAC-SHA-256 of the address, hex. */
    hash: text('hash').primaryKey(),
    /** Of rows that an earlier version wrote; now empty. */
    salt: text('salt').notNull(),
    erasedAt: integer('erased_at').notNull(),
  },
  (table) => [index('erasure_erased_at').on(table.erasedAt)],
);

/** One change that somebody made by the API, or one file of personal data that was taken out. */
export const auditEntry = sqliteTable(
  'audit_entry',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    /** Id of the API key; null: the administrator's, or a user. */
    keyId: integer('key_id'),
    keyName: text('key_name'),
    /** Id of the user; null: a key. */
    userId: integer('user_id'),
    userName: text('user_name'),
    /** Method and path as they are declared: `DELETE /people/:id`. */
    operation: text('operation').notNull(),
    /** The path's parameters, by name. */
    target: text('target', { mode: 'json' }).$type<Record<string, string>>().notNull(),
    status: integer('status').notNull(),
  },
  (table) => [index('audit_entry_at').on(table.at, table.id)],
);
