import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { SpamFeature } from '../../domain/capture/spam-features.ts';

/** Submissions that were marked as spam together, after they had been accepted. */
export const spamCluster = sqliteTable('spam_cluster', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** What they have in common. The address or text itself is not kept here. */
  by: text('features', { mode: 'json' }).$type<SpamFeature[]>().notNull(),
  /** Submissions, and the people and companies that existed through them alone. */
  count: integer('count').notNull(),
  people: integer('people').notNull(),
  companies: integer('companies').notNull(),
  at: integer('at').notNull(),
  undoneAt: integer('undone_at'),
});

/** A row that marking spam took away, whole, so that undoing it brings the row back. */
export const spamRecord = sqliteTable(
  'spam_record',
  {
    /** The table of the row. */
    kind: text('kind').notNull(),
    /** The row's key in its table; its rowid where the key is an address. */
    recordId: text('record_id').notNull(),
    clusterId: integer('cluster_id')
      .notNull()
      .references(() => spamCluster.id),
    row: text('row_json').notNull(),
  },
  (table) => [
    // Whether a record that is stored comes back (program/outbox.ts).
    primaryKey({ columns: [table.kind, table.recordId, table.clusterId] }),
    // Undoing a cluster, and its end.
    index('spam_record_cluster').on(table.clusterId),
  ],
);
