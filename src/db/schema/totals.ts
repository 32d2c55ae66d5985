import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** Tables that are their own primary key's index. Drizzle has no word for it: tools/generate-migration.ts writes it into migrations. */
export const tablesWithoutRowid = ['report_total', 'settled_total', 'credit_total'] as const;

/**
 * Submissions by the UTC month and day they came in, stored by triggers in the transaction of every change (program/submission-totals.ts).
 * `tools/report-totals.ts` counts anew.
 */
export const reportTotal = sqliteTable(
  'report_total',
  {
    /** 5: by form and channel; 100 more by day. The other kinds stand in `settled_total`. */
    kind: integer('kind').notNull(),
    /** `YYYYMM`; `YYYYMMDD` of a day. */
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

/** Settled leads and deals, added up by day, month, year and over all time: the sum of the views `lead_part` and `deal_part` (program/parts.ts). */
export const settledTotal = sqliteTable(
  'settled_total',
  {
    /** What is counted, and by what (db/fragments/total-kinds.ts); 100 more by day, 200 by year, 300 over all time. */
    kind: integer('kind').notNull(),
    /** `YYYYMM`, of a year the first; `YYYYMMDD` of a day; 0 of all time. */
    month: integer('month').notNull(),
    key: integer('key').notNull(),
    n: integer('n').notNull(),
    /** Leads with a deal; of deals their amount, of closed ones that of the won. */
    m: integer('m').notNull(),
    won: integer('won').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.month, table.key] })],
);

/**
 * The credit that journeys give the groups of origins they touched, added up as in `settled_total`: the sum of the views
 * `lead_credit` and `deal_credit` (program/credit.ts). Each model has three numbers that mean what `n`, `m` and `won` do, in parts of
 * one (`creditUnits`), amounts in minor units. Time decay is by the half-life that reports have unless another is asked for.
 */
export const creditTotal = sqliteTable(
  'credit_total',
  {
    /** 1 leads, 2 deals by registration, 3 by close. */
    kind: integer('kind').notNull(),
    month: integer('month').notNull(),
    /** An `origin_group`; of deals, times 32,768, with the currency. */
    key: integer('key').notNull(),
    lastTouch: integer('last_touch').notNull(),
    lastTouchM: integer('last_touch_m').notNull(),
    lastTouchWon: integer('last_touch_won').notNull(),
    linear: integer('linear').notNull(),
    linearM: integer('linear_m').notNull(),
    linearWon: integer('linear_won').notNull(),
    positionBased: integer('position_based').notNull(),
    positionBasedM: integer('position_based_m').notNull(),
    positionBasedWon: integer('position_based_won').notNull(),
    timeDecay: integer('time_decay').notNull(),
    timeDecayM: integer('time_decay_m').notNull(),
    timeDecayWon: integer('time_decay_won').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.month, table.key] })],
);

/**
 * Origins that are the same but for term, content, id and click id: few, where those are many. A trigger adds the one of each
 * origin (program/origin-groups.ts); none is ever changed.
 */
export const originGroup = sqliteTable(
  'origin_group',
  {
    id: integer('id').primaryKey(),
    channelId: integer('channel_id').notNull(),
    sourceId: integer('source_id').notNull(),
    mediumId: integer('medium_id').notNull(),
    campaignId: integer('campaign_id').notNull(),
    referrerDomainId: integer('referrer_domain_id').notNull(),
  },
  (table) => [
    uniqueIndex('origin_group_values').on(
      table.channelId,
      table.sourceId,
      table.mediumId,
      table.campaignId,
      table.referrerDomainId,
    ),
  ],
);

/** What reports ask of a person, worked out. Ids are 0 where there is none. */
export const leadFact = sqliteTable(
  'lead_fact',
  {
    personId: integer('person_id').primaryKey(),
    createdAt: integer('created_at').notNull(),
    /** `YYYYMMDD` of UTC. */
    day: integer('day').notNull(),
    firstOriginId: integer('first_origin_id').notNull(),
    leadOriginId: integer('lead_origin_id').notNull(),
    firstGroupId: integer('first_group_id').notNull(),
    leadGroupId: integer('lead_group_id').notNull(),
    firstChannelId: integer('first_channel_id').notNull(),
    leadChannelId: integer('lead_channel_id').notNull(),
    leadSourceId: integer('lead_source_id').notNull(),
    via: integer('via').notNull(),
    formId: integer('form_id').notNull(),
    statusId: integer('status_id').notNull(),
    dealState: integer('deal_state').notNull(),
    sayingId: integer('saying_id').notNull(),
    /**
     * JSON of the journey's touches in order, without direct ones unless it has no others: each the number of its `origin_group`
     * times 2^30, with the part of the credit that time decay gives it and those before it.
     */
    steps: text('steps').notNull(),
    /** Milliseconds from first touch to creation, and the part of the scale that they lie in. */
    toLead: integer('to_lead').notNull(),
    bin: integer('bin').notNull(),
  },
  (table) => [
    // The median of a report: the rows of the bin in which the middle lies.
    index('lead_fact_bin').on(table.bin, table.firstChannelId, table.createdAt, table.toLead),
  ],
);

/** What reports ask of a deal, worked out. Days and journeys are null where there is no such moment. */
export const dealFact = sqliteTable(
  'deal_fact',
  {
    dealId: integer('deal_id').primaryKey(),
    registeredAt: integer('registered_at').notNull(),
    registeredDay: integer('registered_day').notNull(),
    closedAt: integer('closed_at'),
    closedDay: integer('closed_day'),
    /** Of the moment from which it is not open: it cannot be gone before it came. */
    goneDay: integer('gone_day'),
    isWon: integer('is_won').notNull(),
    firstOriginId: integer('first_origin_id').notNull(),
    leadOriginId: integer('lead_origin_id').notNull(),
    firstGroupId: integer('first_group_id').notNull(),
    leadGroupId: integer('lead_group_id').notNull(),
    firstChannelId: integer('first_channel_id').notNull(),
    /** Three letters as a number to the base of 26. */
    currency: integer('currency').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    registeredSteps: text('registered_steps').notNull(),
    closedSteps: text('closed_steps'),
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

/** Each distinct answer to how they heard of us, as it was written; gone when nobody's is left (services/people/erase-people.ts). */
export const saying = sqliteTable('saying', {
  id: integer('id').primaryKey(),
  text: text('text').notNull().unique(),
});
