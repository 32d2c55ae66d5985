import { beforeEach, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const explain = async (query: Record<string, string>) => kilde.api('GET', `/explain?${new URLSearchParams(query)}`);

it('says where an arrival came from, by which rules, and what was passed over', async () => {
  const { status, body } = await explain({
    u: 'https://firma.no/demo?utm_source=LinkedIn&utm_medium=paid-social&utm_campaign=Webinar&gclid=AbC#top',
    r: 'https://www.facebook.com/',
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    site: 'default',
    origin: {
      source: 'LinkedIn',
      medium: 'paid-social',
      campaign: 'Webinar',
      channel: 'Paid Social',
      clickId: { name: 'gclid', value: 'AbC' },
      landingPage: 'https://firma.no/demo',
    },
    canonical: { source: 'linkedin', medium: 'paid-social', campaign: 'webinar', term: null },
    channel: 'Paid Social',
    language: 'en',
    rules: {
      origin: { rule: 'utm', text: 'The utm values in the address say where the visitor came from.' },
      channel: {
        from: 'default',
        row: 5,
        text: 'Paid Social by rule 5 of the default table: a social network and a paid medium.',
      },
    },
    passedOver: [
      {
        evidence: 'clickId',
        name: 'gclid',
        reason: 'utmWins',
        text: 'gclid was not used, because utm values in the address come first.',
      },
      { evidence: 'referrer', value: 'facebook.com', reason: 'utmWins' },
    ],
  });
});

it('is direct where nothing is known', async () => {
  expect((await explain({ u: 'https://firma.no/' })).body).toMatchObject({
    channel: 'Direct',
    rules: { origin: { rule: 'direct' } },
  });
});

it('goes by corrections and the rules of the site, as soon as they are made', async () => {
  const u = 'https://shop.firma.no/?utm_source=Linked-In&utm_medium=cpc';
  expect((await explain({ u })).body).toMatchObject({ site: 'default', channel: 'Paid Other' });
  await kilde.api('POST', '/sites', {
    name: 'Shop',
    slug: 'shop',
    domains: ['shop.firma.no'],
    channelRules: [{ channel: 'Ours', when: { source: { op: 'equals', value: 'linkedin' } } }],
  });
  await kilde.api('POST', '/aliases', { field: 'source', values: 'linked-in', canonical: 'linkedin' });
  expect((await explain({ u })).body).toMatchObject({
    site: 'shop',
    canonical: { source: 'linkedin' },
    channel: 'Ours',
    rules: { channel: { from: 'site', row: 1, when: 'source equals linkedin' } },
  });
  expect((await explain({ u, site: 'default' })).body).toMatchObject({ site: 'default', channel: 'Paid Social' });
});

it('takes a page of the site itself for no referrer', async () => {
  await kilde.api('PATCH', '/sites/default', { domains: ['firma.no', 'firma.com'] });
  const arrival = { u: 'https://firma.no/', r: 'https://www.firma.com/' };
  expect((await explain(arrival)).body).toMatchObject({ channel: 'Direct', origin: { referrerDomain: null } });
  await kilde.api('PATCH', '/sites/default', { domains: ['firma.no'] });
  expect((await explain(arrival)).body).toMatchObject({ channel: 'Referral', origin: { referrerDomain: 'firma.com' } });
});

it('knows what another isolate changed a minute ago', async () => {
  const u = 'https://firma.no/?utm_source=a';
  await explain({ u });
  await kilde.sql(`UPDATE site SET channel_rules = '[{"channel":"X","when":{"source":{"op":"equals","value":"a"}}}]'`);
  kilde.advance(60_001);
  expect((await explain({ u })).body.channel).toBe('X');
});

it('refuses a site there is not, and what it is not asked with', async () => {
  const u = 'https://firma.no/';
  expect(locations((await explain({ u, site: 'none' })).body)).toEqual(['query.site']);
  expect(locations((await explain({ u, url: 'x' })).body)).toEqual(['query.url']);
  expect(locations((await explain({ u, language: 'de' })).body)).toEqual(['query.language']);
});

it.each([
  {},
  { u: '' },
  { u: 'firma.no' },
  { u: '/kurs?utm_source=a' },
  { u: 'javascript:alert(1)' },
  { u: 'https://' },
])('refuses %j: the address of a page is needed', async (query) => {
  const { status, body } = await explain(query);
  expect(status).toBe(422);
  expect(locations(body)).toEqual(['query.u']);
});

it('speaks Norwegian, with the same codes', async () => {
  const query = { u: 'https://firma.no/?utm_source=null&gclid=x', r: 'https://www.linkedin.com/' };
  const [english, norwegian] = [(await explain(query)).body, (await explain({ ...query, language: 'no' })).body];
  const codes = ({ rules, passedOver, evidence }: any) => [
    rules.origin.rule,
    rules.channel.row,
    passedOver.map(({ reason }: any) => reason),
    evidence.map(({ name, use }: any) => [name, use]),
  ];
  expect(codes(norwegian)).toEqual(codes(english));
  expect(norwegian.language).toBe('no');
  expect(norwegian.passedOver.map(({ text }: any) => text)).toEqual([
    'utm_source er «null», som verktøy skriver når de ikke har noe. Det er ingen verdi.',
    'Klikk-ID-en gclid er gammel: lenken er kopiert, og den besøkende kom fra et annet sted.',
  ]);
});

it('tells that a page shows part of an earlier click', async () => {
  const { body } = await explain({
    u: 'https://firma.no/kontakt?gclid=G2',
    earlier: 'https://firma.no/?utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=G2',
  });
  expect(body).toMatchObject({ origin: { campaign: 'brand' }, rules: { origin: { rule: 'sameClick' } } });
});

it.each([
  [
    'https://firma.no/a?utm_source=LinkedIn&utm_medium=paid-social&utm_campaign=Webinar&gclid=AbC',
    'https://www.facebook.com/',
  ],
  ['https://firma.no/a', 'https://www.google.com/search'],
  ['https://firma.no/a', 'https://docs.google.com/document/1'],
  ['https://firma.no/a?gclid=AbC&msclkid=x', ''],
  ['https://firma.no/a?fbclid=IwAR1', 'https://l.facebook.com/'],
  ['https://firma.no/a?utm_campaign=only', ''],
  ['https://firma.no/a?utm_source=Partner%20A&utm_medium=email', 'https://partner.no/inbox'],
  ['https://firma.no/a', 'android-app://com.google.android.gm/'],
])('explains a stored touch as its arrival was explained: %s from %s', async (u, r) => {
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
  const sent = await kilde.submit('contact', { email: 'kari@annet.no', _page: u, _ref: r });
  expect(sent.status).toBe(201);
  const { items } = (await kilde.api('GET', '/touches')).body;
  const journey = (await kilde.api('GET', `/people/${items[0].person.id}/journey`)).body;
  expect(journey.items.map(({ id }: { id: string }) => id)).toEqual([items[0].id]);
  const touch = await kilde.api('GET', `/touches/${items[0].id}/explanation?language=no`);
  const arrival = await explain({ u, ...(r === '' ? {} : { r }), language: 'no' });
  expect(touch.status).toBe(200);
  expect(touch.body).toEqual({ ...arrival.body, evidence: touch.body.evidence });
});

it('has no explanation of a touch that is not there', async () => {
  expect((await kilde.api('GET', '/touches/7/explanation')).status).toBe(404);
});
