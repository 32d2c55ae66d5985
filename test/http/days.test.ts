import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const inZone = async (timeZone: string): Promise<void> => {
  expect((await kilde.api('PATCH', '/sites/default', { timeZone })).status).toBe(200);
};
const setClock = (time: string): void => kilde.advance(Date.parse(time) - startOfTime);
const deal = (fields: Record<string, unknown>) => ({ externalId: 'D', amount: 100, currency: 'NOK', ...fields });
const putDeal = (fields: Record<string, unknown>) => kilde.api('PUT', '/deals', { items: [deal(fields)] });
const storedDeal = async () => (await kilde.api('GET', '/deals')).body.items[0];

/** Zones on both sides of UTC, further than twelve hours too, and two whose clocks change at midnight. */
const zones = [
  'Europe/Oslo',
  'America/New_York',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'America/Asuncion',
];

describe('a deal of a day', () => {
  it.each(zones)('is on that day in %s', async (timeZone) => {
    await inZone(timeZone);
    expect((await putDeal({ status: 'won', createdAt: '2026-03-01', closedAt: '2026-03-01' })).status).toBe(200);
    const { body } = await kilde.api('POST', '/reports/query', {
      measures: ['deals', 'wonDeals'],
      dimensions: ['day'],
      period: { from: '2026-02-28', to: '2026-03-02' },
    });
    expect(body.rows.filter((row: { deals: number }) => row.deals > 0)).toMatchObject([
      { day: '2026-03-01', deals: 1, wonDeals: 1 },
    ]);
    for (const [query, count] of [
      ['from=2026-03-01&to=2026-03-01', 1],
      ['to=2026-02-28', 0],
      ['from=2026-03-02', 0],
    ] as const)
      expect((await kilde.api('GET', `/deals?${query}`)).body.items, query).toHaveLength(count);
    const where = { field: 'closedAt', op: 'on', value: '2026-03-01' };
    expect((await kilde.api('POST', '/segments/query', { entity: 'deal', where, count: true })).body.count ?? 1).toBe(
      1,
    );
  });

  it('may be closed on the day that it was registered', async () => {
    await inZone('Europe/Oslo');
    kilde.advance(1_000);
    expect((await putDeal({ status: 'won', createdAt: '2026-09-01T10:00:00Z', closedAt: '2026-09-01' })).status).toBe(
      200,
    );
    expect(await storedDeal()).toMatchObject({
      createdAt: '2026-09-01T10:00:00.000Z',
      closedAt: '2026-09-01T10:00:00.000Z',
    });
    expect((await putDeal({ status: 'won', closedAt: '2026-09-01' })).status).toBe(200);
    expect((await storedDeal()).closedAt).toBe('2026-09-01T10:00:00.000Z');
    expect(
      (await putDeal({ status: 'won', createdAt: '2026-09-01T10:00:00Z', closedAt: '2026-08-31' })).body,
    ).toMatchObject({
      errors: [{ location: 'body.items[0].closedAt', message: 'This lies before createdAt.' }],
    });
  });

  it('may be closed today just after midnight, and not tomorrow', async () => {
    await inZone('Europe/Oslo');
    setClock('2026-09-02T22:00:30Z');
    expect((await putDeal({ status: 'won', closedAt: '2026-09-03' })).status).toBe(200);
    expect(await storedDeal()).toMatchObject({
      closedAt: '2026-09-02T22:00:00.000Z',
      createdAt: '2026-09-02T22:00:00.000Z',
    });
    expect((await putDeal({ status: 'won', closedAt: '2026-09-04' })).status).toBe(422);
    expect((await putDeal({ createdAt: '2026-09-04' })).status).toBe(422);
    await inZone('America/New_York');
    expect((await putDeal({ status: 'won', closedAt: '2026-09-03' })).status).toBe(422);
  });

  it.each(['2026-02-30', '0001-01-01', '2026-9-1', '20260901'])('must be a day that there is: %s', async (closedAt) => {
    expect((await putDeal({ status: 'won', closedAt })).status).toBe(422);
  });
});

describe('a cost and an exchange rate of a day', () => {
  it('may be of today, by the clocks of the site', async () => {
    await inZone('America/New_York');
    await kilde.api('POST', '/sites', { name: 'Oslo', slug: 'oslo', timeZone: 'Europe/Oslo', domains: [] });
    setClock('2026-09-02T22:30:00Z');
    const put = async (day: string, site?: string) =>
      (await kilde.api('PUT', '/costs', { items: [{ day, site, source: 'linkedin', amount: 1, currency: 'NOK' }] }))
        .status;
    expect(await put('2026-09-02')).toBe(200);
    expect(await put('2026-09-03')).toBe(422);
    const rate = async (day: string) =>
      (await kilde.api('PUT', '/exchange-rates', { items: [{ day, base: 'EUR', quote: 'NOK', rate: 11 }] })).status;
    expect(await rate('2026-09-02')).toBe(200);
    expect(await rate('2026-09-03')).toBe(422);
  });
});

