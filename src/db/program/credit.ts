import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { journeyModels } from '../../domain/reports/models.ts';
import type { JourneyModel } from '../../domain/reports/models.ts';
import { creditUnits, partBetween, sharesOf } from '../fragments/credit-shares.ts';
import { levels } from '../../domain/reports/split-periods.ts';
import { periodOfDay } from '../fragments/days.ts';
import { creditTotal, dealFact, leadFact } from '../schema/totals.ts';
import { stepCredit, stepGroup } from './facts.ts';
import { defineView } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { columnsOf, list, rowOf } from './render-sql.ts';

/** The three numbers that credit has under each model, by the schema's names: count, amount (or leads with a deal), won. */
export const creditColumns = journeyModels.map((model) => ({
  model,
  count: model,
  amount: `${model}M`,
  won: `${model}Won`,
})) satisfies ReadonlyArray<{
  model: JourneyModel;
  count: keyof typeof creditTotal.$inferSelect;
  amount: keyof typeof creditTotal.$inferSelect;
  won: keyof typeof creditTotal.$inferSelect;
}>;
/** All twelve, in the order of the table. */
export const creditNumbers = creditColumns.flatMap(({ count, amount, won }) => [count, amount, won]);

const total = columnsOf(creditTotal);
const units = sql.raw(String(creditUnits));
const named = (value: SQL, name: string): SQL => sql`${value} AS ${sql.raw(name)}`;

/** The credit of a touch in whole units. Time decay was worked out when the lead was rolled up. */
const unitsOf: Record<JourneyModel, SQL> = {
  lastTouch: sql`${sharesOf.lastTouch.upTo} * ${units}`,
  linear: partBetween({ amount: units, ...sharesOf.linear }),
  positionBased: partBetween({ amount: units, ...sharesOf.positionBased }),
  timeDecay: sql`upto - before`,
};
const amount = sql`amount`;
const amountOf: Record<JourneyModel, SQL> = {
  lastTouch: sql`${sharesOf.lastTouch.upTo} * ${amount}`,
  linear: partBetween({ amount, ...sharesOf.linear }),
  positionBased: partBetween({ amount, ...sharesOf.positionBased }),
  timeDecay: partBetween({ amount, upTo: sql`(upto / ${units}.0)`, before: sql`(before / ${units}.0)` }),
};
const unitColumns = list(journeyModels.map((model) => named(unitsOf[model], total[model].name)));
const amountColumns = list(journeyModels.map((model) => named(amountOf[model], total[`${model}M`].name)));

/** Each step `s` of the journey in `f`: its group, its place, how many there are, and the decayed credit up to it and before it. */
const stepColumns = (
  steps: SQL,
): SQL => sql`${stepGroup(sql`s.value`)} AS group_id, s.key + 1 AS n, json_array_length(${steps}) AS c, ${stepCredit(sql`s.value`)} AS upto,
    CASE s.key WHEN 0 THEN 0 ELSE ${steps} ->> (s.key - 1) & 1073741823 END AS before`;

const f = rowOf(leadFact, 'f');
const fDeal = rowOf(dealFact, 'f');

const shareColumns = (ofModel: (model: JourneyModel) => Record<'count' | 'amount' | 'won', SQL>) =>
  Object.fromEntries(
    creditColumns.flatMap((names) => {
      const values = ofModel(names.model);
      return [
        [names.count, values.count],
        [names.amount, values.amount],
        [names.won, values.won],
      ] as const;
    }),
  ) as Record<(typeof creditNumbers)[number], SQL>;

export const leadShare = defineView({
  name: 'lead_share',
  comment:
    'Each touch that led to a rolled-up lead, with its credit under each model (as db/reports/journeys.ts gives it).',
  columns: {
    personId: columnsOf(leadFact).personId,
    kind: sql`1`,
    day: columnsOf(leadFact).day,
    key: sql`group_id`,
    ...shareColumns((model) => ({
      count: sql`${total[model]}`,
      amount: sql`has_deal * ${total[model]}`,
      won: sql`is_won * ${total[model]}`,
    })),
  },
  from: sql`FROM (SELECT person_id, day, has_deal, is_won, group_id,
    ${unitColumns}
  FROM (SELECT ${f.personId} AS person_id, ${f.day} AS day, ${f.dealState} > 0 AS has_deal, ${f.dealState} = 2 AS is_won, ${stepColumns(sql`${f.steps}`)}
    FROM ${leadFact} f CROSS JOIN json_each(${f.steps}) s))`,
});

export const dealShare = defineView({
  name: 'deal_share',
  comment:
    'The same of a rolled-up deal: kind 2 by registration, 3 by close. Amounts are parts of what a won deal is worth at its close.',
  columns: {
    dealId: columnsOf(dealFact).dealId,
    kind: sql`kind`,
    day: sql`day`,
    key: sql`group_id * 32768 + currency`,
    ...shareColumns((model) => ({
      count: sql`${total[model]}`,
      amount: sql`${total[`${model}M`]}`,
      won: sql`is_won * ${total[model]}`,
    })),
  },
  from: sql`FROM (SELECT deal_id, kind, day, is_won, currency, group_id,
    ${unitColumns},
    ${amountColumns}
  FROM (SELECT deal_id, kind, day, is_won, currency, amount, ${stepColumns(sql`f.steps`)}
    FROM (SELECT ${fDeal.dealId} AS deal_id, k.value AS kind, iif(k.value = 2, ${fDeal.registeredDay}, ${fDeal.closedDay}) AS day, k.value = 3 AND ${fDeal.isWon} AS is_won, ${fDeal.currency} AS currency,
        iif(k.value = 2, 0, ${fDeal.isWon} * ${fDeal.amountMinor}) AS amount, iif(k.value = 2, ${fDeal.registeredSteps}, ${fDeal.closedSteps}) AS steps
      FROM ${dealFact} f CROSS JOIN json_each('[2,3]') k WHERE k.value = 2 OR ${fDeal.closedDay} IS NOT NULL) f
    CROSS JOIN json_each(f.steps) s))`,
});

const levelNumbers = sql.raw(JSON.stringify(Object.values(levels)));
/** The shares of a record at every level of periods, in the columns of `credit_total`. */
const creditView = (
  name: string,
  id: 'personId' | 'dealId',
  share: typeof leadShare.table | typeof dealShare.table,
) => {
  const s = rowOf(share, 's') as typeof leadShare.table & typeof dealShare.table;
  return defineView({
    name,
    comment: 'The shares by month, day, year and over all time, in the columns of credit_total.',
    columns: {
      [id]: s[id],
      kind: sql`${s.kind} + 100 * l.value`,
      month: periodOfDay(sql`l.value`, s.day),
      key: s.key,
      ...Object.fromEntries(creditNumbers.map((number) => [number, s[number]])),
    },
    from: sql`FROM ${share} s CROSS JOIN json_each('${levelNumbers}') l`,
  });
};
export const leadCredit = creditView('lead_credit', 'personId', leadShare.table);
export const dealCredit = creditView('deal_credit', 'dealId', dealShare.table);

export const credit: ProgramObject[] = [leadShare.object, dealShare.object, leadCredit.object, dealCredit.object];
