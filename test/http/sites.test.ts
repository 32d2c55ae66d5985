import { beforeEach, describe, expect, it } from 'vitest';
import { locations, settingsVersion } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const defaults = {
  domains: [],
  timeZone: 'Europe/Oslo',
  country: null,
  lookBackDays: 90,
  consent: 'off',
  utmTracking: true,
  ignoredReferrers: [],
  channelRules: [],
};

it('has a default site from the start', async () => {
  const { status, body } = await kilde.api('GET', '/sites?count=true');
  expect(status).toBe(200);
  expect(body).toEqual({
    items: [
      { id: 'default', name: 'Default site', isDefault: true, createdAt: '1970-01-01T00:00:00.000Z', ...defaults },
    ],
    nextCursor: null,
    count: 1,
  });
});

it('adds, shows, changes and deletes a site, and raises the version of the settings each time it changes', async () => {
  const before = await settingsVersion(kilde);
  const made = await kilde.api('POST', '/sites', { name: ' Shop ', slug: 'shop', domains: ['Shop.Example.com'] });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    ...defaults,
    id: 'shop',
    name: 'Shop',
    isDefault: false,
    domains: ['shop.example.com'],
    createdAt: '2026-09-01T10:00:00.000Z',
  });
  expect(await settingsVersion(kilde)).toBe(before + 1);

  const changes = { timeZone: 'Asia/Tokyo', lookBackDays: 30, consent: 'required', utmTracking: false };
  const changed = await kilde.api('PATCH', '/sites/shop', changes);
  expect(changed).toEqual({ status: 200, body: { ...made.body, ...changes } });
  expect(await settingsVersion(kilde)).toBe(before + 2);
  expect(await kilde.api('GET', '/sites/shop')).toEqual(changed);

  expect((await kilde.api('PATCH', '/sites/shop', {})).body).toEqual(changed.body);
  expect(await settingsVersion(kilde)).toBe(before + 2);

  expect(await kilde.api('DELETE', '/sites/shop')).toEqual({ status: 204, body: null });
  expect(await settingsVersion(kilde)).toBe(before + 3);
  expect((await kilde.api('GET', '/sites/shop')).status).toBe(404);
});

it('gives a site a key of its own where none is asked for', async () => {
  const made = await kilde.api('POST', '/sites', { name: 'Shop' });
  expect(made.body.id).toMatch(/^[2-9a-z]{10}$/);
  expect((await kilde.api('GET', `/sites/${made.body.id}`)).status).toBe(200);
});

describe('domains', () => {
  it('are compared as host names', async () => {
    const domains = ['WWW.Firma.no', 'firma.no', 'Blåbær.no', 'localhost', '127.0.0.1', 'a.example.com.'];
    const { body } = await kilde.api('PATCH', '/sites/default', { domains });
    expect(body.domains).toEqual(['firma.no', 'xn--blbr-roah.no', 'localhost', '127.0.0.1', 'a.example.com']);
  });

  it.each([
    'https://firma.no',
    'firma.no/',
    'firma.no/shop',
    'firma.no:443',
    '*.firma.no',
    'fir ma.no',
    '',
    'firma..no',
    '[::1]',
    'kari@firma.no',
  ])('are no host name as %j, and the error says which', async (domain) => {
    const { status, body } = await kilde.api('PATCH', '/sites/default', { domains: ['firma.no', domain] });
    expect(status).toBe(422);
    expect(body.code).toBe('invalid_input');
    expect(locations(body)).toEqual(['body.domains[1]']);
  });

  it('decide at once what a touch is a touch of', async () => {
    await kilde.request('/t?u=https%3A%2F%2Fshop.example.com%2F');
    await kilde.api('POST', '/sites', { name: 'Shop', slug: 'shop', domains: ['shop.example.com'] });
    const settings = await kilde.deps.settings.current(() => {});
    expect(settings.sites.map(({ key }) => key)).toEqual(['default', 'shop']);
  });
});

