import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Rows of `person` that stand for somebody who was erased: without anything of them, so that reports count what they
 * counted. No list, lookup or segment shows one.
 */
export const erasedPerson = sqliteTable('erased_person', {
  personId: integer('person_id').primaryKey(),
  at: integer('at').notNull(),
});

export const retentionKinds = [
  'submissionAnswers',
  'quarantine',
  'inactivePeople',
  'deadLetters',
  'reportRuns',
  'auditLog',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** How long a kind of data is kept. A kind without a row is kept for good. */
export const retention = sqliteTable('retention', {
  kind: text('kind').$type<RetentionKind>().primaryKey(),
  days: integer('days').notNull(),
  /** The UTC day, `YYYY-MM-DD`, on which all that was due has been done with; null before the first. */
  doneDay: text('done_day'),
});
