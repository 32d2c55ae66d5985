import { sql } from 'drizzle-orm';
import type { SQLWrapper } from 'drizzle-orm';
import { sentFields, originFields } from '../../domain/attribution/origin-fields.ts';
import type { OriginField } from '../../domain/attribution/origin-fields.ts';
import { capitalize } from '../../domain/capitalize.ts';
import { unitsOf } from '../fragments/major-units.ts';
import { cost } from '../schema/costs.ts';
import { exchangeRate } from '../schema/exchange-rates.ts';
import { origin } from '../schema/origins.ts';
import { site } from '../schema/settings.ts';
import { CompileContext } from '../segments/context.ts';
import { namedRecords } from '../segments/named-records.ts';
import { originPart } from '../segments/points.ts';
import { defineList, listField } from './declare-list.ts';
import type { ListField } from './declare-list.ts';

/** A value of the origin of a cost, found as values of a person's origins are. */
function originField(part: OriginField): ListField {
  const { name, label } = originFields[part];
  const field = listField.text(`origin.${name}`, [capitalize(label.en), capitalize(label.no)], cost.originId);
  return {
    ...field,
    // Made for each statement: a context gives out the names of the tables in it.
    get column() {
      return originPart(sql`cost.origin_id`, part, new CompileContext());
    },
  };
}

const majorUnits = (minor: SQLWrapper) => sql`(${minor} / ${unitsOf(cost.currency)})`;

export const costList = defineList({
  name: 'costs',
  from: sql`${cost} JOIN ${origin} ON ${origin.id} = ${cost.originId} JOIN ${site} ON ${site.id} = ${origin.siteId}`,
  key: cost.id,
  fields: [
    listField.id(cost.id),
    listField.day('day', ['Day', 'Dag'], cost.day),
    listField.number('amount', ['Amount', 'Beløp'], majorUnits(cost.amountMinor)),
    listField.currency('currency', ['Currency', 'Valuta'], cost.currency),
    listField.number('claimedConversions', ['Claimed conversions', 'Oppgitte konverteringer'], cost.claimedConversions),
    listField.number('claimedValue', ['Claimed value', 'Oppgitt verdi'], majorUnits(cost.claimedValueMinor)),
    listField.number('impressions', ['Impressions', 'Visninger'], cost.impressions),
    listField.number('clicks', ['Clicks', 'Klikk'], cost.clicks),
    listField.reference('site', ['Site', 'Nettsted'], {
      records: namedRecords.site,
      id: site.key,
      name: site.name,
      ids: 'text',
    }),
    ...[...sentFields, 'channel' as const].map(originField),
    listField.moment('updatedAt', ['Changed', 'Endret'], cost.updatedAt),
  ],
  moment: 'day',
  sort: '-day',
});

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
