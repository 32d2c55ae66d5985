import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Submissions by the UTC month they came in, kept by triggers in the transaction of every change (drizzle/0014).
 * `tools/report-totals.ts` counts anew.
 */
export const reportTotal = sqliteTable(
  'report_total',
  {
    /** 5: by form and channel. The others, of drizzle/0011, stand in `settled_total` now. */
    kind: integer('kind').notNull(),
    /** `YYYYMM`. */
    month: integer('month').notNull(),
    key: integer('key').notNull(),
    n: integer('n').notNull(),
    /** Those of people known before. */
    m: integer('m').notNull(),
    won: integer('won').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.month, table.key] })],
);

/**
 * How far leads and deals are settled: what reports ask of them worked out, and added up. Above these ids nobody is; below,
 * all but those in `unsettled_lead` and `unsettled_deal`. Reports read the unsettled row by row, so they are always right.
 */
export const reportState = sqliteTable('report_state', {
  id: integer('id').primaryKey(),
  leadsTo: integer('leads_to').notNull(),
  dealsTo: integer('deals_to').notNull(),
  /** The look-back window that paths are settled by: the default site's. */
  lookBackDays: integer('look_back_days').notNull(),
});

/** Settled leads and deals, added up by month, quarter, year and over all time: the sum of the views `lead_part` and `deal_part` (drizzle/0014). */
export const settledTotal = sqliteTable(
  'settled_total',
  {
    /** What is counted, and what by (db/reports/totals.ts); 100 more by quarter, 200 by year, 300 over all time. */
    kind: integer('kind').notNull(),
    /** `YYYYMM`, of a quarter and of a year the first; 0 of all time. */
    month: integer('month').notNull(),
    key: integer('key').notNull(),
    n: integer('n').notNull(),
    /** Leads with a deal; of deals their amount, of closed ones that of the won. */
    m: integer('m').notNull(),
    won: integer('won').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.month, table.key] })],
);

/** What reports ask of a person, worked out. Ids are 0 where there is none. */
export const leadFact = sqliteTable(
  'lead_fact',
  {
    personId: integer('person_id').primaryKey(),
    createdAt: integer('created_at').notNull(),
    month: integer('month').notNull(),
    firstOriginId: integer('first_origin_id').notNull(),
    leadOriginId: integer('lead_origin_id').notNull(),
    firstChannelId: integer('first_channel_id').notNull(),
    leadChannelId: integer('lead_channel_id').notNull(),
    leadSourceId: integer('lead_source_id').notNull(),
    via: integer('via').notNull(),
    formId: integer('form_id').notNull(),
    statusId: integer('status_id').notNull(),
    dealState: integer('deal_state').notNull(),
    sayingId: integer('saying_id').notNull(),
    pathId: integer('path_id').notNull(),
    /** Milliseconds from first touch to creation, and the part of the scale that they lie in. */
    toLead: integer('to_lead').notNull(),
    bin: integer('bin').notNull(),
  },
  (table) => [
    // The median of a report: the rows of the bin in which the middle lies.
    index('lead_fact_bin').on(table.bin, table.firstChannelId, table.createdAt, table.toLead),
  ],
);

/** What reports ask of a deal, worked out. Months and paths are null where there is no such moment. */
export const dealFact = sqliteTable(
  'deal_fact',
  {
    dealId: integer('deal_id').primaryKey(),
    registeredAt: integer('registered_at').notNull(),
    registeredMonth: integer('registered_month').notNull(),
    closedAt: integer('closed_at'),
    closedMonth: integer('closed_month'),
    /** Of the moment from which it is not open: it cannot be gone before it came. */
    goneMonth: integer('gone_month'),
    isWon: integer('is_won').notNull(),
    firstOriginId: integer('first_origin_id').notNull(),
    leadOriginId: integer('lead_origin_id').notNull(),
    firstChannelId: integer('first_channel_id').notNull(),
    /** Three letters as a number to the base of 26. */
    currency: integer('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    registeredPathId: integer('registered_path_id').notNull(),
    closedPathId: integer('closed_path_id'),
    toDeal: integer('to_deal'),
    dealBin: integer('deal_bin'),
    /** Of won deals. */
    toWin: integer('to_win'),
    winBin: integer('win_bin'),
  },
  (table) => [
    index('deal_fact_deal_bin').on(table.dealBin, table.firstChannelId, table.registeredAt, table.toDeal),
    index('deal_fact_win_bin')
      .on(table.winBin, table.firstChannelId, table.closedAt, table.toWin)
      .where(sql`win_bin IS NOT NULL`),
  ],
);

/** Below the ids that `report_state` names: what has changed since it was settled. */
export const unsettledLead = sqliteTable('unsettled_lead', { personId: integer('person_id').primaryKey() });
export const unsettledDeal = sqliteTable('unsettled_deal', { dealId: integer('deal_id').primaryKey() });

/** Each distinct journey by channels: their ids after corrections, joined by commas. */
export const reportPath = sqliteTable('report_path', {
  id: integer('id').primaryKey(),
  path: text('path').notNull().unique(),
});

/** Each distinct answer to how they heard of us, as it was written; gone when nobody's is left (services/erase-people.ts). */
export const saying = sqliteTable('saying', {
  id: integer('id').primaryKey(),
  text: text('text').notNull().unique(),
});
