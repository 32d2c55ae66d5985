import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';
import { columnOf } from '../../../src/db/fragments/origin-columns.ts';
import { origin } from '../../../src/db/schema/origins.ts';
import { originGroup } from '../../../src/db/schema/totals.ts';
import { decodeArrival, encodeArrival } from '../../../src/domain/attribution/journey-format.ts';
import { allFields, groupFields, originFields } from '../../../src/domain/attribution/origin-fields.ts';
import * as lists from '../../../src/domain/attribution/origin-lists.ts';
import { unpackPair } from '../../../src/domain/attribution/packed-utm.ts';
import { defaultRules } from '../../../src/domain/attribution/resolve-origin.ts';
import { toArrival, toVisitKey } from '../../../src/domain/attribution/visit-batch.ts';
import { visitBatchSchema } from '../../../src/domain/attribution/visit-batch-schema.ts';
import { prepareTouches } from '../../../src/services/attribution/prepare-touches.ts';

const arrival = {
  utm: { ...lists.noUtm, source: 'A', medium: 'b', campaign: 'c', term: 'd', content: 'e', id: 'f' },
  clickIds: [
    { name: 'gclid', value: 'g' },
    { name: 'fbclid', value: 'h' },
  ],
  referrerHost: 'news.example.com',
  landingPage: 'https://firma.no/x',
  at: 1_788_256_800_000,
};
const frame = { base: arrival.at - 5, origin: 'https://firma.no' };

test('each field has the column that the record names', () => {
  for (const field of allFields) expect(columnOf(origin, field).name).toBe(originFields[field].column);
});

test('groups have the columns of the fields that are grouped, each with an index of its own on origins', () => {
  const grouped = groupFields.map((field) => originFields[field].column).toSorted();
  const columns = getTableConfig(originGroup).columns.map(({ name }) => name);
  const indexed = getTableConfig(origin).indexes.map(({ config }) => (config.columns[0] as { name: string }).name);
  expect(columns.filter((name) => name !== 'id').toSorted()).toEqual(grouped);
  expect(indexed.toSorted()).toEqual(grouped);
});

test('what the build writes into the Worker is plain data', () => {
  expect(JSON.parse(JSON.stringify(lists))).toEqual({ ...lists });
});

test('a placement is a pair at the end of a row, of a counted visit and of a key, each read back', () => {
  const placed = { ...arrival, utm: { ...arrival.utm, placement: 'story' } };
  const row = encodeArrival(placed, frame);
  expect(row.endsWith(',"fbclid","h","kilde_placement","story"]')).toBe(true);
  expect(decodeArrival(JSON.parse(row), frame)).toEqual(placed);
  const visit = [3, ...toVisitKey({ site: 's', arrival: placed })];
  expect(visit.slice(12)).toEqual(['kilde_placement', 'story']);
  const [read] = visitBatchSchema.parse({ id: 'x', visits: [visit] }).visits;
  expect(toArrival(read as Parameters<typeof toArrival>[0]).utm).toEqual(placed.utm);
  expect(visitBatchSchema.safeParse({ id: 'x', visits: [[...visit, 'a']] }).success).toBe(false);
  const { origins } = prepareTouches({ arrivals: [placed], siteId: 7, rules: defaultRules([]) });
  expect(origins.map(({ key }) => key)).toEqual([
    '[7,"a","b","c","d","e","f","example.com","fbclid","kilde_placement","story"]',
  ]);
});

test('a row of the journey cookie is as it has always been, and is read back', () => {
  const row = '[5,"A","b","c","d","e","f","gclid","g","news.example.com","/x","fbclid","h"]';
  expect(encodeArrival(arrival, frame)).toBe(row);
  expect(decodeArrival(JSON.parse(row), frame)).toEqual(arrival);
});

test('a counted visit is as it has always been, and is read back', () => {
  const key = toVisitKey({ site: 's', arrival });
  const quarter = Math.floor(arrival.at / 900_000);
  const name = key[8];
  expect(key).toEqual(['s', quarter, 'A', 'b', 'c', 'd', 'e', 'f', name, 'news.example.com', 'https://firma.no/x']);
  expect(toArrival([1, ...key])).toEqual({ ...arrival, clickIds: [{ name, value: '' }], at: quarter * 900_000 });
});

test('the key of an origin is as it has always been', () => {
  const { origins } = prepareTouches({ arrivals: [arrival], siteId: 7, rules: defaultRules([]) });
  expect(origins.map(({ key }) => key)).toEqual(['[7,"a","b","c","d","e","f","example.com","fbclid"]']);
});

test('a pair that names a parameter is its value', () => {
  const utm = { ...lists.noUtm };
  expect([unpackPair(utm, 'utm_term', 'x'), unpackPair(utm, 'gclid', 'y')]).toEqual([true, false]);
  expect(utm).toEqual({ ...lists.noUtm, term: 'x' });
});
