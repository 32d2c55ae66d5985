import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
const bearer = { authorization: `Bearer ${adminKey}` };

beforeAll(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.api('POST', '/links', { page: 'https://a.no/', source: 'x', medium: 'y', slug: 'go' });
});

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const setOf = (allow: string | null): string[] => (allow ?? '').split(', ').toSorted();

describe('a method that an address does not have', () => {
  it('is answered 405 with those it has, at every path of the API', async () => {
    const { operations } = createApi(kilde.deps);
    const paths = new Map<string, Set<string>>();
    for (const { method, path } of operations) {
      const address = path.replaceAll(/:\w+/g, '1');
      paths.set(address, (paths.get(address) ?? new Set()).add(method.toUpperCase()));
    }
    expect(paths.size).toBeGreaterThan(60);
    // Hono takes `/reports/query` as `/reports/:id` too: what one of the two has, the other one allows.
    const isAmbiguous = (path: string) =>
      operations.some(
        (one) =>
          one.path.includes(':') &&
          one.path !== path &&
          new RegExp(`^${one.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path),
      );
    for (const [path, known] of paths) {
      if (isAmbiguous(path)) continue;
      const expected = [...known, ...(known.has('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted();
      for (const method of methods.filter((one) => !known.has(one))) {
        const { status, headers } = await kilde.request(`/api/v1${path}`, { method, headers: bearer });
        expect([method, path, status, setOf(headers.get('allow'))]).toEqual([method, path, 405, expected]);
      }
      const options = await kilde.request(`/api/v1${path}`, { method: 'OPTIONS' });
      expect([path, options.status, setOf(options.headers.get('allow'))]).toEqual([path, 204, expected]);
    }
  });

  it.each([
    ['/t', ['GET', 'HEAD', 'OPTIONS']],
    ['/l/go', ['GET', 'HEAD', 'OPTIONS']],
    ['/k.js', ['GET', 'HEAD', 'OPTIONS']],
    ['/health', ['GET', 'HEAD', 'OPTIONS']],
    ['/f/demo/thanks', ['GET', 'HEAD', 'OPTIONS']],
    ['/f/demo', ['POST', 'OPTIONS']],
    ['/demo', ['GET', 'HEAD', 'OPTIONS']],
    ['/', ['GET', 'HEAD', 'OPTIONS']],
    ['/app/people/12', ['GET', 'HEAD', 'OPTIONS']],
    ['/demo/restart', ['POST', 'OPTIONS']],
  ])('and at %s', async (path, expected) => {
    for (const method of methods.filter((one) => !expected.includes(one))) {
      const answer = await kilde.request(path, { method });
      expect([method, answer.status, setOf(answer.headers.get('allow'))]).toEqual([method, 405, expected.toSorted()]);
    }
    const options = await kilde.request(path, { method: 'OPTIONS' });
    expect([options.status, setOf(options.headers.get('allow'))]).toEqual([204, expected.toSorted()]);
  });

  it('says so in words, and 404 where there is no address', async () => {
    const { body } = await kilde.api('DELETE', '/fields');
    expect(body).toMatchObject({
      code: 'method_not_allowed',
      detail: 'DELETE is not allowed here. This address takes GET, HEAD, OPTIONS.',
    });
    expect((await kilde.request('/api/v1/no-such', { method: 'OPTIONS', headers: bearer })).status).toBe(404);
    expect((await kilde.request('/no-such', { method: 'OPTIONS' })).status).toBe(404);
  });

  it('HEAD is GET without the body, and records no arrival', async () => {
    const head = await kilde.request('/t?u=https://a.no/?utm_source=x', { method: 'HEAD' });
    expect([head.status, head.headers.get('set-cookie')]).toEqual([204, null]);
    const people = await kilde.request('/api/v1/people', { method: 'HEAD', headers: bearer });
    expect([people.status, await people.text()]).toEqual([200, '']);
  });
});

describe('a request id', () => {
  const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
  it.each<[string, RequestInit, number]>([
    ['/t?u=https://a.no/', {}, 204],
    ['/t', { method: 'OPTIONS' }, 204],
    [
      '/f/demo',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"email":"a@firma.no"}' },
      201,
    ],
    ['/f/demo', { method: 'POST', body: new URLSearchParams({ email: 'b@firma.no' }) }, 303],
    ['/f/demo', { method: 'POST', headers: { accept: 'text/html' }, body: 'x' }, 415],
    ['/f/demo/thanks', {}, 200],
    ['/l/go', {}, 302],
    ['/k.js', {}, 200],
    ['/health', {}, 200],
    ['/demo', {}, 200],
    ['/no-such', {}, 404],
    ['/api/v1/owners', { headers: bearer }, 200],
    ['/api/v1/people/99', { headers: bearer, method: 'DELETE' }, 404],
    ['/api/v1/people', { method: 'OPTIONS' }, 204],
    ['/api/v1/openapi.json', {}, 200],
    ['/api/v1/openapi-settings.json', {}, 200],
    ['/api/v1/no-such', { headers: bearer }, 404],
    ['/api/v1/people', {}, 401],
  ])('stands in the answer of %s', async (path, init, status) => {
    const headers = { ...(init.headers as Record<string, string>), 'x-request-id': 'from-outside' };
    const [first, second] = [await kilde.request(path, { ...init, headers }), await kilde.request(path, init)];
    const ids = [first, second].map((answer) => answer.headers.get('x-request-id'));
    expect([first.status, ids[0]]).toEqual([status, expect.stringMatching(uuid)]);
    expect(ids[1]).not.toBe(ids[0]);
    if (first.headers.get('content-type')?.startsWith('application/problem+json')) {
      expect(await first.json()).toMatchObject({ requestId: ids[0] });
    }
  });
});

describe('an entity tag', () => {
  it.each(['/k.js', '/api/v1/openapi.json', '/api/v1/fields', '/api/v1/reports'])(
    'of %s saves its body',
    async (path) => {
      const first = await kilde.request(path, { headers: bearer });
      const tag = first.headers.get('etag')!;
      expect([first.status, tag]).toEqual([200, expect.stringMatching(/^"[\da-f]{32}"$/)]);
      for (const match of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await kilde.request(path, { headers: { ...bearer, 'if-none-match': match } });
        expect([match, again.status, again.headers.get('etag'), await again.text()]).toEqual([match, 304, tag, '']);
        expect(again.headers.get('x-request-id')).not.toBeNull();
      }
      const other = await kilde.request(path, { headers: { ...bearer, 'if-none-match': '"other"' } });
      expect([other.status, (await other.text()).length > 0]).toEqual([200, true]);
    },
  );

  it('of the fields changes with what they list', async () => {
    const tag = async () => (await kilde.request('/api/v1/fields', { headers: bearer })).headers.get('etag');
    const before = await tag();
    await kilde.api('POST', '/owners', { name: 'Kari' });
    expect(await tag()).not.toBe(before);
  });
});

it('/ leads a browser to the web app, and says what runs here to everybody else', async () => {
  const page = await kilde.request('/', { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('location'), page.headers.get('vary')]).toEqual([302, '/app/', 'Accept']);
  const { name, links } = await (await kilde.request('/')).json<{ name: string; links: Record<string, string> }>();
  expect([name, links]).toEqual([
    'Kilde',
    { app: '/app/', demo: '/demo', reference: '/reference', api: '/api/v1/openapi.json', health: '/health' },
  ]);
  for (const href of Object.values(links)) expect([href, (await kilde.request(href)).status]).toEqual([href, 200]);
  const withoutDemo = await createTestApp({ env: { KILDE_DEMO: '0' } });
  expect(await (await withoutDemo.request('/')).text()).not.toContain('/demo');
});

it('every answer of the API names the limit, and pages of other origins may read the headers', async () => {
  for (const [path, init] of [
    ['/api/v1/owners', { headers: bearer }],
    ['/api/v1/owners', {}],
    ['/api/v1/owners', { method: 'OPTIONS' }],
    ['/api/v1/no-such', { headers: bearer }],
    ['/api/v1/openapi.json', {}],
  ] as Array<[string, RequestInit]>) {
    const { headers } = await kilde.request(path, init);
    expect(headers.get('ratelimit-policy')).toBe('"failed-keys";q=20;w=60');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    for (const name of ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id']) {
      expect(headers.get('access-control-expose-headers')).toContain(name);
    }
  }
  const touch = await kilde.request('/t?u=https://a.no/', { headers: { origin: 'https://edge.example.com' } });
  expect(touch.headers.get('access-control-expose-headers')).toContain('X-Request-Id');
});

it.each([
  ['DELETE', '/reports/query', 'GET, POST'],
  ['GET', '/reports/rows', 'POST'],
  ['PATCH', '/deals/board', 'GET'],
  ['DELETE', '/deals/suggestions', 'GET'],
])('%s %s is a method that the address does not have, not a record that is missing', async (method, path, allow) => {
  const { status, headers } = await kilde.request(`/api/v1${path}`, { method, headers: bearer });
  const named = headers
    .get('allow')
    ?.split(', ')
    .filter((one) => one !== 'HEAD' && one !== 'OPTIONS');
  expect([path, status, named?.toSorted().join(', ')]).toEqual([path, 405, allow]);
});
