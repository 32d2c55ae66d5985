import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who did what to settings, keys and people's data. Names records by their ids, and holds nothing of what was sent. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    /** Null for the administrator's key, which is no row. */
    apiKeyId: integer('api_key_id'),
    keyName: text('key_name').notNull(),
    /** The first characters of the key; null for the administrator's. */
    keyPrefix: text('key_prefix'),
    method: text('method').notNull(),
    /** The route's pattern: `/people/:id`. */
    route: text('route').notNull(),
    /** The ids in the path, joined by `/`; null where there are none. */
    resourceId: text('resource_id'),
    /** The status that was answered. */
    status: integer('status').notNull(),
  },
  // Forgetting what is old.
  (table) => [index('audit_log_at').on(table.at)],
);
