import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const origin = 'http://site.internal:3000';
const front = 'https://www.example.com';

let kilde: TestApp;
/** What went to the site, and how it answers. */
let sent: Request[];
let answer: () => Response;

beforeEach(async () => {
  sent = [];
  answer = () => new Response('<p>Page', { headers: { 'content-type': 'text/html' } });
  kilde = await createTestApp({
    env: { PASS_THROUGH_HOSTS: 'www.example.com', PASS_THROUGH_ORIGIN: origin },
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return answer();
    },
  });
});

const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' };
const open = (path: string, headers: Record<string, string> = {}, base = front) =>
  kilde.request(base + path, { headers: { ...navigation, ...headers } });
const journeyOf = async (response: Response) => {
  const token = /kilde_journey=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
  return token === undefined ? null : kilde.deps.signer.verify(token);
};

describe('requests', () => {
  it('hand the site its own cookies, never those by which users of Kilde are signed in', async () => {
    await open('/', {
      cookie:
        'cart=7; __Host-kilde_session=abc.def; kilde_session=x; theme=dark; __Host-kilde_sign_in=y; __Host-kilde_device=z',
    });
    await open('/', { cookie: '__Host-kilde_session=abc.def' });
    await open('/', { cookie: 'mykilde_session=1; kilde_journey=j' });
    expect(sent.map(({ headers }) => headers.get('cookie'))).toEqual([
      'cart=7; theme=dark',
      null,
      'mykilde_session=1; kilde_journey=j',
    ]);
  });

  it('go to the configured origin and nowhere else', async () => {
    const part = fc.constantFrom(
      '/',
      '//',
      '/\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '@',
      'u:p@',
      ':80',
      '?',
      'evil.test',
      '[::1]',
      'x',
      '%0a',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 7 }), async (parts) => {
        sent.length = 0;
        const response = await kilde.request(`${front}/${parts.join('')}`, { headers: { cookie: 'session=1' } });
        expect(response.status).toBe(200);
        expect(sent.map(({ url }) => new URL(url).origin)).toEqual([origin]);
      }),
    );
  });

  it('keep method, body and the other headers', async () => {
    await kilde.request(`${front}/kjop?a=1`, {
      method: 'POST',
      body: 'x=1',
      headers: { cookie: 'session=1', authorization: 'Bearer t', 'content-type': 'text/plain' },
    });
    const [request] = sent;
    expect([request!.method, request!.url, await request!.text()]).toEqual(['POST', `${origin}/kjop?a=1`, 'x=1']);
    expect(Object.fromEntries(request!.headers)).toMatchObject({
      cookie: 'session=1',
      authorization: 'Bearer t',
      'content-type': 'text/plain',
    });
  });

  it('say truly who asked for what, and nothing that the client made up', async () => {
    await open('/', {
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'gopher',
      'x-forwarded-port': '1',
      x_forwarded_for: '1.2.3.4',
      forwarded: 'for=1.2.3.4;host=evil.test',
      'x-real-ip': '1.2.3.4',
      'true-client-ip': '1.2.3.4',
      'cf-connecting-ip': '192.0.2.7',
    });
    const headers = Object.fromEntries(sent[0]!.headers);
    expect(headers).toMatchObject({
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-host': 'www.example.com',
      'x-forwarded-proto': 'https',
    });
    expect(JSON.stringify(headers)).not.toMatch(/1\.2\.3\.4|evil|gopher|x-forwarded-port|"forwarded"/);
  });

  it.each(['https://WWW.Example.com', 'https://www.example.com.', 'https://www.example.com:8443'])(
    'to %s are for the same host',
    async (base) => {
      expect(await (await open('/', {}, base)).text()).toBe('<p>Page');
      expect((await open('/_kilde/health', {}, base)).status).toBe(200);
      expect(sent).toHaveLength(1);
    },
  );

  it('come back with the site’s redirect, which is not followed', async () => {
    answer = () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1:8788/' } });
    const response = await open('/old');
    expect([response.status, response.headers.get('location'), sent.length]).toEqual([
      302,
      'http://127.0.0.1:8788/',
      1,
    ]);
  });

  it('are answered 502 where the site is away, and 508 where its address is Kilde’s own', async () => {
    answer = () => {
      throw new Error('refused');
    };
    const away = await open('/');
    expect([away.status, await away.json()]).toMatchObject([502, { code: 'bad_gateway' }]);
    answer = () => new Response('');
    await open('/');
    for (const url of [front, 'http://127.0.0.1:8787']) {
      const again = await kilde.app.fetch(new Request(`${url}/`, { headers: sent.at(-1)!.headers }));
      expect([again.status, await again.json()]).toMatchObject([508, { code: 'loop_detected' }]);
    }
  });
});

