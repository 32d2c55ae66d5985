import { sql } from 'drizzle-orm';
import { periodOfDay } from '../fragments/days.ts';
import { dealTotalKinds, leadTotalKinds, storedKinds } from '../fragments/total-kinds.ts';
import type { TotalKind } from '../fragments/total-kinds.ts';
import { dealFact, leadFact } from '../schema/totals.ts';
import { dealSettled, leadSettled } from './facts.ts';
import { defineView } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { rowOf } from './render-sql.ts';

const leadKinds: readonly TotalKind[] = Object.values(leadTotalKinds);
const dealKinds: readonly TotalKind[] = Object.values(dealTotalKinds);
const asJson = (kinds: readonly TotalKind[]) => sql.raw(JSON.stringify(storedKinds(kinds)));
/** The key of each kind; the last one is the ELSE branch. */
const keyByKind = sql.raw(
  leadKinds
    .map(({ kind, key }, place) => (place < leadKinds.length - 1 ? `WHEN ${kind} THEN ${key}` : `ELSE ${key}`))
    .join(' '),
);

const f = rowOf(leadFact, 'f');
const fDeal = rowOf(dealFact, 'f');

export const leadPart = defineView({
  name: 'lead_part',
  comment: 'What a rolled-up lead adds to each stored total, in the columns of settled_total.',
  columns: {
    personId: f.personId,
    kind: sql`k.value`,
    month: periodOfDay(sql`k.value / 100`, f.day),
    key: sql`CASE k.value % 100 ${keyByKind} END`,
    n: sql`1`,
    m: sql`(${f.dealState} > 0)`,
    won: sql`(${f.dealState} = 2)`,
  },
  from: sql`FROM ${leadSettled.table} f CROSS JOIN json_each('${asJson(leadKinds)}') k`,
});

export const dealPart = defineView({
  name: 'deal_part',
  comment:
    'What a rolled-up deal adds: 20 to 23, 30 and 31 by registration, 24 to 27, 34 and 35 by close, 28, 29, 38 and 39 by when it was no longer open.',
  columns: {
    dealId: sql`deal_id`,
    kind: sql`kind`,
    month: periodOfDay(sql`kind / 100`, sql`day`),
    key: sql`key`,
    n: sql`1`,
    m: sql`m`,
    won: sql`won`,
  },
  from: sql`FROM (SELECT ${fDeal.dealId} AS deal_id, k.value AS kind,
    CASE WHEN k.value % 10 < 4 THEN ${fDeal.registeredDay} WHEN k.value % 10 < 8 THEN ${fDeal.closedDay} ELSE ${fDeal.goneDay} END AS day,
    CASE k.value % 100 WHEN 22 THEN f.registered_path_id WHEN 23 THEN ${fDeal.firstChannelId} * 8192 + ${fDeal.dealBin} + 4096
      WHEN 26 THEN f.closed_path_id * 32768 + ${fDeal.currency} WHEN 27 THEN ${fDeal.firstChannelId} * 8192 + ${fDeal.winBin} + 4096
      ELSE CASE k.value % 20 / 10 * 2 + k.value % 2 WHEN 0 THEN ${fDeal.leadOriginId} WHEN 1 THEN ${fDeal.firstOriginId} WHEN 2 THEN ${fDeal.leadGroupId} ELSE ${fDeal.firstGroupId} END
        * 32768 + ${fDeal.currency} END AS key,
    CASE WHEN k.value % 10 IN (2, 3, 7) THEN 0 WHEN k.value % 10 IN (4, 5, 6) THEN ${fDeal.isWon} * ${fDeal.amountMinor} ELSE ${fDeal.amountMinor} END AS m,
    CASE WHEN k.value % 10 IN (4, 5, 6) THEN ${fDeal.isWon} ELSE 0 END AS won
  FROM ${dealSettled.table} f CROSS JOIN json_each('${asJson(dealKinds)}') k)
WHERE day IS NOT NULL AND key IS NOT NULL`,
});

export const parts: ProgramObject[] = [leadPart.object, dealPart.object];
