import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { selection } from './people.ts';

/** Which selections a dynamic or combined one is made of: written with it, so that a circle is found by one statement. */
export const selectionReference = sqliteTable(
  'selection_reference',
  {
    selectionId: integer('selection_id')
      .notNull()
      .references(() => selection.id, { onDelete: 'cascade' }),
    usesId: integer('uses_id')
      .notNull()
      .references(() => selection.id),
  },
  (table) => [
    primaryKey({ columns: [table.selectionId, table.usesId] }),
    // Who uses this one, before it is deleted or changed.
    index('selection_reference_uses').on(table.usesId),
  ],
);

/** One member that left a static selection. Names nobody: it is for how many there were on a day. */
export const selectionLeave = sqliteTable(
  'selection_leave',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    selectionId: integer('selection_id')
      .notNull()
      .references(() => selection.id, { onDelete: 'cascade' }),
    addedAt: integer('added_at').notNull(),
    removedAt: integer('removed_at').notNull(),
  },
  (table) => [index('selection_leave_selection').on(table.selectionId)],
);

/** Members of a dynamic or combined selection at the end of a day of the default site's time zone. */
export const selectionDay = sqliteTable(
  'selection_day',
  {
    selectionId: integer('selection_id')
      .notNull()
      .references(() => selection.id, { onDelete: 'cascade' }),
    /** `YYYY-MM-DD`. */
    day: text('day').notNull(),
    members: integer('members').notNull(),
  },
  (table) => [primaryKey({ columns: [table.selectionId, table.day] })],
);

/** When the members of a dynamic or combined selection were last compared with `selection_seen`, while somebody listens. */
export const selectionWatch = sqliteTable('selection_watch', {
  selectionId: integer('selection_id')
    .primaryKey()
    .references(() => selection.id, { onDelete: 'cascade' }),
  comparedAt: integer('compared_at').notNull(),
});

/** The members that a watched selection had then. */
export const selectionSeen = sqliteTable(
  'selection_seen',
  {
    selectionId: integer('selection_id')
      .notNull()
      .references(() => selection.id, { onDelete: 'cascade' }),
    memberId: integer('member_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.selectionId, table.memberId] })],
);

/** Who entered or left it, within one transaction: empty between them. */
export const selectionChange = sqliteTable(
  'selection_change',
  {
    selectionId: integer('selection_id').notNull(),
    memberId: integer('member_id').notNull(),
    entered: integer('entered', { mode: 'boolean' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.selectionId, table.memberId] })],
);
