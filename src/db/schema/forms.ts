import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { sql } from 'drizzle-orm';
import { formLanguages, formModes } from '../../domain/capture/form-settings.ts';
import { category, company, person, selection } from './people.ts';
import type { SubmittedVia } from './people.ts';
import type { StoredTarget } from './schedules.ts';
import { site } from './settings.ts';

/**
 * A consent a form asks for: the purpose is recorded when `field` is sent with a value that is not a refusal. With `doubleOptIn`
 * it is recorded only after the sender has confirmed it by mail. Consents stored before it existed lack it.
 */
export type FormConsent = { field: string; purpose: string; text: string | null; doubleOptIn?: boolean };

/** The mail that a sender gets after a submission. Both texts may have placeholders such as `{{firstName}}` or `{{field name}}`. */
export type AutoReply = { subject: string; text: string };

export const form = sqliteTable('form', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** What stands in `/f/<key>` and is the form's id in the API. */
  key: text('key').notNull().unique(),
  name: text('name').notNull(),
  siteId: integer('site_id')
    .notNull()
    .references(() => site.id),
  enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
  closesAt: integer('closes_at'),
  /** Closed once this many submissions are stored. */
  closesAfter: integer('closes_after'),
  utmTracking: integer('utm_tracking', { mode: 'boolean' }).notNull().default(true),
  /** Hosts a browser may post from and `_next` may lead to, beside the site's domains. Empty: the site's rule alone. */
  allowedOrigins: text('allowed_origins', { mode: 'json' }).$type<string[]>().notNull().default([]),
  /** Target to field name; what is not named here goes by the defaults. */
  fieldMapping: text('field_mapping', { mode: 'json' }).$type<Record<string, string>>().notNull().default({}),
  redirectUrl: text('redirect_url'),
  honeypotField: text('honeypot_field').notNull().default('_gotcha'),
  /** A form filled in less than this many seconds is suspect. 0: no check. */
  minimumSeconds: integer('minimum_seconds').notNull().default(0),
  turnstile: integer('turnstile', { mode: 'boolean' }).notNull().default(false),
  consents: text('consents', { mode: 'json' }).$type<FormConsent[]>().notNull().default([]),
  defaultCategoryId: integer('default_category_id').references(() => category.id),
  selectionId: integer('selection_id').references(() => selection.id),
  /** Where each submission is reported: delivery targets. Before there were kinds, addresses of mail: see program/outbox.ts. */
  notify: text('notify', { mode: 'json' }).$type<Array<StoredTarget | string>>().notNull().default([]),
  /** The language of all that a sender sees. Null: the language of the sender's browser. */
  language: text('language', { enum: formLanguages }),
  /** What a browser shows after the form was sent, where there is no redirect. Null: the standard text. */
  thankYou: text('thank_you'),
  /** What a browser shows where the form is closed. Null: the standard text. */
  closedText: text('closed_text'),
  autoReply: text('auto_reply', { mode: 'json' }).$type<AutoReply>(),
  mode: text('mode', { enum: formModes }).notNull().default('automatic'),
  /** Whether its files are stored, where there is a store. Else they are noted by name and size. */
  storeFiles: integer('store_files', { mode: 'boolean' }).notNull().default(true),
  createdAt: integer('created_at').notNull(),
  deletedAt: integer('deleted_at'),
});

/** Accepted submissions of a form by day of the site's time zone: what the statistics add up. */
export const formDay = sqliteTable(
  'form_day',
  {
    formId: integer('form_id')
      .notNull()
      .references(() => form.id),
    /** `YYYY-MM-DD` in the site's time zone. */
    day: text('day').notNull(),
    submissions: integer('submissions').notNull(),
    newLeads: integer('new_leads').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.formId, table.day] })],
);

/**
 * One accepted form. Written last of all that it brings about, in the same statement (program/intake.ts), and whole: whoever sees
 * it sees its person.
 */
