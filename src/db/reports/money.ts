import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { defaultMinorUnits, minorUnits } from '../../domain/money.ts';

/** A rate holds until the next, but no longer than this: beyond it, it would be a guess. */
const maxRateAgeDays = 31;

/** The currency of the report: the one asked for, else the one that is set, else that of the first deal, or cost, there is. */
export function reportCurrency(asked: string | null): SQL {
  return sql`rc AS MATERIALIZED (SELECT coalesce(${asked}, (SELECT reporting_currency FROM settings),
    (SELECT currency FROM deal ORDER BY id LIMIT 1), (SELECT currency FROM cost ORDER BY id LIMIT 1)) AS currency)`;
}

export const target = sql`(SELECT currency FROM rc)`;

/** The day of a moment, by which its rate is found. */
export const dayOf = (at: SQL): SQL => sql`date(${at} / 1000, 'unixepoch')`;

function rateAt(currency: SQL, day: SQL): SQL {
  return sql`(SELECT rate FROM exchange_rate WHERE from_currency = ${currency} AND to_currency = ${target}
    AND day <= ${day} AND day > date(${day}, ${`-${maxRateAgeDays} days`}) ORDER BY day DESC LIMIT 1)`;
}

function unitsOf(currency: SQL): SQL {
  return sql`coalesce((SELECT value FROM json_each(${JSON.stringify(minorUnits)}) WHERE key = ${currency}), ${defaultMinorUnits})`;
}

/** The product is a double: past 2^53 it is no amount any more. */
const mostConverted = Number.MAX_SAFE_INTEGER;

const product = ({ minor, currency, day }: { minor: SQL; currency: SQL; day: SQL }): SQL =>
  sql`(${minor} * ${rateAt(currency, day)} * ${unitsOf(target)} / ${unitsOf(currency)})`;

/**
 * An amount in minor units of the report's currency, rounded to a whole one; null where no rate is known for its day, or
 * where it is too large to be converted.
 */
export function converted(amount: { minor: SQL; currency: SQL; day: SQL }): SQL {
  return sql`CASE WHEN ${amount.currency} = ${target} THEN ${amount.minor}
    ELSE (SELECT CAST(round(v) AS integer) FROM (SELECT ${product(amount)} AS v) WHERE abs(v) <= ${mostConverted}) END`;
}

/** Whether an amount has to be left out, since no rate is known for its day or the result would be too large. */
export function isUnconverted(amount: { minor: SQL; currency: SQL; day: SQL }): SQL {
  return sql`(${amount.currency} <> ${target} AND (abs(${product(amount)}) <= ${mostConverted}) IS NOT TRUE)`;
}
