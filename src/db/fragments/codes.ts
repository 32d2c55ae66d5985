import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { createdVia } from '../../domain/capture/created-via.ts';

/** How a record was created, as its place in the list `createdVia`. */
export function createdViaCode(value: SQLWrapper): SQL {
  const named = createdVia
    .slice(0, -1)
    .map((via, code) => sql`WHEN ${sql.raw(`'${via}'`)} THEN ${sql.raw(String(code))}`);
  return sql`CASE ${value} ${sql.join(named, sql` `)} ELSE ${sql.raw(String(createdVia.length - 1))} END`;
}

/** A currency's three letters as a number to the base of 26, below 32,768. */
export function currencyCode(currency: SQLWrapper): SQL {
  const letter = (place: number) => sql`unicode(substr(${currency}, ${sql.raw(String(place))})) - 65`;
  return sql`((${letter(1)}) * 26 + ${letter(2)}) * 26 + ${letter(3)}`;
}
