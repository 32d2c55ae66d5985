import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { readExact, writeExact } from '../../domain/exact.ts';
import type { Unconverted } from '../../domain/reports/facts.ts';
import { quantitiesOf } from '../../domain/reports/measures.ts';
import type { Quantity } from '../../domain/reports/measures.ts';
import type { Row } from '../packed-rows.ts';
import { endOf, weightedMinor } from './bases.ts';
import { dayOf, isUnconverted, reportCurrency, target } from './money.ts';
import type { Plan } from './plan.ts';

/** The report's currency, and what had to be left out for want of a rate. */
export function selectMoney(plan: Plan): SQL {
  const { time, query } = plan;
  const asked = new Set<Quantity>(query.measures.flatMap(quantitiesOf));
  const from = Math.min(...time.current.map((one) => one.from));
  const to = Math.max(...time.current.map((one) => one.to));
  const sets: SQL[] = [];
  const add = (table: 'deal' | 'cost', day: SQL, condition: SQL, converted = sql`amount_minor`) => {
    const currency = sql.raw(`${table}.currency`);
    // Of deals, those alone that may have to be converted: most are of the report's own currency.
    const from = table === 'deal' ? sql`deal_currencies AS fc CROSS JOIN deal` : sql.raw(table);
    const isForeign = table === 'deal' ? sql`fc.code <> ${target} AND deal.currency = fc.code AND ` : sql``;
    sets.push(sql`SELECT ${currency} AS currency, amount_minor AS minor FROM ${from}
      WHERE ${isForeign}${condition} AND ${isUnconverted({ minor: converted, currency, day })}`);
  };
  if (asked.has('revenue')) {
    add('deal', dayOf(sql`deal.closed_at`), sql`status = 'won' AND closed_at >= ${from} AND closed_at < ${to}`);
  }
  if (asked.has('pipeline') || asked.has('weightedPipeline')) {
    add(
      'deal',
      dayOf(sql`deal.registered_at`),
      sql`registered_at < ${endOf(plan, to)} AND (closed_at IS NULL OR closed_at >= ${endOf(plan, to)})`,
      asked.has('pipeline') ? undefined : weightedMinor,
    );
  }
  const inDays = sql`day >= ${time.current[0]?.fromDay ?? ''} AND day < ${time.current.at(-1)?.toDay ?? ''}`;
  if (asked.has('cost')) add('cost', sql`cost.day`, inDays);
  if (asked.has('claimedValue')) {
    const minor = sql`cost.claimed_value_minor`;
    sets.push(sql`SELECT currency, ${minor} AS minor FROM cost WHERE ${inDays} AND ${minor} IS NOT NULL
      AND ${isUnconverted({ minor, currency: sql`cost.currency`, day: sql`cost.day` })}`);
  }
  return sql`WITH ${reportCurrency(query.currency)}, missing(currency, minor) AS (${sql.join(sets, sql` UNION ALL `)})
    SELECT (SELECT currency FROM rc) AS currency, NULL AS missing, 0 AS amounts, 0 AS minor
    UNION ALL SELECT NULL, currency, count(*), CAST(sum(minor) AS text) FROM missing GROUP BY currency`;
}

export function readMoney(rows: readonly Row[]): { currency: string | null; unconverted: Unconverted[] } {
  return {
    currency: (rows[0]?.['currency'] as string | null | undefined) ?? null,
    unconverted: rows.slice(1).map((row) => ({
      currency: String(row['missing']),
      amounts: Number(row['amounts']),
      minor: writeExact(readExact(String(row['minor']))),
    })),
  };
}
