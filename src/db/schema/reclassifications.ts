import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type {
  MovablePoint,
  ReclassificationCounts,
  ReclassificationCursor,
  ReclassificationState,
} from '../../domain/attribution/reclassification.ts';

/** One time that stored origins were read again by the rules of that day. */
export const reclassification = sqliteTable(
  'reclassification',
  {
    /** UUIDv7. */
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    state: text('state').$type<ReclassificationState>().notNull(),
    rulesVersion: integer('rules_version').notNull(),
    /** Origins up to this one are read again; newer ones are stored by the rules of that day. */
    lastOriginId: integer('last_origin_id').notNull(),
    /** Values up to this one were there before. */
    lastValueId: integer('last_value_id').notNull(),
    lastGroupId: integer('last_group_id').notNull(),
    cursor: text('cursor', { mode: 'json' }).$type<ReclassificationCursor>().notNull(),
    /** Rises with each transaction: one that was prepared for another step does nothing. */
    step: integer('step').notNull().default(0),
    counts: text('counts', { mode: 'json' }).$type<ReclassificationCounts>().notNull(),
    finishedAt: integer('finished_at'),
    undoneAt: integer('undone_at'),
  },
  (table) => [
    // One at a time is applied or undone.
    uniqueIndex('reclassification_running')
      .on(sql`(1)`)
      .where(sql`state IN ('applying', 'undoing')`),
    index('reclassification_at').on(table.at, table.id),
  ],
);

/** An origin as it was before. Gone once it is restored. */
export const reclassifiedOrigin = sqliteTable(
  'reclassified_origin',
  {
    reclassificationId: text('reclassification_id').notNull(),
    originId: integer('origin_id').notNull(),
    /** JSON of its value ids, in the order of `sentFields`. */
    before: text('before', { mode: 'json' }).$type<number[]>().notNull(),
    evidenceBefore: text('evidence_before', { mode: 'json' }).$type<number[]>(),
    channelBefore: integer('channel_before').notNull(),
    channelAfter: integer('channel_after').notNull(),
    /** It says less of where visitors came from than before: points that name it may name another touch. */
    saysLess: integer('says_less', { mode: 'boolean' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.reclassificationId, table.originId] })],
);

/** A point that names another touch now, with the one before. Gone once it is restored. */
export const reclassifiedPoint = sqliteTable(
  'reclassified_point',
  {
    reclassificationId: text('reclassification_id').notNull(),
    point: text('point').$type<MovablePoint>().notNull(),
    /** The person, or of a conversion the submission. */
    recordId: text('record_id').notNull(),
    originBefore: integer('origin_before').notNull(),
    atBefore: integer('at_before').notNull(),
    landingPageBefore: integer('landing_page_before').notNull(),
    originAfter: integer('origin_after').notNull(),
    atAfter: integer('at_after').notNull(),
    landingPageAfter: integer('landing_page_after').notNull(),
    /** The company whose source this point is too, which follows. */
    companyId: integer('company_id'),
  },
  (table) => [primaryKey({ columns: [table.reclassificationId, table.point, table.recordId] })],
);
