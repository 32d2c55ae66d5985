import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ChangeVia } from '../../domain/people/record-history.ts';

const authorColumns = () => ({
  /** Id of the API key; null: the administrator's, a user, or nobody. With the name it had then. */
  keyId: integer('key_id'),
  keyName: text('key_name'),
  userId: integer('user_id'),
  userName: text('user_name'),
});

/** A field of a person, a company or a deal that changed. Written by triggers (program/record-changes.ts). */
export const recordChange = sqliteTable(
  'record_change',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    entity: text('entity', { enum: ['person', 'company', 'deal'] }).notNull(),
    recordId: integer('record_id').notNull(),
    at: integer('at').notNull(),
    /** As the API calls it. */
    field: text('field').notNull(),
    /** JSON: a text, a number, `{ id, name }`, or null. */
    before: text('was', { mode: 'json' }).$type<unknown>(),
    after: text('became', { mode: 'json' }).$type<unknown>(),
    /** Null: a form, or another lead that arrived. */
    via: text('via').$type<ChangeVia>(),
    /** Of an automatic change. */
    rule: text('rule'),
    ...authorColumns(),
  },
  (table) => [
    // GET /people/{id}/history and its siblings, the newest first.
    index('record_change_record').on(table.entity, table.recordId, table.at, table.id),
    // Retention: the oldest first.
    index('record_change_at').on(table.at),
  ],
);

/**
 * Who changes records in this transaction: the last row. It begins with inserting one and ends with deleting it (db/changes-by.ts), so
 * between transactions the table is empty. `none`: changes that are not noted, as of an erasure.
 */
export const changeAuthor = sqliteTable('change_author', {
  id: integer('id').primaryKey(),
  at: integer('at').notNull(),
  via: text('via').$type<ChangeVia | 'none'>().notNull(),
  rule: text('rule'),
  ...authorColumns(),
});
