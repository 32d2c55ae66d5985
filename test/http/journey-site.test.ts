import { beforeEach, describe, expect, it } from 'vitest';
import { packJourney } from '../../src/domain/attribution/journey.ts';
import type { QueuedSubmission } from '../../src/services/capture/queue-submission.ts';
import { applySubmission } from '../../src/services/capture/apply-submission.ts';
import { createTestApp, journeyKey } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let queued: QueuedSubmission[];
/** Cookies of one browser, for a domain that both sites share. */
let cookies: Map<string, string>;

beforeEach(async () => {
  queued = [];
  cookies = new Map();
  kilde = await createTestApp({
    env: { SUBMISSIONS: { send: async (message: QueuedSubmission) => void queued.push(message) } as never },
  });
  for (const slug of ['a', 'b']) {
    const { body: site } = await kilde.api('POST', '/sites', { name: slug, slug, domains: [`${slug}.example.com`] });
    await kilde.api('POST', '/forms', { name: slug, slug: `form-${slug}`, siteId: site.id });
  }
  await kilde.api('POST', '/forms', { name: 'Default', slug: 'form-default' });
});

async function arrive(site: string, source: string): Promise<void> {
  const page = `https://${site}.example.com/?utm_source=${source}&utm_medium=email`;
  const response = await kilde.request(`/t?site=${site}&u=${encodeURIComponent(page)}`, { headers: cookieHeader() });
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(response.headers.get('set-cookie') ?? '') ?? [];
  if (name) cookies.set(name, value!);
}

const cookieHeader = (): Record<string, string> =>
  cookies.size === 0 ? {} : { cookie: Array.from(cookies, (pair) => pair.join('=')).join('; ') };

let people = 0;
/** The source of the lead creation of somebody new. */
async function sourceAt(form: string, fields: Record<string, string> = {}, headers = cookieHeader()): Promise<unknown> {
  const email = `p${(people += 1)}@firma.no`;
  expect((await kilde.submit(form, { email, ...fields }, { headers })).status).toBe(201);
  const { body } = await kilde.api('GET', `/people?email=${email}`);
  return body.items[0].leadCreation.source;
}

it('a journey of another site is not a journey, neither as a cookie nor as a field', async () => {
  await arrive('a', 'linkedin');
  expect(await sourceAt('form-a')).toBe('linkedin');
  expect(await sourceAt('form-b')).toBeNull();
  const cross = await kilde.request('/t?site=a&u=https://a.example.com/?utm_source=facebook', {
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://a.example.com' },
  });
  const { journey } = await cross.json<{ journey: string }>();
  expect(await sourceAt('form-a', { _journey: journey }, {})).toBe('facebook');
  expect(await sourceAt('form-b', { _journey: journey }, {})).toBeNull();
  // It is not continued either.
  const next = await kilde.request(`/t?site=b&u=https://b.example.com/&j=${journey}`, {
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://b.example.com' },
  });
  const other = await next.json<{ journey: string }>();
  expect((await kilde.deps.signer.read(other.journey))!.journey).toHaveLength(1);
  expect((await kilde.deps.signer.read(other.journey))!.site).toBe('b');
});

it('two sites of one domain keep a journey each in one browser', async () => {
  await arrive('a', 'linkedin');
  await arrive('b', 'newsletter');
  await arrive('a', 'facebook');
  await arrive('b', 'partner');
  expect([...cookies.keys()]).toEqual(['kilde_journey', 'kilde_journey_b']);
  expect(await sourceAt('form-a')).toBe('facebook');
  expect(await sourceAt('form-b')).toBe('partner');
  const withdrawn = await kilde.request('/t?site=b&c=0&u=https://b.example.com/', { headers: cookieHeader() });
  expect(withdrawn.headers.get('set-cookie')).toMatch(/^kilde_journey_b=;/);
});

it('a field of this site counts where the cookie is another site’s', async () => {
  await arrive('a', 'linkedin');
  const journey = await kilde.deps.signer.sign(
    [{ ...(await kilde.deps.signer.verify(cookies.get('kilde_journey')))![0]!, referrerHost: null }],
    'b',
  );
  expect(await sourceAt('form-b', { _journey: journey })).toBe('linkedin');
});

describe('the default site', () => {
  it('takes any page until it has domains, and so any page’s journey', async () => {
    await arrive('a', 'linkedin');
    expect(await sourceAt('form-default')).toBe('linkedin');
    await kilde.api('PATCH', '/sites/default', { domains: ['www.example.com'] });
    expect(await sourceAt('form-default')).toBeNull();
  });

  it('gives its journeys to no other site', async () => {
    await arrive('default', 'linkedin');
    expect(await sourceAt('form-default')).toBe('linkedin');
    expect(await sourceAt('form-a')).toBeNull();
  });
});

it('a token from before tokens named a site is every site’s', async () => {
  await arrive('a', 'linkedin');
  const journey = (await kilde.deps.signer.verify(cookies.get('kilde_journey')))!;
  cookies.set('kilde_journey', await signAsBefore(packJourney(journey, 2_000)));
  expect(await sourceAt('form-a')).toBe('linkedin');
  expect(await sourceAt('form-b')).toBe('linkedin');
  await arrive('b', 'newsletter');
  expect(await kilde.deps.signer.read(cookies.get('kilde_journey'))).toMatchObject({ site: 'b', journey: [{}, {}] });
});

it('is asked of a submission that was queued before its form was known', async () => {
  await arrive('a', 'linkedin');
  const signed = cookieHeader();
  kilde.deps.settings.invalidate();
  kilde.breakDatabase(async () => new Response('away', { status: 503 }));
  for (const form of ['form-a', 'form-b']) {
    expect((await kilde.submit(form, { email: `${form}@firma.no` }, { headers: signed })).status).toBe(201);
  }
  kilde.breakDatabase(null);
  expect(queued).toHaveLength(2);
  for (const message of queued) await applySubmission(kilde.deps, JSON.parse(JSON.stringify(message)));
  const sources = await Promise.all(
    ['form-a', 'form-b'].map(
      async (form) => (await kilde.api('GET', `/people?email=${form}@firma.no`)).body.items[0].leadCreation.source,
    ),
  );
  expect(sources).toEqual(['linkedin', null]);
});

/** A token as it was made before 2026-11-28: the packed journey alone. */
async function signAsBefore(packed: string): Promise<string> {
  const base64url = { alphabet: 'base64url', omitPadding: true } as const;
  const secret = Uint8Array.from(atob(journeyKey.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const payload = new TextEncoder().encode(packed).toBase64(base64url);
  const signed = new TextEncoder().encode(`eyJhbGciOiJIUzI1NiJ9.${payload}`);
  return payload + new Uint8Array(await crypto.subtle.sign('HMAC', key, signed)).toBase64(base64url);
}