describe('a list from one day to another', () => {
  it.each(zones)('counts both days in %s', async (timeZone) => {
    await inZone(timeZone);
    await kilde.api('POST', '/forms', { name: 'F', slug: 'f-days' });
    const { startOfDay } = await import('../../src/domain/start-of-day.ts');
    const [start, end] = ['2026-09-10', '2026-09-11'].map((day) => startOfDay(day, timeZone)) as [number, number];
    let now = startOfTime;
    for (const [email, at] of [
      ['before', start - 1],
      ['first', start],
      ['last', end - 1],
      ['after', end],
    ] as const) {
      kilde.advance(at - now);
      now = at;
      await kilde.submit('f-days', { email: `${email}@${email}.no` });
    }
    const people = (await kilde.api('GET', '/people?from=2026-09-10&to=2026-09-10')).body.items;
    expect(people.map((one: { email: string }) => one.email)).toEqual(['last@last.no', 'first@first.no']);
    const companies = (await kilde.api('GET', '/companies?from=2026-09-10&to=2026-09-10')).body.items;
    expect(companies.map((one: { domain: string }) => one.domain)).toEqual(['last.no', 'first.no']);
    expect((await kilde.api('GET', '/submissions?from=2026-09-10&to=2026-09-10')).body.items).toHaveLength(2);
    expect((await kilde.api('GET', '/submissions?from=2026-09-11&to=9999-12-31')).body.items).toHaveLength(1);
    const moment = new Date(start).toISOString();
    expect(
      (await kilde.api('GET', `/submissions?from=${moment}&to=${new Date(end).toISOString()}`)).body.items,
    ).toHaveLength(2);
    expect((await kilde.api('GET', '/audit-log?from=2026-09-10&to=2026-09-10')).body.items).toEqual([]);
  });
});

describe('a lead and a form of a day', () => {
  it('gives an imported lead the first moment of the day, after its touches on that day', async () => {
    await inZone('America/New_York');
    const items = [
      { email: 'a@a.no', createdAt: '2026-03-01' },
      {
        email: 'b@b.no',
        createdAt: '2026-03-01',
        journey: [
          { at: '2026-02-20', source: 'newsletter' },
          { at: '2026-03-01T15:00:00Z', source: 'linkedin' },
        ],
      },
    ];
    expect((await kilde.api('PUT', '/people', { items })).status).toBe(200);
    const read = async (email: string) => (await kilde.api('GET', `/people?email=${email}`)).body.items[0];
    expect((await read('a@a.no')).createdAt).toBe('2026-03-01T05:00:00.000Z');
    expect(await read('b@b.no')).toMatchObject({
      createdAt: '2026-03-01T15:00:00.000Z',
      firstTouch: { source: 'newsletter', at: '2026-02-20T05:00:00.000Z' },
      leadCreation: { source: 'linkedin' },
    });
    expect((await kilde.api('PUT', '/people', { items: [{ email: 'c@c.no', createdAt: '2026-09-02' }] })).status).toBe(
      422,
    );
  });

  it('closes a form at the end of the day', async () => {
    await inZone('Europe/Oslo');
    const { body } = await kilde.api('POST', '/forms', { name: 'F', closesAt: '2026-09-01' });
    expect(body.closesAt).toBe('2026-09-01T21:59:59.999Z');
    setClock('2026-09-01T21:59:00Z');
    expect((await kilde.submit(body.id, { email: 'a@a.no' })).status).toBe(201);
    kilde.advance(60_000);
    expect((await kilde.submit(body.id, { email: 'b@b.no' })).status).toBe(410);
    expect((await kilde.api('PATCH', `/forms/${body.id}`, { closesAt: '2026-12-31' })).body.closesAt).toBe(
      '2026-12-31T22:59:59.999Z',
    );
    expect((await kilde.api('PATCH', `/forms/${body.id}`, { closesAt: null })).body.closesAt).toBeNull();
  });
});

it('counts the visit of a short link on the day of its site', async () => {
  await inZone('America/New_York');
  const { body } = await kilde.api('POST', '/links', { page: 'https://firma.no/', source: 'x', medium: 'y' });
  setClock('2026-09-02T03:30:00Z');
  await kilde.request(new URL(body.shortUrl).pathname);
  await expect
    .poll(async () => kilde.sql('SELECT day, visits FROM link_day'))
    .toEqual([{ day: '2026-09-01', visits: 1 }]);
});
