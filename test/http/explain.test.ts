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
    rules: { origin: { rule: 'utm' }, channel: { from: 'default' } },
    passedOver: [
      { evidence: 'clickId', value: 'gclid', reason: 'utmWins' },
      { evidence: 'referrer', reason: 'utmWins' },
    ],
  });
});

it('is direct where nothing is known', async () => {
  expect((await explain({})).body).toMatchObject({ channel: 'Direct', rules: { origin: { rule: 'direct' } } });
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
  await kilde.api('POST', '/aliases', { field: 'source', from: 'linked-in', to: 'linkedin' });
  expect((await explain({ u })).body).toMatchObject({
    site: 'shop',
    canonical: { source: 'linkedin' },
    channel: 'Ours',
    rules: { channel: { from: 'site', row: 1 } },
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
  expect(locations((await explain({ site: 'none' })).body)).toEqual(['query.site']);
  expect(locations((await explain({ url: 'x' })).body)).toEqual(['query.url']);
});
