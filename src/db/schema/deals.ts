import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { DealStatus } from '../../domain/deals/deal-statuses.ts';
import { company, owner, person } from './people.ts';

/** A way that deals go, stage by stage. One pipeline is the default: what names no other goes there. */
export const pipeline = sqliteTable('pipeline', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull().unique(),
  isDefault: integer('is_default', { mode: 'boolean' }).notNull().default(false),
  createdAt: integer('created_at').notNull(),
});

/** A stage of a pipeline. Its status is the status of the deals in it. */
export const stage = sqliteTable(
  'stage',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    pipelineId: integer('pipeline_id')
      .notNull()
      .references(() => pipeline.id),
    name: text('name').notNull(),
    position: integer('position').notNull(),
    /** In percent: 100 where deals are won, 0 where they are lost. */
    probability: integer('probability').notNull(),
    status: text('status').$type<DealStatus>().notNull(),
  },
  // The stages of a pipeline in order, and its first one of a status.
  (table) => [index('stage_pipeline').on(table.pipelineId, table.position)],
);

/** A possible sale. Money is in minor units of its currency (ISO 4217). */
export const deal = sqliteTable(
  'deal',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** The deal's id in the system it comes from. */
    externalId: text('external_id').notNull().unique(),
    name: text('name'),
    nameFold: text('name_fold'),
    personId: integer('person_id').references(() => person.id),
    companyId: integer('company_id').references(() => company.id),
    ownerId: integer('owner_id').references(() => owner.id),
    status: text('status').$type<DealStatus>().notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    /** When the deal was registered where it comes from. */
    registeredAt: integer('registered_at').notNull(),
    /** When it was won or lost; null while open. */
    closedAt: integer('closed_at'),
    updatedAt: integer('updated_at').notNull(),
    /** Decides `status`. A deal that is stored without one gets the default pipeline's first of its status (program/deal-stages.ts). */
    stageId: integer('stage_id').references(() => stage.id),
    /** In percent, while the deal is open. A closed deal keeps the last one, so that reports of earlier days have no hindsight. */
    probability: integer('probability').notNull().default(0),
    /** A calendar day, `YYYY-MM-DD`. */
    expectedCloseDay: text('expected_close_day'),
    nextStepText: text('next_step_text'),
    nextStepDay: text('next_step_day'),
    /** Why a lost deal was lost. */
    lostReason: text('lost_reason'),
    /** The e-mail address that was given for a person who is not known yet. The deal links itself when the person comes. */
    linkEmail: text('link_email'),
    /** The same of a company, by domain. */
    linkDomain: text('link_domain'),
    /** The origins that credit goes to: the person's, without one the company's source. Stored by triggers (program/deal-origins.ts). */
    firstTouchOriginId: integer('first_touch_origin_id'),
    leadCreationOriginId: integer('lead_creation_origin_id'),
  },
  (table) => [
    // The deals of a person and of a company, for criteria and for credit; deals without a lead in order (GET /deals?person[empty]&company[empty]).
    index('deal_person').on(table.personId, table.registeredAt),
    index('deal_company').on(table.companyId, table.registeredAt),
    // Reports by origin read these alone: no row of a deal, and none of its person.
    index('deal_registered').on(
      table.registeredAt,
      table.leadCreationOriginId,
      table.firstTouchOriginId,
      table.closedAt,
      table.amountMinor,
      table.currency,
    ),
    index('deal_closed')
      .on(
        table.closedAt,
        table.status,
        table.amountMinor,
        table.currency,
        table.leadCreationOriginId,
        table.firstTouchOriginId,
      )
      .where(sql`closed_at IS NOT NULL`),
    // Which currencies there are, and the deals of those that a report has to convert.
    index('deal_currency').on(table.currency, table.closedAt),
    // Criteria on the owner of a deal.
    index('deal_owner')
      .on(table.ownerId, table.registeredAt)
      .where(sql`owner_id IS NOT NULL`),
    // The columns of a deal board, and the deals of a stage that is changed or removed.
    index('deal_stage').on(table.stageId, table.registeredAt),
    // The deals that wait for a person or a company, asked for each new one (program/deal-links.ts).
    index('deal_link_email')
      .on(table.linkEmail)
      .where(sql`link_email IS NOT NULL`),
    index('deal_link_domain')
      .on(table.linkDomain)
      .where(sql`link_domain IS NOT NULL`),
  ],
);
