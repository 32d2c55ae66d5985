import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
/** How often each key was counted; a limit of two. */
let counted: Map<string, number>;

beforeEach(async () => {
  counted = new Map();
  const limiter = (name: string): RateLimit => ({
    async limit({ key }) {
      const times = (counted.get(`${name} ${key}`) ?? 0) + 1;
      counted.set(`${name} ${key}`, times);
      return { success: times <= 2 };
    },
  });
  kilde = await createTestApp({
    env: {
      KILDE_DEMO: '1',
      ADDRESS_LIMIT: limiter('address'),
      FORM_LIMIT: limiter('form'),
      FAILED_KEY_LIMIT: limiter('key'),
    },
  });
  await kilde.sql(
    "INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0), ('other', 'Other', 1, 0)",
  );
});

const from = (address: string) => ({ headers: { 'cf-connecting-ip': address } });

describe('every answer', () => {
  it.each([
    ['/health', {}],
    ['/k.js', {}],
    ['/t?u=https://a.no/', {}],
    ['/demo', {}],
    ['/f/demo/thanks', {}],
    ['/no-such', {}],
    ['/api/v1/people', {}],
    ['/api/v1/people', { headers: { authorization: `Bearer ${adminKey}` } }],
    ['/api/v1/segments/query', { method: 'POST', headers: { authorization: `Bearer ${adminKey}` } }],
  ])('of %s says what it is, and stays out of frames', async (path, init) => {
    const { headers } = await kilde.request(path, init);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toContain("'unsafe-eval'");
    expect(headers.get('referrer-policy')).toMatch(/^(no-referrer|strict-origin-when-cross-origin)$/);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});

it('a redirect leaves the next page its referrer', async () => {
  await kilde.api('POST', '/links', { page: 'https://a.no/', source: 'x', medium: 'y', slug: 'go' });
  const { status, headers } = await kilde.request('/l/go');
  expect([status, headers.get('referrer-policy')]).toEqual([302, null]);
});

describe('too many requests', () => {
  it('of one address are refused, of another taken', async () => {
    const arrive = async (address: string) => (await kilde.request('/t?u=https://a.no/', from(address))).status;
    expect([await arrive('192.0.2.1'), await arrive('192.0.2.1'), await arrive('192.0.2.1')]).toEqual([204, 204, 429]);
    expect(await arrive('192.0.2.2')).toBe(204);
    const refused = await kilde.request('/l/x', from('192.0.2.1'));
    expect(['retry-after', 'ratelimit', 'ratelimit-policy'].map((name) => refused.headers.get(name))).toEqual([
      '60',
      '"address";r=0;t=60',
      '"address";q=300;w=60',
    ]);
    expect(refused.status).toBe(429);
  });

  it('to one form are refused, as JSON and as a page', async () => {
    const send = async (n: number, form = 'demo', accept = 'application/json') =>
      kilde.submit(form, { email: `p${n}@firma.no` }, { headers: { 'cf-connecting-ip': `192.0.2.${n}`, accept } });
    expect([(await send(1)).status, (await send(2)).status, (await send(3)).status]).toEqual([201, 201, 429]);
    const page = await send(4, 'demo', 'text/html');
    expect([page.status, page.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    expect(page.headers.get('ratelimit')).toBe('"form";r=0;t=60');
    expect((await send(5, 'other')).status).toBe(201);
  });

  it('with keys that are not known are refused; a known key asks no limit', async () => {
    const ask = async (key: string) =>
      (
        await kilde.request('/api/v1/people', {
          headers: { authorization: `Bearer ${key}`, 'cf-connecting-ip': '192.0.2.1' },
        })
      ).status;
    expect([await ask('a'), await ask('b'), await ask('c'), await ask(adminKey)]).toEqual([401, 401, 429, 200]);
  });

  it('leave no address anywhere', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no' }, { headers: { 'cf-connecting-ip': '203.0.113.77' } });
    expect(kilde.wire().join('\n')).not.toContain('203.0.113.77');
  });
});

describe('the log', () => {
  let lines: string[];
  let spy: ReturnType<typeof vi.spyOn>;

  beforeEach(() => {
    lines = [];
    spy = vi
      .spyOn(console, 'error')
      .mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(' ')));
  });
  afterEach(() => spy.mockRestore());

  it('tells the kind of a fault and its route, and nothing of what was sent', async () => {
    kilde.deps.settings.withForm = () => Promise.reject(new RangeError('no place for secret@firma.no'));
    await kilde.submit('demo', { email: 'secret@firma.no' });
    kilde.deps.db.select = () => {
      throw new TypeError('cannot read secret@firma.no');
    };
    const answer = await kilde.api('GET', '/people?email=secret@firma.no');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^POST \/f\/:form: RangeError at /);
    expect(lines[1]).toMatch(/^GET \/api\/v1\/people: TypeError at /);
    expect(lines.join('\n')).not.toContain('secret');
  });

  it('is silent about what callers do wrong', async () => {
    await kilde.submit('demo', { email: 'nobody' });
    await kilde.submit('no-such', {});
    await kilde.api('GET', '/people/1');
    await kilde.api('GET', '/people', undefined, { key: 'wrong' });
    expect(lines).toEqual([]);
  });
});
