import { getTableColumns, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { defaultHalfLifeDays } from '../../domain/reports/models/time-decay.ts';
import { createdViaCode, currencyCode } from '../fragments/codes.ts';
import { ageInHalfLives, dayMs, decayedUnits, creditUnits, halved } from '../fragments/credit-shares.ts';
import { dayNumber } from '../fragments/days.ts';
import { intervalBin } from '../fragments/interval-bin.ts';
import { deal } from '../schema/deals.ts';
import { submission } from '../schema/forms.ts';
import { origin, originValue, touch } from '../schema/origins.ts';
import { company, person } from '../schema/people.ts';
import { dealFact, leadFact, originGroup, reportPath, reportState, saying } from '../schema/totals.ts';
import { defineView, defineWholeView } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { groupOfOrigin } from './origin-groups.ts';
import { columnsOf, rowOf } from './render-sql.ts';

const p = rowOf(person, 'p');
const d = rowOf(deal, 'd');
const c = rowOf(company, 'c');
const v = rowOf(originValue, 'v');
const g = rowOf(originGroup, 'g');
const t = rowOf(touch, 't');
const group = rowOf(groupOfOrigin.table, 'g');
const touchColumns = columnsOf(touch);
const personColumns = columnsOf(person);
const companyColumns = columnsOf(company);
const submissionColumns = columnsOf(submission);
const groupColumns = columnsOf(groupOfOrigin.table);

/** A step of a journey: its origin group, times 2^30, with the credit up to it under time decay. */
export const stepGroup = (step: SQL): SQL => sql`${step} >> 30`;
export const stepCredit = (step: SQL): SQL => sql`${step} & 1073741823`;

const groupIdOf = (originId: SQL): SQL =>
  sql`coalesce((SELECT ${groupColumns.groupId} FROM ${groupOfOrigin.table} WHERE ${groupColumns.originId} = ${originId}), 0)`;

const lookBackMs = sql`${sql.raw(String(dayMs))} * (SELECT ${columnsOf(reportState).lookBackDays} FROM ${reportState})`;
const inLookBack = (at: SQL, end: SQL): SQL => sql`${at} <= ${end} AND ${at} >= ${end} - ${lookBackMs}`;

/** The touches of a person within the look-back window before `end`. */
const touchesOfPerson = (personId: SQL, end: SQL): SQL =>
  sql`SELECT ${touchColumns.id}, ${touchColumns.at}, ${touchColumns.originId} FROM ${touch} WHERE ${touchColumns.personId} = ${personId} AND ${inLookBack(sql`at`, end)}`;

/** A deal without a person has the two touches of its company's source; where both are one touch, UNION leaves one. */
const touchesOfDeal = (end: SQL): SQL => sql`${touchesOfPerson(sql`${d.personId}`, end)}
              UNION ALL SELECT 0, at, origin_id FROM (SELECT ${c.firstTouchAt} AS at, ${c.firstTouchOriginId} AS origin_id, ${c.firstTouchLandingPageId} AS page
                UNION SELECT ${c.leadCreationAt}, ${c.leadCreationOriginId}, ${c.leadCreationLandingPageId}) WHERE ${d.personId} IS NULL AND ${inLookBack(sql`at`, end)}`;

/**
 * The journey as a JSON list of steps, in order. Direct touches are left out unless there are no others. A record that no touch
 * led to has one step of no group with all the credit.
 */
const stepsOf = (
  touches: SQL,
): SQL => sql`coalesce((SELECT '[' || group_concat(group_id << 30 | ${decayedUnits}, ',' ORDER BY n) || ']'
    FROM (SELECT *, sum(weight) OVER (ORDER BY n) AS upto, sum(weight) OVER () AS total
      FROM (SELECT *, ${halved(ageInHalfLives(defaultHalfLifeDays))} AS weight
        FROM (SELECT group_id, at, row_number() OVER (ORDER BY at, id) AS n, count(*) OVER () AS c, max(at) OVER () AS last_at
          FROM (SELECT ${t.id} AS id, ${t.at} AS at, ${group.groupId} AS group_id, ${group.isDirect} AS is_direct, min(${group.isDirect}) OVER () AS only_direct
            FROM (${touches}) t CROSS JOIN ${groupOfOrigin.table} g ON ${group.originId} = ${t.originId})
          WHERE is_direct = only_direct)))), '[${sql.raw(String(creditUnits))}]')`;

/** The channels of a journey's steps, after corrections, joined by commas. */
export const pathOf = (steps: SQL): SQL =>
  sql`(SELECT group_concat(coalesce(${v.aliasOf}, ${v.id}), ',' ORDER BY s.key) FROM json_each(${steps}) s CROSS JOIN ${originGroup} g ON ${g.id} = ${stepGroup(sql`s.value`)} CROSS JOIN ${originValue} v ON ${v.id} = ${g.channelId})`;

const [first, lead] = [rowOf(origin, 'f'), rowOf(origin, 'l')];
const toLead = sql`${p.createdAt} - ${p.firstTouchAt}`;

/** What reports ask of each lead, worked out from its rows as they are now. */
export const leadNow = defineView({
  name: 'lead_now',
  comment: 'What reports ask of each lead, worked out from its rows as they are now.',
  columns: {
    personId: p.id,
    createdAt: p.createdAt,
    day: dayNumber(p.createdAt),
    firstOriginId: p.firstTouchOriginId,
    leadOriginId: p.leadCreationOriginId,
    firstGroupId: groupIdOf(sql`${p.firstTouchOriginId}`),
    leadGroupId: groupIdOf(sql`${p.leadCreationOriginId}`),
    firstChannelId: sql`coalesce(${first.channelId}, 0)`,
    leadChannelId: sql`coalesce(${lead.channelId}, 0)`,
    leadSourceId: sql`coalesce(${lead.sourceId}, 0)`,
    via: createdViaCode(p.createdVia),
    formId: sql`coalesce(${p.createdFormId}, 0)`,
    statusId: sql`coalesce(${p.leadStatusId}, 0)`,
    dealState: p.dealState,
    said: sql`(SELECT nullif(trim(${submissionColumns.selfReported}), '') FROM ${submission} WHERE ${submissionColumns.id} = ${p.creationId})`,
    steps: stepsOf(touchesOfPerson(sql`${p.id}`, sql`${p.createdAt}`)),
    toLead,
    bin: intervalBin(sql`(${toLead})`),
  },
  from: sql`FROM ${person} p LEFT JOIN ${origin} f ON ${first.id} = ${p.firstTouchOriginId} LEFT JOIN ${origin} l ON ${lead.id} = ${p.leadCreationOriginId}`,
});

const dealOrigin = rowOf(origin, 'o');
const [toDeal, toWin] = [sql`d.to_deal`, sql`d.to_win`];

/** What reports ask of each deal, worked out from its rows as they are now. */
export const dealNow = defineView({
  name: 'deal_now',
  comment:
    'What reports ask of each deal, worked out from its rows as they are now. A deal cannot be gone before it came.',
  columns: {
    dealId: d.id,
    registeredAt: d.registeredAt,
    registeredDay: dayNumber(d.registeredAt),
    closedAt: d.closedAt,
    closedDay: dayNumber(d.closedAt),
    goneDay: dayNumber(sql`max(${d.registeredAt}, ${d.closedAt})`),
    isWon: sql`${d.status} = 'won' AND ${d.closedAt} IS NOT NULL`,
    firstOriginId: sql`coalesce(${d.firstTouchOriginId}, 0)`,
    leadOriginId: sql`coalesce(${d.leadCreationOriginId}, 0)`,
    firstGroupId: groupIdOf(sql`${d.firstTouchOriginId}`),
    leadGroupId: groupIdOf(sql`${d.leadCreationOriginId}`),
    firstChannelId: sql`coalesce(${dealOrigin.channelId}, 0)`,
    currency: currencyCode(d.currency),
    amountMinor: d.amountMinor,
    registeredSteps: stepsOf(touchesOfDeal(sql`${d.registeredAt}`)),
    closedSteps: sql`CASE WHEN ${d.closedAt} IS NOT NULL THEN ${stepsOf(touchesOfDeal(sql`${d.closedAt}`))} END`,
    toDeal,
    dealBin: intervalBin(toDeal),
    toWin,
    winBin: intervalBin(toWin),
  },
  from: sql`FROM (SELECT d.*, ${d.registeredAt} - d.first_at AS to_deal, CASE ${d.status} WHEN 'won' THEN ${d.closedAt} - d.first_at END AS to_win
    FROM (SELECT d.*, CASE WHEN ${d.personId} IS NOT NULL THEN (SELECT ${personColumns.firstTouchAt} FROM ${person} WHERE ${personColumns.id} = ${d.personId})
      ELSE (SELECT ${companyColumns.firstTouchAt} FROM ${company} WHERE ${companyColumns.id} = ${d.companyId}) END AS first_at FROM ${deal} d) d) d
  LEFT JOIN ${origin} o ON ${dealOrigin.id} = ${d.firstTouchOriginId} LEFT JOIN ${company} c ON ${c.id} = ${d.companyId}`,
});

const sayings = columnsOf(saying);

/** The same in the columns of `lead_fact`. */
export const leadMade = defineView({
  name: 'lead_made',
  comment: 'The same in the columns of lead_fact: what the person said has its number.',
  columns: {
    ...getTableColumns(columnsOf(leadFact)),
    sayingId: sql`coalesce((SELECT ${sayings.id} FROM ${saying} WHERE ${sayings.text} = ${columnsOf(leadNow.table).said}), 0)`,
  },
  from: sql`FROM ${leadNow.table} n`,
});

export const dealMade = defineView({
  name: 'deal_made',
  comment: 'The same in the columns of deal_fact.',
  columns: getTableColumns(columnsOf(dealFact)),
  from: sql`FROM ${dealNow.table}`,
});

const [f, r, closed] = [rowOf(leadFact, 'f'), rowOf(reportPath, 'r'), rowOf(reportPath, 'c')];
const fDeal = rowOf(dealFact, 'f');

export const leadSettled = defineWholeView({
  name: 'lead_settled',
  comment:
    'Stored facts with the number of their path, which follows from the steps: the channel of a group never changes, and everything becomes dirty where a channel is corrected.',
  columns: ['personId', 'pathId'],
  select: sql`SELECT f.*, coalesce(${r.id}, 0) AS path_id FROM ${leadFact} f LEFT JOIN ${reportPath} r ON ${r.path} = ${pathOf(sql`${f.steps}`)}`,
});
export const dealSettled = defineWholeView({
  name: 'deal_settled',
  comment: 'The same of deals: the path up to registration, and up to the close.',
  columns: ['dealId', 'registeredPathId', 'closedPathId'],
  select: sql`SELECT f.*, coalesce(${r.id}, 0) AS registered_path_id, coalesce(${closed.id}, 0) AS closed_path_id
FROM ${dealFact} f LEFT JOIN ${reportPath} r ON ${r.path} = ${pathOf(sql`${fDeal.registeredSteps}`)}
  LEFT JOIN ${reportPath} c ON ${closed.path} = ${pathOf(sql`${fDeal.closedSteps}`)}`,
});

export const facts: ProgramObject[] = [
  leadNow.object,
  dealNow.object,
  leadMade.object,
  dealMade.object,
  leadSettled.object,
  dealSettled.object,
];
