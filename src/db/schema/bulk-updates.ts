import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { BulkChange } from '../../domain/selections/bulk-change.ts';

/** One change of a field of many records, which can be undone. */
export const bulkUpdate = sqliteTable(
  'bulk_update',
  {
    /** UUIDv7. */
    id: text('id').primaryKey(),
    entity: text('entity', { enum: ['person', 'company'] }).notNull(),
    /** The criteria as they were sent; null where a selection was named instead. */
    where: text('criteria', { mode: 'json' }).$type<unknown>(),
    selectionId: integer('selection_id'),
    change: text('change', { mode: 'json' }).$type<BulkChange>().notNull(),
    at: integer('at').notNull(),
    /** Records changed, companies that followed a lead status left out. */
    count: integer('count').notNull(),
    undoneAt: integer('undone_at'),
    /** Records that an undo gave their old value back; the others had changed since. */
    restored: integer('restored'),
  },
  (table) => [index('bulk_update_at').on(table.at, table.id)],
);

/** What a bulk update wrote in one record. */
export const bulkUpdateRow = sqliteTable(
  'bulk_update_row',
  {
    bulkUpdateId: text('bulk_update_id')
      .notNull()
      .references(() => bulkUpdate.id, { onDelete: 'cascade' }),
    /** A lead status set on people can set a category on their companies. */
    entity: text('entity', { enum: ['person', 'company'] }).notNull(),
    recordId: integer('record_id').notNull(),
    /** JSON of the columns as they were, by their names: the value and what is folded from it. */
    before: text('before').notNull(),
    /** The value written, which an undo expects to find. */
    after: text('after'),
    restored: integer('restored', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.bulkUpdateId, table.entity, table.recordId] }),
    // Erasing a record erases its old values.
    index('bulk_update_row_record').on(table.entity, table.recordId),
  ],
);
