import { beforeEach, describe, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const cost = (fields: Record<string, unknown> = {}) => ({
  day: '2026-08-31',
  source: 'linkedin',
  medium: 'paid-social',
  amount: 100,
  currency: 'NOK',
  ...fields,
});
const put = async (...items: unknown[]) => kilde.api('PUT', '/costs', { items });
const list = async (query = '') => (await kilde.api('GET', `/costs${query}`)).body;
const stored = async () => kilde.sql('SELECT day, amount_minor AS minor, currency FROM cost ORDER BY id');

describe('PUT /costs', () => {
  it('is the same the second time, and a correction takes the place of what was sent', async () => {
    const first = await put(cost({ campaign: 'Webinar', amount: '1200.50' }));
    expect(first.status).toBe(200);
    const { id } = first.body.items[0];
    const item = { id, day: '2026-08-31', channel: 'Paid Social' };
    expect(first.body.items).toEqual([{ ...item, created: true }]);
    const shown = {
      id,
      day: '2026-08-31',
      claimedConversions: null,
      claimedValue: null,
      impressions: null,
      clicks: null,
      amount: 1200.5,
      currency: 'NOK',
      site: { id: 'default', name: 'Default site' },
      origin: {
        channel: 'Paid Social',
        source: 'linkedin',
        medium: 'paid-social',
        campaign: 'Webinar',
        term: null,
        content: null,
        utmId: null,
        placement: null,
        referrerDomain: null,
      },
      updatedAt: '2026-09-01T10:00:00.000Z',
    };
    expect(await list()).toEqual({ items: [shown], nextCursor: null });
    const again = await put(cost({ source: ' LinkedIn', campaign: 'WEBINAR', amount: 0, currency: 'EUR' }));
    expect(again.body.items).toEqual([{ ...item, created: false }]);
    expect((await list()).items).toEqual([{ ...shown, amount: 0, currency: 'EUR' }]);
  });

  it.each([
    ['.amount', { amount: -1 }],
    ['.amount', { amount: '1.5', currency: 'JPY' }],
    ['.amount', { amount: '1.0001', currency: 'BHD' }],
    ['.amount', { amount: undefined }],
    ['.currency', { currency: 'kr' }],
    ['.day', { day: '2026-02-30' }],
    ['.day', { day: '2026-09-03' }],
    ['.day', { day: '2026-08-31T10:00:00Z' }],
    ['.source', { source: undefined }],
    ['.source', { source: ' \u0000' }],
    ['.campaign', { campaign: 'x'.repeat(256) }],
    ['.referrerDomain', { referrerDomain: 'https://a.no/x' }],
    ['.siteId', { siteId: 'nowhere' }],
    ['.extra', { extra: 1 }],
    ['', { source: 'LINKEDIN' }],
  ])('says where a wrong item stands (%s), and stores nothing: %j', async (path, fields) => {
    const answer = await put(cost(), cost({ day: '2026-08-30' }), cost({ source: 'third', ...fields }));
    expect([answer.status, answer.body.errors.map((error: any) => error.location)]).toEqual([
      422,
      [`body.items[2]${path}`],
    ]);
    expect(await stored()).toEqual([]);
    expect(await kilde.sql('SELECT * FROM origin')).toEqual([]);
  });

  it('keeps amounts by the decimals of their currency', async () => {
    await put(
      cost({ source: 'a', amount: 1500, currency: 'JPY' }),
      cost({ source: 'b', amount: '1.005', currency: 'KWD' }),
      cost({ source: 'c', amount: 0.29 }),
    );
    expect((await stored()).map(({ minor }) => minor)).toEqual([1500, 1005, 29]);
    expect((await list()).items.map((item: any) => item.amount)).toEqual([0.29, 1.005, 1500]);
  });

  it('has the origin that a touch with these values has, and follows its corrections', async () => {
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    const visitor = new Visitor(kilde);
    await visitor.arrive('https://www.example.com/?utm_source=Linked-In&utm_medium=paid-social&utm_id=7');
    await visitor.send('demo', { email: 'kari@firma.no' });
    await put(cost({ source: 'linked-in', utmId: '7' }));
    expect(
      await kilde.sql('SELECT lead_creation_origin_id AS id FROM person INTERSECT SELECT origin_id FROM cost'),
    ).toHaveLength(1);
    await kilde.api('POST', '/aliases', { field: 'source', values: ['linked-in'], canonical: 'LinkedIn' });
    expect((await list()).items[0].origin).toMatchObject({ source: 'LinkedIn', utmId: '7', channel: 'Paid Social' });
  });

  it('is prepared anew where settings have changed elsewhere, and keeps to the site named', async () => {
    await kilde.api('POST', '/sites', { name: 'Butikk', slug: 'shop' });
    await put(cost());
    await kilde.sql(
      "INSERT INTO alias (id, field, to_canonical, label, created_at) VALUES (9, 'source', 'facebook', 'Facebook', 0)",
    );
    await kilde.sql("INSERT INTO alias_from (field, canonical, alias_id) VALUES ('source', 'fb', 9)");
    await kilde.sql('UPDATE settings SET version = version + 1');
    const { body } = await put(cost({ source: 'fb', medium: 'paid', siteId: 'shop' }));
    expect(body.items).toMatchObject([{ channel: 'Paid Social', created: true }]);
    expect((await list()).items.map((item: any) => item.site.id).toSorted()).toEqual(['default', 'shop']);
  });

  it('takes one round trip for a thousand, and scans no table', async () => {
    const items = Array.from({ length: 1_000 }, (_, index) => cost({ campaign: `c${index}` }));
    await put(cost());
    kilde.roundTrips();
    expect((await put(...items)).body.items).toHaveLength(1_000);
    expect(kilde.roundTrips()).toBe(1);
    expect((await put(...items, cost())).status).toBe(422);
    const scans = await kilde.scansDuring(() => put(cost({ amount: 5 })));
    expect(scans).toEqual([]);
  });

  it('makes one row of two upserts at once', async () => {
    const answers = await Promise.all([put(cost()), put(cost())]);
    expect(answers.filter(({ body }) => body.items[0].created)).toHaveLength(1);
    expect(await stored()).toHaveLength(1);
  });
});

describe('GET and DELETE /costs', () => {
  it('pages the latest day first, counts, and takes both ends of a period', async () => {
    await put(
      cost({ day: '2026-08-01' }),
      cost({ day: '2026-08-03' }),
      cost({ day: '2026-08-02', source: 'a' }),
      cost({ day: '2026-08-02', source: 'b' }),
    );
    const first = await list('?limit=2&count=true');
    expect([first.count, first.items.map((one: any) => one.day)]).toEqual([4, ['2026-08-03', '2026-08-02']]);
    const next = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect([next.nextCursor, next.items.map((one: any) => one.day)]).toEqual([null, ['2026-08-02', '2026-08-01']]);
    expect((await list('?from=2026-08-02&to=2026-08-03')).items).toHaveLength(3);
    expect((await kilde.api('GET', '/costs?from=yesterday')).status).toBe(422);
    expect(await kilde.scansDuring(() => list('?from=2026-08-02&limit=1'))).toEqual([]);
  });

  it('deletes, and then there is none', async () => {
    const { id } = (await put(cost())).body.items[0];
    expect((await kilde.api('DELETE', `/costs/${id}`)).status).toBe(204);
    expect((await kilde.api('DELETE', `/costs/${id}`)).status).toBe(404);
    expect((await list()).items).toEqual([]);
  });
});
