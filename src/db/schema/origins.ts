import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { AnySQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { OriginField } from '../../domain/attribution/origin-fields.ts';

/** What an `origin_value` is a value of. */
export type ValueField = OriginField | 'landingPage';

/**
 * Every distinct value seen, once, by its canonical form. `label` is the first spelling seen. An alias points
 * `aliasOf` at another value: all history follows by this one row.
 */
export const originValue = sqliteTable(
  'origin_value',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    field: text('field').$type<ValueField>().notNull(),
    canonical: text('canonical').notNull(),
    label: text('label').notNull(),
    /** The spelling an alias rule asks to show for this value, where one does. */
    aliasLabel: text('alias_label'),
    aliasOf: integer('alias_of').references((): AnySQLiteColumn => originValue.id),
    firstSeenAt: integer('first_seen_at').notNull(),
  },
  (table) => [
    uniqueIndex('origin_value_field_canonical').on(table.field, table.canonical),
    // Undoing an alias: which values point at the target.
    index('origin_value_alias_of').on(table.aliasOf),
    // The report of new values.
    index('origin_value_first_seen_at').on(table.firstSeenAt),
  ],
);

/**
 * A distinct origin of a site. Value columns hold `origin_value.id`, 0 where unknown; there is one for
 * each field of the record (fragments/origin-columns.ts, which does not compile where one is missing). `key` is the canonical JSON
 * tuple it is found by. `channelId` is rewritten when a channel rule or an alias changes, all values when history is read again by
 * newer rules (services/reclassification): the row then keeps in `evidence` what it was stored with, and nothing new finds it by its key.
 */
export const origin = sqliteTable(
  'origin',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    key: text('key').notNull().unique(),
    siteId: integer('site_id').notNull(),
    sourceId: integer('source_id').notNull(),
    mediumId: integer('medium_id').notNull(),
    campaignId: integer('campaign_id').notNull(),
    termId: integer('term_id').notNull(),
    contentId: integer('content_id').notNull(),
    utmIdId: integer('utm_id_id').notNull(),
    referrerDomainId: integer('referrer_domain_id').notNull(),
    channelId: integer('channel_id').notNull(),
    placementId: integer('placement_id').notNull().default(0),
    /** Name of the click id that came with it (`gclid`), for channel rules; null where there was none. */
    clickIdName: text('click_id_name'),
    /** The version of the rules by which it was stored (domain/attribution/rules-version.ts). */
    rulesVersion: integer('rules_version').notNull().default(0),
    /** JSON of the value ids it was stored with, in the order of `sentFields`; null where it still has them. */
    evidence: text('evidence', { mode: 'json' }).$type<number[]>(),
    /** The key that an arrival has today of which this origin was read again: so an arrival sent again is recognised. */
    readAs: text('read_as'),
  },
  (table) => [
    // Filters by value: which origins carry this source, medium, campaign, referrer, channel.
    index('origin_source').on(table.sourceId),
    index('origin_medium').on(table.mediumId),
    index('origin_campaign').on(table.campaignId),
    index('origin_referrer').on(table.referrerDomainId),
    index('origin_channel').on(table.channelId),
  ],
);

/** One correction: every spelling in `alias_from` counts as `toCanonical` and is shown as `label`. */
export const alias = sqliteTable(
  'alias',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    field: text('field').$type<ValueField>().notNull(),
    toCanonical: text('to_canonical').notNull(),
    label: text('label').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  // Conditions that find values by the label of a correction: what the corrections of a field lead to.
  (table) => [index('alias_field').on(table.field, table.toCanonical)],
);

export const aliasFrom = sqliteTable(
  'alias_from',
  {
    field: text('field').$type<ValueField>().notNull(),
    canonical: text('canonical').notNull(),
    aliasId: integer('alias_id')
      .notNull()
      .references(() => alias.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.field, table.canonical] }), index('alias_from_alias').on(table.aliasId)],
);

/** Two values that somebody said are not the same: no correction is suggested for them. The lesser text stands first. */
export const distinctValues = sqliteTable(
  'distinct_values',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    field: text('field').$type<ValueField>().notNull(),
    first: text('first').notNull(),
    second: text('second').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('distinct_values_pair').on(table.field, table.first, table.second)],
);

/**
 * One arrival of a known person. Never updated, but for its person when two people are merged. A point (first
 * touch, lead creation, conversion, company source) names its touch by person, time and origin.
 */
export const touch = sqliteTable(
  'touch',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    personId: integer('person_id').notNull(),
    at: integer('at').notNull(),
    originId: integer('origin_id').notNull(),
    landingPageId: integer('landing_page_id').notNull(),
    clickIdName: text('click_id_name'),
    clickIdValue: text('click_id_value'),
    /** JSON of all click ids of the arrival, in order; null where the one above is all there is. */
    clickIds: text('click_ids', { mode: 'json' }).$type<Array<{ name: string; value: string }>>(),
    /** JSON of the spellings that differ from the canonical value, by field; null where none does. */
    raw: text('raw', { mode: 'json' }).$type<Record<string, string>>(),
  },
  (table) => [
    // A person's journey in order, and the arbiter that the same touch is stored once.
    uniqueIndex('touch_person_at_origin').on(table.personId, table.at, table.originId),
    // "Ever touched by newsletter": the people of an origin.
    index('touch_origin_person').on(table.originId, table.personId),
  ],
);
