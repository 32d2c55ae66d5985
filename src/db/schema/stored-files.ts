import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A file that came with a submission and is stored (docs/forms.md). Its bytes are in the file store, under the same id. */
export const storedFile = sqliteTable(
  'stored_file',
  {
    /** Random: it is the key of the object. */
    id: text('id').primaryKey(),
    /** The id of the submission, also while that is quarantined. */
    submissionId: text('submission_id').notNull(),
    /** The field of the form. */
    field: text('field').notNull(),
    name: text('name').notNull(),
    type: text('type').notNull(),
    size: integer('size').notNull(),
    sha256: text('sha256').notNull(),
    at: integer('at').notNull(),
  },
  (table) => [
    // The files of a submission; erasure, and the end of a quarantined submission.
    index('stored_file_submission').on(table.submissionId),
    // Those whose submission was never stored.
    index('stored_file_at').on(table.at),
  ],
);

/** Files whose row is gone, and whose bytes are still to be deleted. Written by a trigger (program/stored-files.ts). */
export const removedFile = sqliteTable('removed_file', { id: text('id').primaryKey() });
