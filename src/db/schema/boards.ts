import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Tile } from '../../domain/reports/dashboard-tiles.ts';
import type { AnnotationKind } from '../../domain/reports/annotation-kinds.ts';
import type { Visibility } from '../../domain/segments/selections.ts';
import { owner } from './people.ts';
import { site } from './settings.ts';

/** What happened on a day and explains a number on a time line. */
export const annotation = sqliteTable(
  'annotation',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** `YYYY-MM-DD`. */
    day: text('day').notNull(),
    text: text('text').notNull(),
    /** The site that it concerns; null: all. */
    siteId: integer('site_id').references(() => site.id, { onDelete: 'cascade' }),
    /** The API key that wrote it, with the name it had then. Null: the administrator's, a user, or Kilde itself. */
    keyId: integer('key_id'),
    keyName: text('key_name'),
    /** The user who wrote it, with the name they had then. */
    userId: integer('user_id'),
    userName: text('user_name'),
    /** Whether Kilde wrote it. */
    automatic: integer('automatic', { mode: 'boolean' }).notNull().default(false),
    /** What Kilde annotated, and its names and numbers. Null: not automatic, or from before they were stored. */
    kind: text('kind').$type<AnnotationKind>(),
    values: text('details', { mode: 'json' }).$type<Record<string, unknown>>(),
    createdAt: integer('created_at').notNull(),
  },
  // GET /annotations: the latest day first, and those of a period.
  (table) => [index('annotation_day').on(table.day, table.id)],
);

/** A named set of reports, each with its size and form. There are at most some hundreds. */
export const dashboard = sqliteTable('dashboard', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  description: text('description'),
  ownerId: integer('owner_id').references(() => owner.id, { onDelete: 'set null' }),
  visibility: text('visibility').$type<Visibility>().notNull().default('shared'),
  /** The API key that made it; null: the administrator's, or a user, whose owner it has. */
  keyId: integer('key_id'),
  /** Whether it is shown first. One at most. */
  isDefault: integer('is_default', { mode: 'boolean' }).notNull().default(false),
  /** In order. */
  tiles: text('tiles', { mode: 'json' }).$type<Tile[]>().notNull(),
  /** Rises with every change. */
  revision: integer('revision').notNull().default(1),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});
