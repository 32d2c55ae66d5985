import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

/** A rate as it is answered. */
const stored = (fields: Record<string, unknown> = {}) => {
  const { day, base, quote, ...more } = rate(fields);
  return { id: `${base}/${quote}/${day}`, day, base, quote, ...more };
};
const rate = (fields: Record<string, unknown> = {}) => ({
  day: '2026-08-31',
  base: 'EUR',
  quote: 'NOK',
  rate: 11.4235,
  ...fields,
});
const put = async (...items: unknown[]) => kilde.api('PUT', '/exchange-rates', { items });
const list = async (query = '') => (await kilde.api('GET', `/exchange-rates${query}`)).body;

describe('exchange rates', () => {
  it('are kept by day and currencies; one sent again takes the place of the former, in one round trip', async () => {
    kilde.roundTrips();
    expect((await put(rate(), rate({ day: '2026-08-30', rate: '11.5' }))).body.items).toEqual([
      stored({ created: true }),
      stored({ day: '2026-08-30', rate: 11.5, created: true }),
    ]);
    expect(kilde.roundTrips()).toBe(1);
    expect((await put(rate({ rate: '0.000125' }))).body.items).toEqual([stored({ rate: 0.000125, created: false })]);
    expect(await list()).toEqual({
      items: [stored({ rate: 0.000125 }), stored({ day: '2026-08-30', rate: 11.5 })],
      nextCursor: null,
    });
  });

  it('take a rate as it was read, and refuse one with the id of another', async () => {
    await put(rate());
    const { items } = await list();
    expect((await kilde.api('GET', `/exchange-rates/${items[0].id}`)).body).toEqual(items[0]);
    expect((await put(...items)).body.items).toEqual([{ ...items[0], created: false }]);
    expect((await put({ ...items[0], day: '2026-08-30' })).body.errors).toEqual([
      {
        location: 'body.items[0].id',
        message: "'EUR/NOK/2026-08-31' is not the id of this rate: it is EUR/NOK/2026-08-30. It cannot be changed.",
      },
    ]);
  });

  it.each([
    ['.rate', { rate: 0 }],
    ['.rate', { rate: -1 }],
    ['.rate', { rate: '1,5' }],
    ['.rate', { rate: '1e3' }],
    ['.rate', { rate: 1e13 }],
    ['.rate', { rate: '0.0' }],
    ['.day', { day: '2026-09-03' }],
    ['.day', { day: '31.08.2026' }],
    ['.base', { base: 'eur' }],
    ['.quote', { quote: 'EUR' }],
    ['', { rate: 3 }],
  ])('says where a wrong item stands (%s), and stores nothing: %j', async (path, fields) => {
    const answer = await put(rate(), rate(path === '' ? fields : { day: '2026-08-01', ...fields }));
    expect([answer.status, answer.body.errors.map((error: any) => error.location)]).toEqual([
      422,
      [`body.items[1]${path}`],
    ]);
    expect(await list()).toEqual({ items: [], nextCursor: null });
  });

  it('are paged by pair, latest first, filtered and deleted', async () => {
    const pairs = [
      ['EUR', 'NOK'],
      ['EUR', 'SEK'],
      ['USD', 'NOK'],
    ] as const;
    const days = ['2026-08-01', '2026-08-02', '2026-08-03'];
    await put(...pairs.flatMap(([base, quote]) => days.map((day) => rate({ day, base, quote }))));
    const seen: string[] = [];
    for (let query = '?limit=2'; ;) {
      const { items, nextCursor } = await list(query);
      seen.push(...items.map((one: any) => `${one.base} ${one.quote} ${one.day}`));
      if (nextCursor === null) break;
      query = `?limit=2&cursor=${nextCursor}`;
    }
    expect(seen).toEqual(pairs.flatMap(([from, to]) => days.toReversed().map((day) => `${from} ${to} ${day}`)));
    const found = await list('?base=EUR&quote=SEK&from=2026-08-02&to=2026-08-02&count=true');
    expect([found.count, found.items.map((one: any) => one.day)]).toEqual([1, ['2026-08-02']]);
    expect((await kilde.api('DELETE', '/exchange-rates/EUR/SEK/2026-08-02')).status).toBe(204);
    expect((await kilde.api('DELETE', '/exchange-rates/EUR/SEK/2026-08-02')).status).toBe(404);
    expect((await list('?count=true')).count).toBe(8);
  });
});

it('keeps the reporting currency until it is taken away', async () => {
  const answer = async (method: string, body?: unknown) => (await kilde.api(method, '/settings', body)).body;
  expect(await answer('GET')).toMatchObject({ reportingCurrency: null });
  expect(await answer('PATCH', { reportingCurrency: 'NOK' })).toMatchObject({ reportingCurrency: 'NOK' });
  expect(await answer('PATCH', {})).toMatchObject({ reportingCurrency: 'NOK' });
  expect((await kilde.api('PATCH', '/settings', { reportingCurrency: 'kroner' })).status).toBe(422);
  expect(await answer('GET')).toMatchObject({ reportingCurrency: 'NOK' });
  expect(await answer('PATCH', { reportingCurrency: null })).toMatchObject({ reportingCurrency: null });
});
