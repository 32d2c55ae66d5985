import { beforeEach, describe, expect, it } from 'vitest';
import { locations, settingsVersion } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const dayMs = 24 * 60 * 60 * 1000;

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp({ env: { TURNSTILE_SECRET: 'the-secret' } });
});

it('needs only a name', async () => {
  const { status, body } = await kilde.api('POST', '/forms', { name: 'Demo' });
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.stringMatching(/^[2-9a-hj-np-z]{10}$/),
    name: 'Demo',
    action: `https://edge.example.com/f/${body.id}`,
    site: { id: 'default', name: 'Default site' },
    enabled: true,
    closesAt: null,
    closesAfter: null,
    utmTracking: true,
    allowedOrigins: [],
    fieldMapping: {},
    redirectUrl: null,
    honeypotField: '_gotcha',
    minimumSeconds: 0,
    turnstile: false,
    consents: [],
    defaultCategory: null,
    selection: null,
    notify: [],
    language: null,
    thankYou: null,
    closedText: null,
    autoReply: null,
    storeFiles: true,
    mode: 'automatic',
    createdAt: '2026-09-01T10:00:00.000Z',
  });
  expect((await kilde.submit(body.id, { email: 'kari@firma.no' })).status).toBe(201);
});

it('takes every setting, shows it, and takes it back', async () => {
  await kilde.api('POST', '/sites', { name: 'Shop', slug: 'shop' });
  await kilde.api('POST', '/selections', { name: 'Newsletter', entity: 'person' });
  const made = await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  const changes = {
    name: 'Webinar',
    enabled: false,
    closesAfter: 100,
    utmTracking: false,
    fieldMapping: { email: 'Din e-post', phone: '' },
    redirectUrl: 'https://firma.no/takk?x=1',
    honeypotField: 'website2',
    minimumSeconds: 3,
    turnstile: true,
    consents: [{ field: 'ok', purpose: 'newsletter', text: null, doubleOptIn: false }],
    language: 'no',
    thankYou: 'Takk!',
    closedText: 'Stengt',
    autoReply: { subject: 'Hei', text: 'Takk' },
    mode: 'manualIfUnknown',
  };
  const changed = await kilde.api('PATCH', '/forms/demo', {
    ...changes,
    siteId: 'shop',
    closesAt: '2026-10-01T12:00:00+02:00',
    allowedOrigins: ['https://Firma.no', 'firma.no', 'http://localhost:3000', 'cdn.example.com'],
    defaultCategoryId: '2',
    selectionId: '1',
    notify: [{ kind: 'email', to: ['Ola@Firma.no'] }],
    consents: [{ field: 'ok', purpose: 'newsletter' }],
  });
  expect(changed).toEqual({
    status: 200,
    body: {
      ...made.body,
      ...changes,
      site: { id: 'shop', name: 'Shop' },
      closesAt: '2026-10-01T10:00:00.000Z',
      allowedOrigins: ['firma.no', 'localhost', 'cdn.example.com'],
      defaultCategory: { id: '2', name: 'Customer' },
      selection: { id: '1', name: 'Newsletter' },
      notify: [{ kind: 'email', to: ['ola@firma.no'] }],
    },
  });
  expect((await kilde.api('GET', '/forms/demo')).body).toEqual(changed.body);

  const none = { closesAt: null, closesAfter: null, redirectUrl: null };
  const emptied = { ...none, defaultCategoryId: null, selectionId: null };
  expect((await kilde.api('PATCH', '/forms/demo', emptied)).body).toEqual({
    ...changed.body,
    ...none,
    defaultCategory: null,
    selection: null,
  });
});

it('raises the version of the settings with every change, so that what is prepared before is not stored after', async () => {
  const version = await settingsVersion(kilde);
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  await kilde.api('PATCH', '/forms/demo', { name: 'Demo 2' });
  await kilde.api('DELETE', '/forms/demo');
  expect(await settingsVersion(kilde)).toBe(version + 3);
});

it('closes and opens a form at once', async () => {
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  expect((await kilde.submit('demo', { email: 'a@firma.no' })).status).toBe(201);
  await kilde.api('PATCH', '/forms/demo', { enabled: false });
  expect((await kilde.submit('demo', { email: 'b@firma.no' })).status).toBe(410);
  await kilde.api('PATCH', '/forms/demo', { enabled: true });
  expect((await kilde.submit('demo', { email: 'c@firma.no' })).status).toBe(201);
});

