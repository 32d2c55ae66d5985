import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { foldLatin } from '../../domain/segments/fold-latin.ts';
import type { category, leadStatus } from '../schema/people.ts';
import { foldedInSql } from '../segments/stored.ts';

/** The id of the lead status or category with a name, in any case. Where two differ by case alone, the one spelt so. Null where there is none. */
export function idOfName(table: typeof leadStatus | typeof category, name: string): SQL<number> {
  return sql`(SELECT ${table.id} FROM ${table} WHERE ${foldedInSql(table.name)} = ${foldLatin(name)}
    ORDER BY ${table.name} = ${name} DESC, ${table.id} LIMIT 1)`;
}
