import { sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { groupFields } from '../../domain/attribution/origin-fields.ts';
import { columnKey } from '../fragments/origin-columns.ts';
import { deal } from '../schema/deals.ts';
import { submission } from '../schema/forms.ts';
import { origin, originValue, touch } from '../schema/origins.ts';
import { company, person } from '../schema/people.ts';
import { site } from '../schema/settings.ts';
import {
  creditTotal,
  dealFact,
  leadFact,
  reportPath,
  reportState,
  saying,
  settledTotal,
  unsettledDeal,
  unsettledLead,
} from '../schema/totals.ts';
import { creditNumbers, dealCredit, leadCredit } from './credit.ts';
import { dirtyAll, dirtyDeal, dirtyLead, markAllDirty, markDealDirty, markLeadDirty } from './dirty.ts';
import { dealMade, leadMade, leadNow, pathOf } from './facts.ts';
import { defineTrigger, defineWholeView } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { dealPart, leadPart } from './parts.ts';
import { any, assignments, columnsOf, list, newRow, oldRow, rowOf } from './render-sql.ts';

/** Leads and deals that one step rolls up: so few that a form does not wait long for the one transaction that writes. */
const stepSize = 150;

const state = columnsOf(reportState);
const stateOf = (column: SQL | Column): SQL => sql`(SELECT ${column} FROM ${reportState})`;
const credit = columnsOf(creditTotal);
const excludedCredit = rowOf(creditTotal, 'excluded');
const settled = columnsOf(settledTotal);
const excluded = rowOf(settledTotal, 'excluded');

const addTotals = sql`ON CONFLICT DO UPDATE SET ${assignments(
  settledTotal,
  Object.fromEntries((['n', 'm', 'won'] as const).map((name) => [name, sql`${settled[name]} + ${excluded[name]}`])),
)}`;
const addCredit = sql`ON CONFLICT DO UPDATE SET ${assignments(
  creditTotal,
  Object.fromEntries(creditNumbers.map((name) => [name, sql`${credit[name]} + ${excludedCredit[name]}`])),
)}`;
const summed = (columns: readonly Column[]): SQL => list(columns.map((column) => sql`sum(${column})`));
const negated = (columns: readonly Column[]): SQL => list(columns.map((column) => sql`-${column}`));
const totalColumns = [settled.n, settled.m, settled.won];
const creditColumns = creditNumbers.map((name) => credit[name]);
const keys = list([settled.kind, settled.month, settled.key]);

/** What rolls up one kind of record: leads or deals. */
type Rolled = {
  id: Column;
  fact: SQLiteTable;
  made: SQLiteTable;
  part: SQLiteTable;
  shares: SQLiteTable;
  dirty: SQLiteTable;
  table: SQLiteTable;
  next: string;
  upTo: typeof state.leadsTo | typeof state.dealsTo;
  steps: Column[];
};
const leads: Rolled = {
  id: columnsOf(leadFact).personId,
  fact: leadFact,
  made: leadMade.table,
  part: leadPart.table,
  shares: leadCredit.table,
  dirty: unsettledLead,
  table: person,
  next: 'next_lead',
  upTo: state.leadsTo,
  steps: [columnsOf(leadFact).steps],
};
const deals: Rolled = {
  id: columnsOf(dealFact).dealId,
  fact: dealFact,
  made: dealMade.table,
  part: dealPart.table,
  shares: dealCredit.table,
  dirty: unsettledDeal,
  table: deal,
  next: 'next_deal',
  upTo: state.dealsTo,
  steps: [columnsOf(dealFact).registeredSteps, columnsOf(dealFact).closedSteps],
};

/** Takes what a record added out of the totals, and puts it on the list of those to roll up. */
const takeOut = ({ id, part, shares, fact, dirty }: Rolled, changed: SQL): SQL[] => [
  sql`INSERT INTO ${settledTotal} (${keys}, ${list(totalColumns)}) SELECT ${keys}, ${negated(totalColumns)} FROM ${part} WHERE ${id} = ${changed}
  ${addTotals}`,
  sql`INSERT INTO ${creditTotal} SELECT ${keys}, ${negated(creditColumns)} FROM ${shares} WHERE ${id} = ${changed}
  ${addCredit}`,
  sql`INSERT INTO ${dirty} (${id}) SELECT ${id} FROM ${fact} WHERE ${id} = ${changed} ON CONFLICT DO NOTHING`,
  sql`DELETE FROM ${fact} WHERE ${id} = ${changed}`,
];

const nextOf = ({ id, dirty, table, next, upTo }: Rolled) =>
  defineWholeView({
    name: next,
    comment: 'What the next step rolls up: records that are dirty, and the next ones by id.',
    columns: ['id'],
    select: sql`SELECT id FROM (SELECT ${id} AS id FROM ${dirty} ORDER BY ${id} LIMIT ${stepSize})
UNION ALL SELECT id FROM (SELECT id FROM ${table} WHERE id > ${stateOf(upTo)} ORDER BY id LIMIT ${stepSize})`,
  });
const pendingOf = (name: string, { id, dirty, table, upTo }: Rolled) =>
  defineWholeView({
    name,
    comment: 'Records that are not rolled up: reports read them row by row.',
    columns: ['id'],
    select: sql`SELECT ${id} AS id FROM ${dirty} UNION SELECT id FROM ${table} WHERE id > ${stateOf(upTo)}`,
  });
const isAnyLeft = ({ dirty }: Rolled): SQL => sql`EXISTS (SELECT 1 FROM ${dirty})`;
const isAnyNew = ({ table, upTo }: Rolled): SQL => sql`EXISTS (SELECT 1 FROM ${table} WHERE id > ${stateOf(upTo)})`;

const rollingUp = defineWholeView({
  name: 'settling',
  comment: 'Whether anything is left to roll up. Inserting a row here rolls up the next step.',
  columns: ['isLeft'],
  select: sql`SELECT ${any([isAnyLeft(leads), isAnyLeft(deals), isAnyNew(leads), isAnyNew(deals)])} AS is_left`,
});

const inNext = ({ id, next }: Rolled): SQL => sql`${id} IN (SELECT id FROM ${sql.raw(next)})`;

/** Works out the facts of the next records and adds them to the totals. */
function rollUpNext(rolled: Rolled): SQL[] {
  const { id, fact, made, part, shares, dirty, next, upTo, steps } = rolled;
  return [
    sql`INSERT INTO ${fact} SELECT * FROM ${made} WHERE ${inNext(rolled)}`,
    ...steps.map(
      (step) =>
        sql`INSERT INTO ${reportPath} (${columnsOf(reportPath).path}) SELECT DISTINCT path FROM (SELECT ${pathOf(sql`${step}`)} AS path FROM ${fact} WHERE ${inNext(rolled)}) WHERE path IS NOT NULL ON CONFLICT DO NOTHING`,
    ),
    sql`INSERT INTO ${settledTotal} SELECT ${keys}, ${summed(totalColumns)} FROM ${part} WHERE ${inNext(rolled)} GROUP BY 1, 2, 3
  ${addTotals}`,
    sql`INSERT INTO ${creditTotal} SELECT ${keys}, ${summed(creditColumns)} FROM ${shares} WHERE ${inNext(rolled)} GROUP BY 1, 2, 3
  ${addCredit}`,
    sql`UPDATE ${reportState} SET ${upTo} = max(${upTo}, coalesce((SELECT max(id) FROM ${sql.raw(next)}), ${upTo}))`,
    sql`DELETE FROM ${dirty} WHERE ${id} IN (SELECT ${id} FROM ${dirty} ORDER BY ${id} LIMIT ${stepSize})`,
  ];
}

const [wasPerson, isPerson] = [oldRow(person), newRow(person)];
const [wasDeal, isDeal] = [oldRow(deal), newRow(deal)];
const isCompany = newRow(company);
const [wasTouch, isTouch] = [oldRow(touch), newRow(touch)];
const [wasOrigin, isOrigin] = [oldRow(origin), newRow(origin)];
const [wasValue, isValue] = [oldRow(originValue), newRow(originValue)];
const [wasSubmission, isSubmission] = [oldRow(submission), newRow(submission)];
const isSite = newRow(site);
const people = columnsOf(person);
const dealColumns = columnsOf(deal);
const companies = columnsOf(company);
const touches = columnsOf(touch);
const leadFacts = columnsOf(leadFact);

/** The columns whose change makes a record dirty, and the condition that one of them has changed. */
const changed = <T extends SQLiteTable>(table: T, names: ReadonlyArray<keyof T & string>) => {
  const [was, is] = [oldRow(table), newRow(table)];
  return {
    of: names.map((name) => table[name] as Column),
    when: any(names.map((name) => sql`${was[name]} IS NOT ${is[name]}`)),
  };
};

/** The leads and deals whose journeys a touch is part of: those that came after it. */
const markReachedDirty = (row: typeof isTouch): SQL[] => [
  markLeadDirty(
    sql`SELECT ${leadFacts.personId} FROM ${leadFact} WHERE ${leadFacts.personId} = ${row.personId} AND ${leadFacts.createdAt} >= ${row.at}`,
  ),
  markDealDirty(
    sql`SELECT ${dealColumns.id} FROM ${deal} WHERE ${dealColumns.personId} = ${row.personId} AND (${dealColumns.registeredAt} >= ${row.at} OR ${dealColumns.closedAt} >= ${row.at})`,
  ),
];

const isAnyRolledUp = sql`(EXISTS (SELECT 1 FROM ${leadFact}) OR EXISTS (SELECT 1 FROM ${dealFact}))`;
/** What reports group by and leave out direct touches by; term, content and id are looked up when a report is read. */
const describing = groupFields.map(columnKey);
const originChanged = sql`(${any(describing.map((name) => sql`${wasOrigin[name]} <> ${isOrigin[name]}`))})`;
const ofOrigin = describing.map((name) => origin[name]);
/** The people who have an origin in their journey or in a point. */
const peopleOfOrigin = sql`SELECT ${touches.personId} FROM ${touch} WHERE ${touches.originId} = ${isOrigin.id}
    UNION SELECT ${people.id} FROM ${person} WHERE ${people.firstTouchOriginId} = ${isOrigin.id} UNION SELECT ${people.id} FROM ${person} WHERE ${people.leadCreationOriginId} = ${isOrigin.id}`;
const storedLookBack = sql`SELECT ${state.lookBackDays} FROM ${reportState}`;
const neverRolledUp = sql.raw(String(-Number.MAX_SAFE_INTEGER));

const companyChanged = changed(company, [
  'firstTouchOriginId',
  'firstTouchAt',
  'leadCreationOriginId',
  'leadCreationAt',
]);

/** What a change makes dirty. */
const dirtyTriggers: ProgramObject[] = [
  defineTrigger({
    name: 'settled_person_added',
    comment: 'A person below the ids that are rolled up: one who comes back when a merge is undone.',
    event: 'AFTER INSERT',
    on: person,
    when: sql`${isPerson.id} <= ${stateOf(state.leadsTo)}`,
    statements: [sql`INSERT INTO ${unsettledLead} (${leads.id}) VALUES (${isPerson.id}) ON CONFLICT DO NOTHING`],
  }),
  defineTrigger({
    name: 'settled_person_changed',
    event: 'AFTER UPDATE',
    on: person,
    ...changed(person, [
      'createdAt',
      'createdVia',
      'createdFormId',
      'creationId',
      'leadStatusId',
      'firstTouchOriginId',
      'firstTouchAt',
      'leadCreationOriginId',
      'dealState',
    ]),
    statements: [
      sql`INSERT INTO ${dirtyLead.table} (${leads.id}) VALUES (${isPerson.id})`,
      markDealDirty(
        sql`SELECT ${dealColumns.id} FROM ${deal} WHERE ${dealColumns.personId} = ${isPerson.id} AND ${wasPerson.firstTouchAt} <> ${isPerson.firstTouchAt}`,
      ),
    ],
  }),
  defineTrigger({
    name: 'settled_person_removed',
    event: 'AFTER DELETE',
    on: person,
    statements: [sql`INSERT INTO ${dirtyLead.table} (${leads.id}) VALUES (${wasPerson.id})`],
  }),
  defineTrigger({
    name: 'settled_saying_changed',
    event: 'AFTER UPDATE',
    of: [submission.selfReported],
    on: submission,
    when: sql`${wasSubmission.selfReported} IS NOT ${isSubmission.selfReported}`,
    statements: [
      markLeadDirty(
        sql`SELECT ${people.id} FROM ${person} WHERE ${people.id} = ${isSubmission.personId} AND ${people.creationId} = ${isSubmission.id}`,
      ),
    ],
  }),
  defineTrigger({
    name: 'settled_deal_added',
    event: 'AFTER INSERT',
    on: deal,
    when: sql`${isDeal.id} <= ${stateOf(state.dealsTo)}`,
    statements: [sql`INSERT INTO ${unsettledDeal} (${deals.id}) VALUES (${isDeal.id}) ON CONFLICT DO NOTHING`],
  }),
  defineTrigger({
    name: 'settled_deal_changed',
    event: 'AFTER UPDATE',
    on: deal,
    ...changed(deal, [
      'personId',
      'companyId',
      'status',
      'amountMinor',
      'currency',
      'registeredAt',
      'closedAt',
      'firstTouchOriginId',
      'leadCreationOriginId',
    ]),
    statements: [sql`INSERT INTO ${dirtyDeal.table} (${deals.id}) VALUES (${isDeal.id})`],
  }),
  defineTrigger({
    name: 'settled_deal_removed',
    event: 'AFTER DELETE',
    on: deal,
    statements: [sql`INSERT INTO ${dirtyDeal.table} (${deals.id}) VALUES (${wasDeal.id})`],
  }),
  defineTrigger({
    name: 'settled_company_changed',
    event: 'AFTER UPDATE',
    on: company,
    ...companyChanged,
    statements: [
      markDealDirty(
        sql`SELECT ${dealColumns.id} FROM ${deal} WHERE ${dealColumns.companyId} = ${isCompany.id} AND ${dealColumns.personId} IS NULL`,
      ),
    ],
  }),
  defineTrigger({
    name: 'settled_touch_added',
    comment: 'A touch is part of the journeys of what came after it.',
    event: 'AFTER INSERT',
    on: touch,
    statements: markReachedDirty(isTouch),
  }),
  defineTrigger({
    name: 'settled_touch_moved',
    event: 'AFTER UPDATE',
    of: [touch.personId],
    on: touch,
    when: sql`${wasTouch.personId} <> ${isTouch.personId}`,
    statements: [...markReachedDirty(wasTouch), ...markReachedDirty(isTouch)],
  }),
  defineTrigger({
    name: 'settled_touch_removed',
    event: 'AFTER DELETE',
    on: touch,
    statements: markReachedDirty(wasTouch),
  }),
  defineTrigger({
    name: 'settled_origin_changed',
    comment:
      'An origin gets another channel or other values. If it has few touches, the people they belong to are rolled up again.',
    event: 'AFTER UPDATE',
    of: ofOrigin,
    on: origin,
    when: sql`${originChanged} AND ${isAnyRolledUp}`,
    statements: [
      markLeadDirty(peopleOfOrigin),
      markDealDirty(sql`SELECT ${dealColumns.id} FROM ${deal} WHERE ${dealColumns.personId} IN (${peopleOfOrigin})
    UNION SELECT ${dealColumns.id} FROM ${deal} WHERE ${dealColumns.personId} IS NULL AND ${dealColumns.companyId} IN (SELECT ${companies.id} FROM ${company} WHERE ${companies.firstTouchOriginId} = ${isOrigin.id}
      UNION SELECT ${companies.id} FROM ${company} WHERE ${companies.leadCreationOriginId} = ${isOrigin.id})`),
    ],
  }),
  defineTrigger({
    name: 'settled_origin_of_many_changed',
    comment: 'If it has many touches, everything is rolled up again.',
    event: 'BEFORE UPDATE',
    of: ofOrigin,
    on: origin,
    when: sql`${originChanged} AND (SELECT count(*) FROM (SELECT 1 FROM ${touch} WHERE ${touches.originId} = ${isOrigin.id} LIMIT 201)) > 200 AND ${isAnyRolledUp}`,
    statements: [markAllDirty(storedLookBack)],
  }),
  defineTrigger({
    name: 'settled_channel_corrected',
    event: 'AFTER UPDATE',
    of: [originValue.aliasOf],
    on: originValue,
    when: sql`${isValue.field} = 'channel' AND ${wasValue.aliasOf} IS NOT ${isValue.aliasOf}`,
    statements: [markAllDirty(storedLookBack)],
  }),
  defineTrigger({
    name: 'settled_look_back_changed',
    event: 'AFTER UPDATE',
    of: [site.lookBackDays, site.isDefault],
    on: site,
    when: sql`${isSite.isDefault} AND ${isSite.lookBackDays} <> ${stateOf(state.lookBackDays)}`,
    statements: [
      sql`INSERT INTO ${dirtyAll.table} (${columnsOf(dirtyAll.table).lookBackDays}) VALUES (${isSite.lookBackDays})`,
    ],
  }),
];

export const rollUp: ProgramObject[] = [
  defineTrigger({
    name: 'unsettle_lead_one',
    comment: 'A lead is dirty: what it added is taken out of the totals.',
    event: 'INSTEAD OF INSERT',
    on: dirtyLead.table,
    statements: takeOut(leads, sql`${newRow(dirtyLead.table).personId}`),
  }),
  defineTrigger({
    name: 'unsettle_deal_one',
    comment: 'A deal is dirty: what it added is taken out of the totals.',
    event: 'INSTEAD OF INSERT',
    on: dirtyDeal.table,
    statements: takeOut(deals, sql`${newRow(dirtyDeal.table).dealId}`),
  }),
  defineTrigger({
    name: 'unsettle_all_at_once',
    comment: 'Everything is dirty: nothing is rolled up any more.',
    event: 'INSTEAD OF INSERT',
    on: dirtyAll.table,
    statements: [
      ...[leadFact, dealFact, settledTotal, creditTotal, unsettledLead, unsettledDeal].map(
        (table) => sql`DELETE FROM ${table}`,
      ),
      sql`UPDATE ${reportState} SET ${assignments(reportState, {
        leadsTo: neverRolledUp,
        dealsTo: neverRolledUp,
        lookBackDays: newRow(dirtyAll.table).lookBackDays,
      })}`,
    ],
  }),
  nextOf(leads).object,
  nextOf(deals).object,
  pendingOf('pending_lead', leads).object,
  pendingOf('pending_deal', deals).object,
  rollingUp.object,
  defineTrigger({
    name: 'settle_some',
    comment: 'Rolls up the next leads, then the next deals.',
    event: 'INSTEAD OF INSERT',
    on: rollingUp.table,
    statements: [
      sql`INSERT INTO ${saying} (${columnsOf(saying).text}) SELECT DISTINCT said FROM ${leadNow.table} WHERE ${inNext(leads)} AND said IS NOT NULL ON CONFLICT DO NOTHING`,
      ...rollUpNext(leads),
      ...rollUpNext(deals),
    ],
  }),
  ...dirtyTriggers,
];

/** The currencies of deals, each found by the index alone. */
export const dealCurrencies = defineWholeView({
  name: 'deal_currencies',
  comment: 'The currencies of deals, each found by one step in the index.',
  columns: ['code'],
  select: sql`WITH RECURSIVE used(code) AS (SELECT min(${dealColumns.currency}) FROM ${deal}
  UNION ALL SELECT (SELECT min(${dealColumns.currency}) FROM ${deal} WHERE ${dealColumns.currency} > code) FROM used WHERE code IS NOT NULL)
SELECT code FROM used WHERE code IS NOT NULL`,
});
