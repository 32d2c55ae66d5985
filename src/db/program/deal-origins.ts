import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { deal } from '../schema/deals.ts';
import { company, person } from '../schema/people.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { any, assignments, columnsOf, newRow, oldRow, rowOf } from './render-sql.ts';

const [wasDeal, isDeal] = [oldRow(deal), newRow(deal)];
const [wasPerson, isPerson] = [oldRow(person), newRow(person)];
const [wasCompany, isCompany] = [oldRow(company), newRow(company)];
const dealRow = rowOf(deal, 'deal');
const own = columnsOf(deal);

/** A deal is credited through its person, without one through its company's source. */
function originOf(point: 'firstTouchOriginId' | 'leadCreationOriginId'): SQL {
  const [personColumns, companyColumns] = [columnsOf(person), columnsOf(company)];
  return sql`CASE WHEN ${dealRow.personId} IS NOT NULL THEN (SELECT ${personColumns[point]} FROM ${person} WHERE ${personColumns.id} = ${dealRow.personId}) ELSE (SELECT ${companyColumns[point]} FROM ${company} WHERE ${companyColumns.id} = ${dealRow.companyId}) END`;
}

const readOrigins = sql`UPDATE ${deal} SET ${assignments(deal, {
  firstTouchOriginId: originOf('firstTouchOriginId'),
  leadCreationOriginId: originOf('leadCreationOriginId'),
})} WHERE ${own.id} = ${isDeal.id}`;

const copyOrigins = (from: typeof isPerson | typeof isCompany): SQL =>
  assignments(deal, {
    firstTouchOriginId: from.firstTouchOriginId,
    leadCreationOriginId: from.leadCreationOriginId,
  });

/** The origins that a deal's credit goes to stand on the deal, so that reports need not look them up. */
export const dealOrigins: ProgramObject[] = [
  defineTrigger({ name: 'deal_origins_added', event: 'AFTER INSERT', on: deal, statements: [readOrigins] }),
  defineTrigger({
    name: 'deal_origins_changed',
    event: 'AFTER UPDATE',
    of: [deal.personId, deal.companyId],
    on: deal,
    when: any([
      sql`${wasDeal.personId} IS NOT ${isDeal.personId}`,
      sql`${wasDeal.companyId} IS NOT ${isDeal.companyId}`,
    ]),
    statements: [readOrigins],
  }),
  defineTrigger({
    name: 'deal_origins_of_person',
    event: 'AFTER UPDATE',
    of: [person.firstTouchOriginId, person.leadCreationOriginId],
    on: person,
    when: any([
      sql`${wasPerson.firstTouchOriginId} <> ${isPerson.firstTouchOriginId}`,
      sql`${wasPerson.leadCreationOriginId} <> ${isPerson.leadCreationOriginId}`,
    ]),
    statements: [sql`UPDATE ${deal} SET ${copyOrigins(isPerson)} WHERE ${own.personId} = ${isPerson.id}`],
  }),
  defineTrigger({
    name: 'deal_origins_of_company',
    event: 'AFTER UPDATE',
    of: [company.firstTouchOriginId, company.leadCreationOriginId],
    on: company,
    when: any([
      sql`${wasCompany.firstTouchOriginId} IS NOT ${isCompany.firstTouchOriginId}`,
      sql`${wasCompany.leadCreationOriginId} IS NOT ${isCompany.leadCreationOriginId}`,
    ]),
    statements: [
      sql`UPDATE ${deal} SET ${copyOrigins(isCompany)} WHERE ${own.companyId} = ${isCompany.id} AND ${own.personId} IS NULL`,
    ],
  }),
];
