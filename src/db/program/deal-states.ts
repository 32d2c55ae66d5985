import { sql } from 'drizzle-orm';
import type { SQL, SQLChunk } from 'drizzle-orm';
import { deal } from '../schema/deals.ts';
import { person } from '../schema/people.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { assignments, columnsOf, newRow, oldRow, rowOf } from './render-sql.ts';

const [wasDeal, isDeal] = [oldRow(deal), newRow(deal)];
const stateOf = (status: SQLChunk): SQL => sql`1 + (${status} = 'won')`;
const dealRow = rowOf(deal, 'd');
const personRow = rowOf(person, 'person');
const personColumns = columnsOf(person);
const recomputeDealState = (ids: SQL): SQL =>
  sql`UPDATE ${person} SET ${assignments(person, {
    dealState: sql`coalesce((SELECT max(${stateOf(dealRow.status)}) FROM ${deal} d WHERE ${dealRow.personId} = ${personRow.id}), 0)`,
  })} WHERE ${personColumns.id} ${ids}`;

/** What a person's deals amount to: 0 none, 1 a deal, 2 a won one. */
export const dealStates: ProgramObject[] = [
  defineTrigger({
    name: 'total_deal_added',
    event: 'AFTER INSERT',
    on: deal,
    when: sql`${isDeal.personId} IS NOT NULL`,
    statements: [
      sql`UPDATE ${person} SET ${assignments(person, { dealState: stateOf(isDeal.status) })} WHERE ${personColumns.id} = ${isDeal.personId} AND ${personColumns.dealState} < ${stateOf(isDeal.status)}`,
    ],
  }),
  defineTrigger({
    name: 'total_deal_removed',
    event: 'AFTER DELETE',
    on: deal,
    when: sql`${wasDeal.personId} IS NOT NULL`,
    statements: [recomputeDealState(sql`= ${wasDeal.personId}`)],
  }),
  defineTrigger({
    name: 'total_deal_changed',
    event: 'AFTER UPDATE',
    of: [deal.personId, deal.status],
    on: deal,
    when: sql`${wasDeal.personId} IS NOT ${isDeal.personId} OR (${wasDeal.status} = 'won') <> (${isDeal.status} = 'won')`,
    statements: [recomputeDealState(sql`IN (${wasDeal.personId}, ${isDeal.personId})`)],
  }),
];
