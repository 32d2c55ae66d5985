import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A report that somebody keeps: its query as it was sent, so that a period that moves with today still does. */
export const savedReport = sqliteTable('saved_report', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  query: text('query', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});
