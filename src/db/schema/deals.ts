import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { DealStatus } from '../../domain/deal-statuses.ts';
import { company, owner, person } from './people.ts';

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
    /** The origins that credit goes to: the person's, without one the company's source. Stored by triggers (program/deal-origins.ts). */
    firstTouchOriginId: integer('first_touch_origin_id'),
    leadCreationOriginId: integer('lead_creation_origin_id'),
  },
  (table) => [
    // The deals of a person and of a company, for criteria and for credit.
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
  ],
);