it('puts the people of a form into its selection', async () => {
  await kilde.api('POST', '/selections', { name: 'Newsletter', entity: 'person' });
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo', selectionId: '1' });
  await kilde.submit('demo', { email: 'kari@firma.no', first_name: 'Kari' });
  expect((await kilde.api('GET', '/selections/1/members')).body.items).toMatchObject([{ id: '1', firstName: 'Kari' }]);
});

it('takes a form away and keeps what was sent by it', async () => {
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  await kilde.submit('demo', { email: 'kari@firma.no' });
  expect(await kilde.api('DELETE', '/forms/demo')).toEqual({ status: 204, body: null });
  expect((await kilde.submit('demo', { email: 'ola@firma.no' })).status).toBe(404);
  for (const [method, path, body] of [
    ['GET', '/forms/demo'],
    ['GET', '/forms/demo/statistics'],
    ['PATCH', '/forms/demo', { name: 'A' }],
    ['PATCH', '/forms/demo', {}],
    ['DELETE', '/forms/demo'],
  ] as const) {
    expect((await kilde.api(method, path, body)).status).toBe(404);
  }
  expect((await kilde.api('GET', '/forms?count=true')).body).toEqual({ items: [], nextCursor: null, count: 0 });
  expect(await kilde.sql('SELECT count(*) AS n FROM submission')).toEqual([{ n: 1 }]);
  expect((await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' })).status).toBe(409);
});

it('lists the newest first, by pages', async () => {
  for (const slug of ['a', 'b', 'c']) await kilde.api('POST', '/forms', { name: slug, slug });
  const first = await kilde.api('GET', '/forms?limit=2&count=true');
  expect(first.body.items.map(({ id, action }: { id: string; action: string }) => [id, action])).toEqual([
    ['c', 'https://edge.example.com/f/c'],
    ['b', 'https://edge.example.com/f/b'],
  ]);
  expect(first.body.count).toBe(3);
  const second = await kilde.api('GET', `/forms?limit=2&cursor=${first.body.nextCursor}`);
  expect(second.body).toMatchObject({ items: [{ id: 'a' }], nextCursor: null });
});

it.each([
  [{ name: ' ' }, 'body.name'],
  [{ siteId: 'none' }, 'body.siteId'],
  [{ enabled: 1 }, 'body.enabled'],
  [{ closesAt: '2026-13-01' }, 'body.closesAt'],
  [{ closesAt: 0 }, 'body.closesAt'],
  [{ closesAfter: 0 }, 'body.closesAfter'],
  [{ allowedOrigins: ['https://firma.no/path'] }, 'body.allowedOrigins[0]'],
  [{ fieldMapping: { mail: 'x' } }, 'body.fieldMapping.mail'],
  [{ fieldMapping: { email: 7 } }, 'body.fieldMapping.email'],
  [{ redirectUrl: 'javascript:alert(1)' }, 'body.redirectUrl'],
  [{ redirectUrl: '/takk' }, 'body.redirectUrl'],
  [{ redirectUrl: 'ftp://firma.no' }, 'body.redirectUrl'],
  [{ honeypotField: '' }, 'body.honeypotField'],
  [{ minimumSeconds: -1 }, 'body.minimumSeconds'],
  [{ turnstile: 'on' }, 'body.turnstile'],
  [{ consents: [{ field: 'a', purpose: 'b' }, { field: 'a' }] }, 'body.consents[1].purpose'],
  [{ consents: [{ field: 'a', purpose: 'b', when: 'c' }] }, 'body.consents[0].when'],
  [{ defaultCategoryId: '99' }, 'body.defaultCategoryId'],
  [{ selectionId: '99' }, 'body.selectionId'],
  [{ selectionId: 'x' }, 'body.selectionId'],
  [{ notify: [{ kind: 'email', to: ['ola@firma.no', 'ola'] }] }, 'body.notify[0].to[1]'],
  [{ key: 'x' }, 'body.key'],
])('refuses %j at its place', async (changes, location) => {
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  for (const answer of [
    await kilde.api('PATCH', '/forms/demo', changes),
    await kilde.api('POST', '/forms', { name: 'Demo', ...changes }),
  ]) {
    expect(answer.status).toBe(422);
    expect(locations(answer.body)).toEqual([location]);
  }
});

it('refuses a selection of companies, and a slug that is taken or no slug', async () => {
  await kilde.api('POST', '/selections', { name: 'Firms', entity: 'company' });
  expect(locations((await kilde.api('POST', '/forms', { name: 'A', selectionId: '1' })).body)).toEqual([
    'body.selectionId',
  ]);
  await kilde.api('POST', '/forms', { name: 'A', slug: 'a' });
  expect((await kilde.api('POST', '/forms', { name: 'A', slug: 'a' })).status).toBe(409);
  expect(locations((await kilde.api('POST', '/forms', { name: 'A', slug: 'A b' })).body)).toEqual(['body.slug']);
  expect(locations((await kilde.api('PATCH', '/forms/a', { slug: 'b' })).body)).toEqual(['body.slug']);
});

describe('statistics', () => {
  const statistics = async (form = 'demo') => (await kilde.api('GET', `/forms/${form}/statistics`)).body;

  beforeEach(async () => {
    await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  });

  it('are zero before anything was sent', async () => {
    expect(await statistics()).toEqual({
      total: 0,
      last7Days: 0,
      usualWeek: null,
      newLeads: 0,
      newLeadsLast7Days: 0,
      lastSubmissionAt: null,
      silentSince: null,
      quarantined: 0,
      waitingForApproval: 0,
    });
  });

  it('count submissions and new leads, in all and in today and the six days before', async () => {
    await kilde.submit('demo', { email: 'a@firma.no' });
    kilde.advance(dayMs);
    await kilde.submit('demo', { email: 'b@firma.no' });
    await kilde.submit('demo', { email: 'a@firma.no', again: '1' });
    kilde.advance(6 * dayMs);
    expect(await statistics()).toEqual({
      total: 3,
      last7Days: 2,
      usualWeek: null,
      newLeads: 2,
      newLeadsLast7Days: 1,
      lastSubmissionAt: '2026-09-02T10:00:00.000Z',
      silentSince: null,
      quarantined: 0,
      waitingForApproval: 0,
    });
    kilde.advance(dayMs);
    expect(await statistics()).toMatchObject({ total: 3, last7Days: 0, newLeads: 2, newLeadsLast7Days: 0 });
  });

  it('count days in the time zone of the site, in one round trip', async () => {
    // 10:00 in UTC is midnight between two days at the edge of the calendar.
    await kilde.api('PATCH', '/sites/default', { timeZone: 'Pacific/Kiritimati' });
    await kilde.submit('demo', { email: 'a@firma.no' });
    kilde.advance(7 * dayMs - 1);
    expect((await statistics()).last7Days).toBe(1);
    kilde.advance(1);
    kilde.roundTrips();
    expect((await statistics()).last7Days).toBe(0);
    expect(kilde.roundTrips()).toBe(1);
  });

  it('of all forms come in one round trip, with a usual week and whether a form is silent', async () => {
    await kilde.api('POST', '/forms', { name: 'A new one', slug: 'new' });
    // Monday 1 June to Sunday 9 August: two on each working day, five on the last Monday; Tuesday 1 September is today.
    for (let at = Date.parse('2026-06-01'); at <= Date.parse('2026-08-10'); at += dayMs) {
      const weekday = new Date(at).getUTCDay();
      if (weekday === 0 || weekday === 6) continue;
      await kilde.sql(
        `INSERT INTO form_day (form_id, day, submissions, new_leads, last_at) SELECT id, ?, ?, 1, ? FROM form WHERE key = 'demo'`,
        [new Date(at).toISOString().slice(0, 10), at === Date.parse('2026-08-10') ? 5 : 2, at],
      );
    }
    kilde.roundTrips();
    const { status, body } = await kilde.api('GET', '/form-statistics');
    expect(kilde.roundTrips()).toBe(1);
    expect(status).toBe(200);
    const none = { total: 0, last7Days: 0, usualWeek: null, silentSince: null };
    expect(body.items).toMatchObject([
      { form: { id: 'new', name: 'A new one' }, ...none },
      // Twelve whole weeks before this one: nine of ten, one of five, two of none.
      {
        form: { id: 'demo', name: 'Demo' },
        total: 105,
        last7Days: 0,
        usualWeek: 10,
        silentSince: '2026-08-10T00:00:00.000Z',
      },
    ]);
    expect(await statistics()).toMatchObject({ total: 105, usualWeek: 10 });
  });

  it('leave other forms out', async () => {
    await kilde.api('POST', '/forms', { name: 'Other', slug: 'other' });
    await kilde.submit('demo', { email: 'a@firma.no' });
    expect((await statistics('other')).total).toBe(0);
  });
});
