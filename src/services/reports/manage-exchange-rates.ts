import { and, eq } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { exchangeRateList } from '../../db/lists/money-lists.ts';
import { exchangeRate } from '../../db/schema/exchange-rates.ts';
import { defineStatement } from '../../db/statement.ts';
import { invalidInput, notFound } from '../../domain/errors.ts';
import type { InputError } from '../../domain/errors.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import { dayInZone } from '../../domain/time-zone.ts';
import { isInFuture } from '../../domain/when.ts';
import { readSettings } from '../change-settings.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import type { ServiceContext } from '../service-context.ts';

export { exchangeRateList };

/** One unit of `base` was worth `rate` units of `quote` on `day`. */
export type Rate = { day: string; base: string; quote: string; rate: number };

/** Its id is the end of its path. */
export type RateAnswer = Rate & { id: string };

export const idOfRate = ({ base, quote, day }: Omit<Rate, 'rate'>): string => `${base}/${quote}/${day}`;

const withId = (rate: Rate): RateAnswer => ({ id: idOfRate(rate), ...rate });

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
): Promise<Array<RateAnswer & { created: boolean }>> {
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
      errors.push({ location: `${location}.day`, message: `${day} is in the future in ${timeZone}.` });
    if (base === quote)
      errors.push({ location: `${location}.quote`, message: 'must not be the same currency as base' });
    const key = `${day}${base}${quote}`;
    if (seen.has(key)) errors.push({ location, message: 'This rate is in the list twice.' });
    seen.add(key);
  }
  if (errors.length > 0) throw invalidInput(errors);
  if (rates.length === 0) return [];
  const args = { rates: JSON.stringify(rates) };
  const [prior] = await db.$client.batch([readPrior(args), upsertRates(args)], 'write');
  return rates.map((rate, index) => ({ ...withId(rate), created: !prior!.rows[index]!['is_known'] }));
}

/** Rates by their currencies, the latest day of a pair first. */
export function listExchangeRates(context: ListContext, query: ListQuery): PreparedList<RateAnswer> {
  return prepareList(context, {
    list: exchangeRateList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...columns, ...position })
        .from(exchangeRate)
        .where(where)
        .orderBy(...orderBy),
    toItem: withId,
  });
}

const isRate = ({ day, base, quote }: RateKey) =>
  and(eq(exchangeRate.fromCurrency, base), eq(exchangeRate.toCurrency, quote), eq(exchangeRate.day, day));

/** @throws KildeError `not_found`. */
export async function readExchangeRate({ db }: { db: Database }, key: RateKey): Promise<RateAnswer> {
  const [row] = await db.select(columns).from(exchangeRate).where(isRate(key));
  if (!row) throw notFound('exchange rate');
  return withId(row);
}

/** @throws KildeError `not_found`. */
export async function deleteExchangeRate({ db }: { db: Database }, key: RateKey): Promise<void> {
  const deleted = await db.delete(exchangeRate).where(isRate(key)).returning({ day: exchangeRate.day });
  if (deleted.length === 0) throw notFound('exchange rate');
}
