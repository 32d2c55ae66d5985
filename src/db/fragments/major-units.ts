import { sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { defaultMinorUnits, minorUnits } from '../../domain/money.ts';

const unusual = sql.raw(
  Object.keys(minorUnits)
    .map((currency) => `'${currency}'`)
    .join(', '),
);
const units = sql.raw(
  Object.entries(minorUnits)
    .map(([currency, count]) => `WHEN '${currency}' THEN ${count.toFixed(1)}`)
    .join(' '),
);

/** How many minor units a currency has. Nearly all have the usual number, and are spared going through the others one by one. */
export const unitsOf = (currency: SQLWrapper): SQL =>
  sql`CASE WHEN ${currency} NOT IN (${unusual}) THEN ${sql.raw(defaultMinorUnits.toFixed(1))} ELSE CASE ${currency} ${units} END END`;
