import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { fillLists } from '../support/list-world.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeAll(async () => {
  kilde = await createTestApp();
  await fillLists(kilde);
});

const puts = createApi({} as TestApp['deps'])
  .operations.filter(({ method }) => method === 'put')
  .map(({ path }) => path);
const read = async (path: string): Promise<any[]> => (await kilde.api('GET', `${path}?limit=1000&sort=id`)).body.items;
const withoutTime = (items: any[]) => items.map((item) => ({ ...item, updatedAt: null }));

describe('what GET gives, PUT takes', () => {
  it.each(puts)('%s: all records as they are, and nothing changes', async (path) => {
    const items = await read(path);
    expect(items.length).toBeGreaterThan(2);
    const { status, body } = await kilde.api('PUT', path, { items });
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(withoutTime(await read(path))).toEqual(withoutTime(items));
  });

  it('a cost with another amount changes that cost, also where its origin has been corrected since', async () => {
    await kilde.api('PUT', '/costs', {
      items: [{ day: '2026-02-01', source: 'fb', medium: 'cpc', amount: 5, currency: 'NOK' }],
    });
    await kilde.api('POST', '/aliases', { field: 'source', values: ['fb'], canonical: 'Facebook' });
    const [item] = (await kilde.api('GET', '/costs?day=2026-02-01')).body.items;
    expect(item.origin.source).toBe('Facebook');
    const changed = { ...item, amount: 7, clicks: 3 };
    const { status, body } = await kilde.api('PUT', '/costs', { items: [changed] });
    expect([status, body.items]).toEqual([
      200,
      [{ id: item.id, day: item.day, channel: item.origin.channel, created: false }],
    ]);
    expect((await kilde.api('GET', '/costs?day=2026-02-01')).body.items).toEqual([
      { ...changed, updatedAt: expect.any(String) },
    ]);
  });

  it.each([
    [{ origin: { source: 'other' } }, 'body.items[0].origin'],
    [{ site: { id: 'site-1', name: 'Site 1' } }, 'body.items[0].site'],
    [{ day: '2026-02-03' }, 'body.items[0].id'],
    [{ id: '99999' }, 'body.items[0].updatedAt'],
  ])('a cost is refused where %j is changed', async (change, location) => {
    const [item] = await read('/costs');
    const before = await read('/costs');
    const { status, body } = await kilde.api('PUT', '/costs', { items: [{ ...item, ...change }] });
    expect([status, body.errors.map((one: any) => one.location)]).toEqual([422, expect.arrayContaining([location])]);
    expect(await read('/costs')).toEqual(before);
  });

  it('a cost is named by its id alone, or by its origin', async () => {
    const [item] = await read('/costs');
    const { body } = await kilde.api('PUT', '/costs', {
      items: [{ id: item.id, day: item.day, source: 'google', amount: 1, currency: 'NOK' }],
    });
    expect(body.errors).toEqual([
      { location: 'body.items[0].source', message: 'cannot be changed: the cost is named by its id.' },
    ]);
  });
});