export const submission = sqliteTable(
  'submission',
  {
    /** UUIDv7. */
    id: text('id').primaryKey(),
    /** Null for a chat, a call or an event that another system reported. */
    formId: integer('form_id').references(() => form.id),
    /** Null where neither an e-mail address nor a telephone number was sent. */
    personId: integer('person_id').references(() => person.id),
    companyId: integer('company_id').references(() => company.id),
    at: integer('at').notNull(),
    createdVia: text('created_via').$type<SubmittedVia>().notNull().default('form'),
    createdPerson: integer('created_person', { mode: 'boolean' }).notNull().default(false),
    createdCompany: integer('created_company', { mode: 'boolean' }).notNull().default(false),
    /** The origin in force: its touch is the person's at `touchAt`. */
    originId: integer('origin_id'),
    touchAt: integer('touch_at'),
    landingPageId: integer('landing_page_id'),
    /** Ids of the touches known at that moment, oldest first. */
    journey: text('journey', { mode: 'json' }).$type<number[]>(),
    fields: text('fields', { mode: 'json' }).$type<Record<string, string | string[]>>().notNull(),
    /** Address of the page that held the form, without query. */
    page: text('page'),
    selfReported: text('self_reported'),
    /** The header's key; of a field `_id`, the key and a hash of the content (services/capture/idempotency-key.ts). */
    idempotencyKey: text('idempotency_key'),
    /** The key was used before, for a submission with other content: the form's `_id` is probably fixed. Set by a trigger. */
    idempotencyConflict: integer('idempotency_conflict', { mode: 'boolean' }).notNull().default(false),
    /** SHA-256 of form and content, where a second click is to be recognised by it. */
    contentHash: text('content_hash'),
  },
  (table) => [
    uniqueIndex('submission_idempotency')
      .on(table.formId, table.idempotencyKey)
      .where(sql`idempotency_key IS NOT NULL`),
    index('submission_content')
      .on(table.contentHash, table.at)
      .where(sql`content_hash IS NOT NULL`),
    index('submission_at').on(table.at, table.id),
    index('submission_form').on(table.formId, table.at),
    index('submission_person')
      .on(table.personId, table.at)
      .where(sql`person_id IS NOT NULL`),
    index('submission_company')
      .on(table.companyId, table.at)
      .where(sql`company_id IS NOT NULL`),
    // Retention of what nobody sent: submissions without a person, the oldest first.
    index('submission_nobody')
      .on(table.at)
      .where(sql`person_id IS NULL`),
    // Criteria on the origin of a submission, and of a person's latest conversion.
    index('submission_origin')
      .on(table.originId, table.at)
      .where(sql`origin_id IS NOT NULL`),
  ],
);

/** A consent that waits for the sender's confirmation by mail. Its person is that of its submission. */
export const consentRequest = sqliteTable(
  'consent_request',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    submissionId: text('submission_id').notNull(),
    purpose: text('purpose').notNull(),
    text: text('text'),
    /** The form's own address as it was sent to it: the link in the mail leads below it. */
    confirmUrl: text('confirm_url').notNull(),
    at: integer('at').notNull(),
  },
  (table) => [
    // The mails to send for a submission; erasing its person.
    index('consent_request_submission').on(table.submissionId),
    // Those that nobody confirmed in time.
    index('consent_request_at').on(table.at),
  ],
);

/**
 * A submission that is stored and not processed: it creates nobody and counts nowhere. `spam`: it is suspect, and waits for release.
 * `approval`: its form processes people who are not known only after approval.
 */
export const quarantine = sqliteTable(
  'quarantine',
  {
    /** UUIDv7; the submission's id once released. */
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['spam', 'approval'] })
      .notNull()
      .default('spam'),
    formId: integer('form_id')
      .notNull()
      .references(() => form.id),
    at: integer('at').notNull(),
    reasons: text('reasons', { mode: 'json' }).$type<string[]>().notNull(),
    /** All that is needed to process it as of its own time. */
    payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
    idempotencyKey: text('idempotency_key'),
    status: text('status', { enum: ['held', 'released'] })
      .notNull()
      .default('held'),
  },
  (table) => [
    index('quarantine_status').on(table.status, table.at),
    // Statistics of a form: what is quarantined, and what waits for approval.
    index('quarantine_form')
      .on(table.formId, table.kind)
      .where(sql`status = 'held'`),
    // The list of submissions that wait for approval.
    index('quarantine_approval')
      .on(table.status, table.at)
      .where(sql`kind = 'approval'`),
    uniqueIndex('quarantine_idempotency')
      .on(table.formId, table.idempotencyKey)
      .where(sql`idempotency_key IS NOT NULL`),
  ],
);
