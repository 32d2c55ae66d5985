import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A tagged link: the page, its utm values, and the short address `/l/<slug>`. */
export const link = sqliteTable(
  'link',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    slug: text('slug').notNull().unique(),
    siteId: integer('site_id').notNull(),
    /** The page without utm parameters. */
    page: text('page').notNull(),
    source: text('source').notNull(),
    medium: text('medium').notNull(),
    campaign: text('campaign'),
    term: text('term'),
    content: text('content'),
    utmId: text('utm_id'),
    createdAt: integer('created_at').notNull(),
    archivedAt: integer('archived_at'),
  },
  (table) => [index('link_created_at').on(table.createdAt, table.id)],
);

/** Redirects of a link by UTC day. */
export const linkDay = sqliteTable(
  'link_day',
  {
    linkId: integer('link_id')
      .notNull()
      .references(() => link.id),
    day: text('day').notNull(),
    visits: integer('visits').notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.day] })],
);

/** Where a link stands, by `?p=` of its short address: named when the link was made, or by whoever followed it. */
export const linkPlacement = sqliteTable(
  'link_placement',
  {
    linkId: integer('link_id')
      .notNull()
      .references(() => link.id, { onDelete: 'cascade' }),
    /** The canonical value: an `origin_value` of the field `placement` once an arrival had it. */
    placement: text('placement').notNull(),
    visits: integer('visits').notNull(),
  },
  (table) => [primaryKey({ columns: [table.linkId, table.placement] })],
);