it.each([
  ['/_kilde/health', true],
  ['/_kilde', true],
  ['/_kilde/', true],
  ['/_kilde?x=1', true],
  ['/%5Fkilde/health', true],
  ['/%5fk%69lde/health', true],
  ['/x/../_kilde/health', true],
  ['//_kilde/health', false],
  ['/_kilde/../x', false],
  ['/_kilde/%2e%2e/x', false],
  ['/_kildes/health', false],
  ['/x/_kilde/health', false],
  ['/_kilde%2fhealth', false],
  ['/_Kilde/health', false],
])('%s is Kilde’s: %s', async (path, isOwn) => {
  await open(path);
  expect(sent).toHaveLength(isOwn ? 0 : 1);
});

describe('an arrival', () => {
  const redirect =
    (location: string, status = 302) =>
    () =>
      new Response(null, { status, headers: { location } });

  it('counts on a redirect whose address has a mark, since the next one may have lost it', async () => {
    for (const mark of ['utm_source=linkedin&utm_medium=paid-social', 'gclid=abc', 'UTM_Campaign=x']) {
      answer = redirect('/no');
      const journey = await journeyOf(await open(`/?${mark}`));
      expect([mark, journey?.length]).toEqual([mark, 1]);
      answer = redirect('https://annet.example/', 301);
      expect(await journeyOf(await open(`/?${mark}`))).toHaveLength(1);
    }
  });

  it.each<[string, string, Record<string, string>, () => Response]>([
    ['a redirect without a mark', '/?q=1', {}, redirect('/no')],
    ['what is no redirect', '/?utm_source=x', {}, () => new Response(null, { status: 304 })],
    [
      'an error',
      '/?utm_source=x',
      {},
      () => new Response('<p>', { status: 404, headers: { 'content-type': 'text/html' } }),
    ],
    ['a part of a page', '/?utm_source=x', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, redirect('/no')],
    ['the step to HTTPS', '/?utm_source=x', {}, redirect('https://www.example.com/?utm_source=x', 301)],
  ])('does not count on %s', async (what, path, headers, given) => {
    answer = given;
    const base = what === 'the step to HTTPS' ? 'http://www.example.com' : front;
    expect((await open(path, headers, base)).headers.get('set-cookie')).toBeNull();
  });

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'sec-purpose': 'prefetch;anonymous-client-ip' },
    { purpose: 'prefetch' },
    { 'x-moz': 'prefetch' },
  ])('does not count where nobody has opened the page: %j', async (headers) => {
    const token = await kilde.deps.signer.sign([], 'default');
    await kilde.sql(
      "INSERT INTO link (slug, site_id, page, source, medium, created_at) VALUES ('go', 1, 'https://a.no/', 'x', 'y', 0)",
    );
    expect((await open('/?utm_source=x', headers)).headers.get('set-cookie')).toBeNull();
    const touch = '/_kilde/t?u=https://a.no/?utm_source=x';
    expect((await open(touch, headers)).headers.get('set-cookie')).toBeNull();
    const cross = await open(`${touch}&j=${token}`, { ...headers, 'sec-fetch-site': 'cross-site' });
    expect(await cross.json()).toEqual({ journey: token });
    const link = await open('/_kilde/l/go', headers);
    expect([link.status, link.headers.get('set-cookie')]).toEqual([302, null]);
    expect(await kilde.sql('SELECT * FROM link_day')).toEqual([]);
    expect((await open('/_kilde/l/go')).headers.get('set-cookie')).toContain('kilde_journey=');
    expect((await open(touch)).headers.get('set-cookie')).toContain('kilde_journey=');
  });
});
