import { and, asc, count, desc, eq, gte, lte, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { exchangeRate } from '../db/schema/exchange-rates.ts';
import { defineStatement } from '../db/statement.ts';
import { invalidInput, notFound } from '../domain/errors.ts';
import type { InputError } from '../domain/errors.ts';
import { dayInZone } from '../domain/time-zone.ts';
import { isInFuture } from '../domain/when.ts';
import { readSettings } from './change-settings.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { ServiceContext } from './service-context.ts';

/** One unit of `base` was worth `rate` units of `quote` on `day`. */
export type Rate = { day: string; base: string; quote: string; rate: number };

export type RateFilter = {
  base?: string | undefined;
  quote?: string | undefined;
  /** Days, both inclusive. */
  from?: string | undefined;
  to?: string | undefined;
};

type RateKey = Omit<Rate, 'rate'>;

const columns = {
  day: exchangeRate.day,
  base: exchangeRate.fromCurrency,
  quote: exchangeRate.toCurrency,
  rate: exchangeRate.rate,
};

const readPrior = defineStatement(`
  SELECT EXISTS (SELECT 1 FROM exchange_rate WHERE from_currency = g.value ->> 'base' AND to_currency = g.value ->> 'quote'
    AND day = g.value ->> 'day') AS is_known
  FROM json_each(:rates) g ORDER BY g.key`);

const upsertRates = defineStatement(`
  INSERT INTO exchange_rate (from_currency, to_currency, day, rate)
  SELECT g.value ->> 'base', g.value ->> 'quote', g.value ->> 'day', g.value ->> 'rate' FROM json_each(:rates) g WHERE true
  ON CONFLICT DO UPDATE SET rate = excluded.rate`);

/**
 * Stores rates by their two currencies and day, all or none, in one round trip.
 * @throws KildeError `invalid_input` with an error for each row that is not valid.
 */
export async function putExchangeRates(
  { db, clock, settings }: ServiceContext,
  { rates }: { rates: Rate[] },
): Promise<Array<Rate & { created: boolean }>> {
  const errors: InputError[] = [];
  const seen = new Set<string>();
  const now = clock();
  // Which day it is matters for the last ones alone.
  const hasBegunEverywhere = dayInZone(now, 'Etc/GMT+12');
  const areAllPast = rates.every(({ day }) => day <= hasBegunEverywhere);
  const timeZone = areAllPast ? 'UTC' : (await readSettings({ settings })).defaultSite.timeZone;
  for (const [index, { day, base, quote }] of rates.entries()) {
    const location = `body.items[${index}]`;
    if (isInFuture({ day }, { now, timeZone }))
      errors.push({ location: `${location}.day`, message: `${day} lies in the future in ${timeZone}.` });
    if (base === quote) errors.push({ location: `${location}.quote`, message: 'must be another currency than base' });
    const key = `${day}${base}${quote}`;
    if (seen.has(key)) errors.push({ location, message: 'This rate stands in the list already.' });
    seen.add(key);
  }
  if (errors.length > 0) throw invalidInput(errors);
  if (rates.length === 0) return [];
  const args = { rates: JSON.stringify(rates) };
  const [prior] = await db.$client.batch([readPrior(args), upsertRates(args)], 'write');
  return rates.map((rate, index) => ({ ...rate, created: !prior!.rows[index]!['is_known'] }));
}

/** Rates by their currencies, the latest day of a pair first. */
export async function listExchangeRates(
  { db }: { db: Database },
  { page, filter, after }: { page: PageRequest; filter: RateFilter; after: RateKey | null },
): Promise<Page<Rate>> {
  const { fromCurrency, toCurrency, day } = exchangeRate;
  const beyond = after
    ? sql`(${fromCurrency}, ${toCurrency}) >= (${after.base}, ${after.quote})
        AND NOT (${fromCurrency} = ${after.base} AND ${toCurrency} = ${after.quote} AND ${day} >= ${after.day})`
    : undefined;
  const matches = and(
    filter.base === undefined ? undefined : eq(fromCurrency, filter.base),
    filter.quote === undefined ? undefined : eq(toCurrency, filter.quote),
    filter.from === undefined ? undefined : gte(day, filter.from),
    filter.to === undefined ? undefined : lte(day, filter.to),
  );
  return readPage({
    db,
    page,
    rows: db
      .select(columns)
      .from(exchangeRate)
      .where(and(matches, beyond))
      .orderBy(asc(fromCurrency), asc(toCurrency), desc(day))
      .limit(page.limit + 1),
    count: db.select({ count: count() }).from(exchangeRate).where(matches),
    cursorOf: (row) => [row.base, row.quote, row.day],
    toItem: (row) => row,
  });
}

const isRate = ({ day, base, quote }: RateKey) =>
  and(eq(exchangeRate.fromCurrency, base), eq(exchangeRate.toCurrency, quote), eq(exchangeRate.day, day));

/** @throws KildeError `not_found`. */
export async function readExchangeRate({ db }: { db: Database }, key: RateKey): Promise<Rate> {
  const [row] = await db.select(columns).from(exchangeRate).where(isRate(key));
  if (!row) throw notFound('exchange rate');
  return row;
}

/** @throws KildeError `not_found`. */
export async function deleteExchangeRate({ db }: { db: Database }, key: RateKey): Promise<void> {
  const deleted = await db.delete(exchangeRate).where(isRate(key)).returning({ day: exchangeRate.day });
  if (deleted.length === 0) throw notFound('exchange rate');
}
