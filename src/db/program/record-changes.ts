import { sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import { dealLinkRule } from '../../domain/people/record-history.ts';
import { unitsOf } from '../fragments/major-units.ts';
import { deal, stage } from '../schema/deals.ts';
import { category, company, leadStatus, owner, person } from '../schema/people.ts';
import { changeAuthor, recordChange } from '../schema/record-changes.ts';
import { defineTrigger } from './objects.ts';
import type { ProgramObject } from './objects.ts';
import { all, any, columnsOf, insertSelect, list, newRow, oldRow, rowOf } from './render-sql.ts';

const authors = columnsOf(changeAuthor);
const a = rowOf(changeAuthor, 'a');

/** The last row of `change_author`, or one of nulls. */
export const lastAuthor = sql`(SELECT 1) LEFT JOIN ${changeAuthor} a ON ${a.id} = (SELECT max(${authors.id}) FROM ${changeAuthor})`;
const isNoted = sql`NOT EXISTS (SELECT 1 FROM ${changeAuthor} WHERE ${authors.via} = 'none')`;

/** A field: the columns that it is made of, and its value in a row as JSON. */
type Tracked<Row> = { columns: Array<keyof Row & string>; value: (row: Row) => SQL };

const plain = <Row extends Record<Name, unknown>, Name extends string>(name: Name): Tracked<Row> => ({
  columns: [name],
  value: (row) => sql`json_quote(${row[name] as Column})`,
});
/** A record by its number, with the name that it has now. */
const named = <Row extends Record<Name, unknown>, Name extends string>(
  name: Name,
  table: typeof owner | typeof category | typeof leadStatus | typeof stage | typeof company,
): Tracked<Row> => {
  const t = rowOf(table as typeof owner, 't');
  return {
    columns: [name],
    value: (row) =>
      sql`iif(${row[name] as Column} IS NULL, 'null', json_object('id', CAST(${row[name] as Column} AS text), 'name', (SELECT ${t.name} FROM ${table} t WHERE ${t.id} = ${row[name] as Column})))`,
  };
};

const people: Record<string, Tracked<typeof person>> = {
  email: plain('email'),
  firstName: plain('firstName'),
  lastName: plain('lastName'),
  phone: plain('phone'),
  title: plain('title'),
  country: plain('country'),
  company: named('companyId', company),
  owner: named('ownerId', owner),
  leadStatus: named('leadStatusId', leadStatus),
};
const companies: Record<string, Tracked<typeof company>> = {
  name: plain('name'),
  domain: plain('domain'),
  registrationNumber: plain('registrationNumber'),
  country: plain('country'),
  owner: named('ownerId', owner),
  category: named('categoryId', category),
};
const deals: Record<string, Tracked<typeof deal>> = {
  name: plain('name'),
  // Without a name: the person may be erased.
  person: {
    columns: ['personId'],
    value: ({ personId }) => sql`iif(${personId} IS NULL, 'null', json_object('id', CAST(${personId} AS text)))`,
  },
  company: named('companyId', company),
  owner: named('ownerId', owner),
  // A deal that gets its first stage has not moved.
  stage: named('stageId', stage),
  status: plain('status'),
  probability: { columns: ['probability'], value: ({ probability }) => sql`json_quote(${probability} / 100.0)` },
  amount: {
    columns: ['amountMinor', 'currency'],
    value: ({ amountMinor, currency }) => sql`json_quote(${amountMinor} / ${unitsOf(currency)})`,
  },
  currency: plain('currency'),
  closedAt: {
    columns: ['closedAt'],
    value: ({ closedAt }) => sql`json_quote(strftime('%Y-%m-%dT%H:%M:%fZ', ${closedAt} / 1000.0, 'unixepoch'))`,
  },
  expectedCloseDate: plain('expectedCloseDay'),
  nextStep: {
    columns: ['nextStepText', 'nextStepDay'],
    value: ({ nextStepText, nextStepDay }) =>
      sql`iif(${nextStepText} IS NULL, 'null', json_object('text', ${nextStepText}, 'day', ${nextStepDay}))`,
  },
  lostReason: plain('lostReason'),
};

type Change = { field: SQL; before: SQL; after: SQL };
const change: Change = { field: sql`c.column1`, before: sql`c.column2`, after: sql`c.column3` };

/** The trigger that notes what changes of an entity. */
function noteChanges<Table extends typeof person | typeof company | typeof deal>({
  entity,
  table,
  fields,
  when = [],
  via = sql`${a.via}`,
  rule = sql`${a.rule}`,
}: {
  entity: 'person' | 'company' | 'deal';
  table: Table;
  fields: Record<string, Tracked<Table>>;
  when?: SQL[];
  via?: SQL;
  rule?: SQL;
}): ProgramObject {
  const [was, is] = [oldRow(table), newRow(table)] as [Table, Table];
  const columns = [...new Set(Object.values(fields).flatMap((field) => field.columns))];
  const column = (row: Table, name: string) => (row as unknown as Record<string, Column>)[name]!;
  const rows = Object.entries(fields).map(([name, { value }]) => sql`(${list([name, value(was), value(is)])})`);
  return defineTrigger({
    name: `${entity}_history`,
    comment: 'What changed, and by whom: the last row of change_author; without one, a lead that arrives.',
    event: 'AFTER UPDATE',
    of: columns.map((name) => column(table, name)),
    on: table,
    when: all([
      sql`(${any(columns.map((name) => sql`${column(was, name)} IS NOT ${column(is, name)}`))})`,
      ...when,
      isNoted,
    ]),
    statements: [
      insertSelect(
        recordChange,
        {
          entity: sql`${entity}`,
          recordId: is.id,
          at: sql`coalesce(${a.at}, ${is.updatedAt})`,
          ...change,
          via,
          rule,
          keyId: a.keyId,
          keyName: a.keyName,
          userId: a.userId,
          userName: a.userName,
        },
        sql` FROM (VALUES ${list(rows)}) c, ${lastAuthor}
  WHERE ${change.before} IS NOT ${change.after}`,
      ),
    ],
  });
}

/** A category that a lead brings is given by a rule: the trigger of the other rules names theirs (program/category-changes.ts). */
const isBrought = sql`${change.field} = 'category' AND (${a.via} IS NULL OR ${a.via} = 'import')`;

/** Which fields of people, companies and deals changed, for the history of each. A record's first values are no changes. */
export const recordChanges: ProgramObject[] = [
  noteChanges({ entity: 'person', table: person, fields: people, when: [sql`${newRow(person).id} > 0`] }),
  noteChanges({
    entity: 'company',
    table: company,
    fields: companies,
    via: sql`iif(${isBrought}, 'automation', ${a.via})`,
    rule: sql`iif(${isBrought}, 'leadArrived', ${a.rule})`,
  }),
  noteChanges({
    entity: 'deal',
    table: deal,
    fields: deals,
    when: [sql`${oldRow(deal).stageId} IS NOT NULL`],
    via: sql`coalesce(${a.via}, 'automation')`,
    rule: sql`iif(${a.via} IS NULL, ${dealLinkRule}, ${a.rule})`,
  }),
];
