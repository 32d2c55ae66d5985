import { sql } from 'drizzle-orm';
import { exchangeRate } from '../schema/exchange-rates.ts';
import { defineList, listField } from './declare-list.ts';

/** The id of a rate is the end of its path: `EUR/NOK/2026-09-01`. */
const rateId = sql`(exchange_rate.from_currency || '/' || exchange_rate.to_currency || '/' || exchange_rate.day)`;

export const exchangeRateList = defineList({
  name: 'exchange-rates',
  from: sql`${exchangeRate}`,
  key: sql`exchange_rate.rowid`,
  fields: [
    listField.id(rateId, 'text'),
    listField.day('day', ['Day', 'Dag'], exchangeRate.day),
    listField.currency('base', ['Base currency', 'Basisvaluta'], exchangeRate.fromCurrency),
    listField.currency('quote', ['Quote currency', 'Motvaluta'], exchangeRate.toCurrency),
    listField.number('rate', ['Rate', 'Kurs'], exchangeRate.rate),
  ],
  moment: 'day',
  sort: 'base,quote,-day',
});
