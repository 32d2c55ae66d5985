import { sql } from 'drizzle-orm';
import { periodOfDay } from '../fragments/days.ts';
import { dealTotalKinds, leadTotalKinds, storedKinds } from '../fragments/total-kinds.ts';
import type { DealTotalKind, TotalKind } from '../fragments/total-kinds.ts';
import { dealFact, leadFact } from '../schema/totals.ts';
import { dealSettled, leadSettled } from './facts.ts';
import { defineView } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { rowOf } from './render-sql.ts';

const leadKinds: readonly TotalKind[] = Object.values(leadTotalKinds);
const dealKinds: readonly DealTotalKind[] = Object.values(dealTotalKinds);
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

/** The kinds for which something holds, as a list of numbers; a kind's number by other levels ends in the same two digits. */
const kindsWhere = (holds: (kind: DealTotalKind) => boolean) =>
  sql.raw(
    `k.value % 100 IN (${dealKinds
      .filter(holds)
      .map(({ kind }) => kind)
      .join(', ')})`,
  );
const dealKeyByKind = sql.raw(dealKinds.map(({ kind, key }) => `WHEN ${kind} THEN ${key}`).join(' '));

export const dealPart = defineView({
  name: 'deal_part',
  comment:
    'What a rolled-up deal adds to each stored total: by its registration, its close, or when it was no longer open.',
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
    CASE WHEN ${kindsWhere(({ moment }) => moment === 'registered')} THEN ${fDeal.registeredDay} WHEN ${kindsWhere(({ moment }) => moment === 'closed')} THEN ${fDeal.closedDay} ELSE ${fDeal.goneDay} END AS day,
    CASE k.value % 100 ${dealKeyByKind} END AS key,
    CASE WHEN ${kindsWhere(({ amount }) => amount === 'all')} THEN ${fDeal.amountMinor} WHEN ${kindsWhere(({ amount }) => amount === 'won')} THEN ${fDeal.isWon} * ${fDeal.amountMinor} ELSE 0 END AS m,
    CASE WHEN ${kindsWhere(({ amount }) => amount === 'won')} THEN ${fDeal.isWon} ELSE 0 END AS won
  FROM ${dealSettled.table} f CROSS JOIN json_each('${asJson(dealKinds)}') k)
WHERE day IS NOT NULL AND key IS NOT NULL`,
});

export const parts: ProgramObject[] = [leadPart.object, dealPart.object];
