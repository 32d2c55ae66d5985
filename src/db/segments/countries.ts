import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { company, person } from '../schema/people.ts';
import type { CompileContext } from './context.ts';
import { plainText } from './stored.ts';
import type { Column } from './stored.ts';

type Table = typeof person | typeof company;

/** Every country of people or of companies, as spelt. Each step jumps to the next one by the index, whatever the number of rows. */
export function selectCountries(records: Table, context: CompileContext): SQL {
  const first = context.aliases.of(records);
  const next = context.aliases.of(records);
  return sql`WITH RECURSIVE country(value) AS (
      SELECT min(${first.table.country}) FROM ${first.from} WHERE ${first.table.country} IS NOT NULL
      UNION ALL SELECT (SELECT min(${next.table.country}) FROM ${next.from} WHERE ${next.table.country} > country.value)
        FROM country WHERE country.value IS NOT NULL)
    SELECT value FROM country WHERE value IS NOT NULL`;
}

/** The country of a person or a company: a condition is held against the few there are, and the index finds the rest. */
export function countryOf(records: Table, table: Table, context: CompileContext): Column {
  const column = plainText(table.country);
  return {
    ...column,
    stored: {
      kind: 'lookup',
      where: (condition) =>
        context.isIn(table.country, (inner) => {
          const value = sql`listed.value`;
          return sql`SELECT ${value} FROM (${selectCountries(records, inner)}) listed WHERE ${condition(plainText(value).stored)}`;
        }),
    },
  };
}
