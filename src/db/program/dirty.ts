import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { defineWholeView } from './objects.ts';

/**
 * Views that hold nothing: a row inserted into one marks leads, deals or all of both as dirty. Their stored parts are taken out
 * of the totals, and they are rolled up again later (roll-up.ts has the triggers).
 */
export const dirtyLead = defineWholeView({
  name: 'unsettle_lead',
  comment: 'Insert a person_id here: the lead is dirty.',
  columns: ['personId'],
  select: sql`SELECT 0 AS person_id`,
});
export const dirtyDeal = defineWholeView({
  name: 'unsettle_deal',
  comment: 'Insert a deal_id here: the deal is dirty.',
  columns: ['dealId'],
  select: sql`SELECT 0 AS deal_id`,
});
export const dirtyAll = defineWholeView({
  name: 'unsettle_all',
  comment: 'Insert a look-back window in days here: everything is rolled up again by it.',
  columns: ['lookBackDays'],
  select: sql`SELECT 0 AS look_back_days`,
});

/** @param ids a SELECT of one column. */
export const markLeadDirty = (ids: SQL): SQL => sql`INSERT INTO ${dirtyLead.table} ${ids}`;
export const markDealDirty = (ids: SQL): SQL => sql`INSERT INTO ${dirtyDeal.table} ${ids}`;
export const markAllDirty = (lookBackDays: SQL): SQL => sql`INSERT INTO ${dirtyAll.table} ${lookBackDays}`;
