import { beforeEach, expect, it } from 'vitest';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

/** Sends `count` forms that fall into the trap, an hour apart. @returns their ids, oldest first. */
async function hold(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const response = await kilde.submit('demo', {
      email: `p${i}@firma.no`,
      _gotcha: 'x',
      _page: 'https://www.example.com/?utm_source=linkedin',
    });
    ids.push((await response.json<{ id: string }>()).id);
    kilde.advance(60 * 60_000);
  }
  return ids;
}

it('counts what is held by reason and by form, in one round trip', async () => {
  await kilde.api('POST', '/forms', { name: 'Order', slug: 'order', minimumSeconds: 5 });
  const [first] = await hold(3);
  await kilde.submit('order', { email: 'x@firma.no', _gotcha: 'x', _t: '1' });
  await kilde.api('POST', `/quarantine/${first}/release`);
  kilde.roundTrips();
  const { status, body } = await kilde.api('GET', '/quarantine/counts');
  expect([status, kilde.roundTrips()]).toEqual([200, 1]);
  expect(body).toEqual({
    count: 3,
    byReason: [
      { reason: 'honeypot', count: 3 },
      { reason: 'tooFast', count: 1 },
    ],
    byForm: [
      { form: { id: 'demo', name: 'Demo' }, count: 2 },
      { form: { id: 'order', name: 'Order' }, count: 1 },
    ],
  });
});

it('lists what is held back, newest first, one round trip a page', async () => {
  const ids = await hold(3);
  kilde.roundTrips();
  const first = (await kilde.api('GET', '/quarantine?limit=2&count=true')).body;
  expect(kilde.roundTrips()).toBe(1);
  expect(first).toEqual({
    items: [
      expect.objectContaining({ id: ids[2] }),
      {
        id: ids[1],
        form: { id: 'demo', name: 'Demo' },
        at: '2026-09-01T11:00:00.000Z',
        reasons: ['honeypot'],
        status: 'held',
        fields: { email: 'p1@firma.no' },
        page: 'https://www.example.com/?utm_source=linkedin',
        files: [],
      },
    ],
    nextCursor: expect.any(String),
    count: 3,
  });
  const second = (await kilde.api('GET', `/quarantine?limit=2&cursor=${first.nextCursor}`)).body;
  expect(second.items.map((one: any) => one.id)).toEqual([ids[0]]);
  expect(second.nextCursor).toBeNull();
  expect((await kilde.api('GET', '/quarantine?status=nope')).body.errors[0].location).toBe('query.status');
  expect(await kilde.scansDuring(() => kilde.api('GET', '/quarantine?limit=2'))).toEqual([]);
});

it('lets one through, as of the time it was sent', async () => {
  const [id] = await hold(1);
  expect((await kilde.api('GET', '/people')).body.items).toEqual([]);
  expect(await kilde.api('POST', `/quarantine/${id}/release`)).toEqual({ status: 200, body: { id } });
  const [person] = (await kilde.api('GET', '/people')).body.items;
  expect(person).toMatchObject({
    email: 'p0@firma.no',
    createdAt: '2026-09-01T10:00:00.000Z',
    leadCreation: { source: 'linkedin' },
  });
  expect((await kilde.api('GET', '/quarantine')).body.items).toEqual([]);
  const released = (await kilde.api('GET', '/quarantine?status=released')).body.items;
  expect(released).toMatchObject([{ id, status: 'released', fields: { email: 'p0@firma.no' } }]);
  expect((await kilde.api('POST', `/quarantine/${id}/release`)).status).toBe(409);
  expect((await kilde.api('DELETE', `/quarantine/${id}`)).status).toBe(409);
});

it('throws one away', async () => {
  const [id] = await hold(1);
  expect((await kilde.api('DELETE', `/quarantine/${id}`)).status).toBe(204);
  expect((await kilde.api('DELETE', `/quarantine/${id}`)).status).toBe(404);
  expect((await kilde.api('POST', `/quarantine/${id}/release`)).status).toBe(404);
  expect((await kilde.api('GET', '/people')).body.items).toEqual([]);
});

it('needs a key with the scope', async () => {
  const [id] = await hold(1);
  const { body } = await kilde.api('POST', '/api-keys', { name: 'r', scopes: ['read'] });
  for (const [method, path] of [
    ['POST', `/quarantine/${id}/release`],
    ['DELETE', `/quarantine/${id}`],
  ] as const) {
    expect((await kilde.api(method, path, undefined, { key: null })).status).toBe(401);
    expect((await kilde.api(method, path, undefined, { key: body.key })).status).toBe(403);
  }
  expect((await kilde.api('GET', '/quarantine', undefined, { key: body.key })).status).toBe(200);
});

it('holds the journey until it is let through', async () => {
  const visitor = new Visitor(kilde);
  await visitor.arrive('https://www.example.com/?utm_source=linkedin');
  await visitor.send('demo', { email: 'kari@firma.no', _gotcha: 'x' });
  const [held] = (await kilde.api('GET', '/quarantine')).body.items;
  await kilde.api('POST', `/quarantine/${held.id}/release`);
  const { body } = await kilde.api('GET', `/submissions/${held.id}`);
  expect(body.journey.map((touch: any) => touch.source)).toEqual(['linkedin']);
});