it.each([
  [{ name: '' }, 'body.name'],
  [{ name: 'x'.repeat(201) }, 'body.name'],
  [{ name: 'a\u0000b' }, 'body.name'],
  [{ name: 7 }, 'body.name'],
  [{ timeZone: 'Norway/Oslo' }, 'body.timeZone'],
  [{ lookBackDays: 0 }, 'body.lookBackDays'],
  [{ lookBackDays: 3651 }, 'body.lookBackDays'],
  [{ lookBackDays: 1.5 }, 'body.lookBackDays'],
  [{ consent: 'maybe' }, 'body.consent'],
  [{ utmTracking: 'yes' }, 'body.utmTracking'],
  [{ ignoredReferrers: ['https://vipps.no'] }, 'body.ignoredReferrers[0]'],
  [{ channelRules: [{ channel: 'X', when: {} }] }, 'body.channelRules[0].when'],
  [
    { channelRules: [{ channel: 'X', when: { source: { op: 'matches', value: 'a' } } }] },
    'body.channelRules[0].when.source.op',
  ],
  [{ isDefault: false }, 'body.isDefault'],
  [{ domain: 'firma.no' }, 'body.domain'],
])('refuses %j at its place', async (changes, location) => {
  const before = await settingsVersion(kilde);
  for (const answer of [
    await kilde.api('PATCH', '/sites/default', changes),
    await kilde.api('POST', '/sites', { name: 'Shop', ...changes }),
  ]) {
    expect(answer.status).toBe(422);
    expect(locations(answer.body)).toEqual([location]);
  }
  expect(await settingsVersion(kilde)).toBe(before);
});

it('needs a name, and a slug that nobody has', async () => {
  expect(locations((await kilde.api('POST', '/sites', {})).body)).toEqual(['body.name']);
  expect(locations((await kilde.api('POST', '/sites', { name: 'A', slug: 'Å' })).body)).toEqual(['body.slug']);
  expect((await kilde.api('POST', '/sites', { name: 'A', slug: 'default' })).status).toBe(409);
});

it('answers 404 for a site there is not', async () => {
  expect((await kilde.api('GET', '/sites/none')).status).toBe(404);
  expect((await kilde.api('PATCH', '/sites/none', { name: 'A' })).status).toBe(404);
  expect((await kilde.api('PATCH', '/sites/none', { channelRules: [] })).status).toBe(404);
  expect((await kilde.api('PATCH', '/sites/none', {})).status).toBe(404);
  expect((await kilde.api('DELETE', '/sites/none')).status).toBe(404);
});

it('keeps the default site, and sites with forms, links or recorded origins', async () => {
  expect((await kilde.api('DELETE', '/sites/default')).status).toBe(409);

  await kilde.api('POST', '/sites', { name: 'Forms', slug: 'forms' });
  await kilde.api('POST', '/forms', { name: 'Demo', siteId: 'forms', slug: 'demo' });
  expect((await kilde.api('DELETE', '/sites/forms')).status).toBe(409);
  await kilde.api('DELETE', '/forms/demo');
  expect((await kilde.api('DELETE', '/sites/forms')).status).toBe(409);

  await kilde.api('POST', '/sites', { name: 'Links', slug: 'links' });
  await kilde.api('POST', '/links', { page: 'https://firma.no', siteId: 'links', source: 'a', medium: 'b' });
  expect((await kilde.api('DELETE', '/sites/links')).status).toBe(409);
  expect((await kilde.api('GET', '/sites')).body.items).toHaveLength(3);
});

it('pages', async () => {
  for (const slug of ['a', 'b', 'c']) await kilde.api('POST', '/sites', { name: slug, slug });
  const first = await kilde.api('GET', '/sites?limit=3&count=true');
  expect(first.body.items.map(({ id }: { id: string }) => id)).toEqual(['c', 'b', 'a']);
  expect(first.body.count).toBe(4);
  const second = await kilde.api('GET', `/sites?limit=3&cursor=${first.body.nextCursor}`);
  expect(second.body.items.map(({ id }: { id: string }) => id)).toEqual(['default']);
  expect(second.body.nextCursor).toBeNull();
  expect(locations((await kilde.api('GET', '/sites?cursor=x')).body)).toEqual(['query.cursor']);
  expect(locations((await kilde.api('GET', '/sites?limit=0')).body)).toEqual(['query.limit']);
  expect(locations((await kilde.api('GET', '/sites?page=2')).body)).toEqual(['query.page']);
});
