import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Retention } from '../../domain/settings/retention.ts';
import type { ChannelRule } from '../../domain/attribution/channels.ts';

/**
 * One row (id 1). `version` rises with every change of anything the capture path keeps in memory (sites, forms,
 * aliases, lead statuses); a submission states the version it was prepared with, and is stored only if it still holds.
 */
export const settings = sqliteTable('settings', {
  id: integer('id').primaryKey(),
  version: integer('version').notNull(),
  /** ISO 4217: what reports add money up in. Null where none is chosen. */
  reportingCurrency: text('reporting_currency'),
  /** People below this id still have telephone numbers as they were sent (jobs/normalize-phones.ts). Null: not begun; 0: done. */
  phonesBefore: integer('phones_before'),
  /** Days that kinds of data are kept; what is not named is kept. */
  retention: text('retention', { mode: 'json' }).$type<Partial<Retention>>().notNull().default({}),
});

export const site = sqliteTable('site', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  key: text('key').notNull().unique(),
  name: text('name').notNull(),
  /** Host names, lower case. Empty: any page is the site's. */
  domains: text('domains', { mode: 'json' }).$type<string[]>().notNull().default([]),
  isDefault: integer('is_default', { mode: 'boolean' }).notNull().default(false),
  timeZone: text('time_zone').notNull().default('Europe/Oslo'),
  /** ISO 3166, two capital letters: the country of telephone numbers without one. Null: that of the time zone. */
  country: text('country'),
  lookBackDays: integer('look_back_days').notNull().default(90),
  consent: text('consent', { enum: ['off', 'required'] })
    .notNull()
    .default('off'),
  utmTracking: integer('utm_tracking', { mode: 'boolean' }).notNull().default(true),
  /** Registrable domains that are never a referrer, beside the built-in payment and login providers. */
  ignoredReferrers: text('ignored_referrers', { mode: 'json' }).$type<string[]>().notNull().default([]),
  channelRules: text('channel_rules', { mode: 'json' }).$type<ChannelRule[]>().notNull().default([]),
  createdAt: integer('created_at').notNull(),
});

export const apiKey = sqliteTable('api_key', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  /** SHA-256 of the key, hex. The key itself is shown once and kept nowhere. */
  hash: text('hash').notNull().unique(),
  /** The first characters of the key, to tell keys apart in a list. */
  prefix: text('prefix').notNull(),
  /** What it may do; `report:<id>` reads that one report alone. */
  scopes: text('scopes', { mode: 'json' }).$type<Array<'read' | 'write' | 'admin' | `report:${string}`>>().notNull(),
  /** From this moment on it is no key any more; null: until it is revoked. */
  expiresAt: integer('expires_at'),
  createdAt: integer('created_at').notNull(),
});
