import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

const cases: Array<[string, number, string, Record<string, string>, string | Uint8Array | undefined]> = [
  ['no body at all', 415, 'unsupported_media_type', {}, undefined],
  ['plain text', 415, 'unsupported_media_type', { 'content-type': 'text/plain' }, 'email=kari@firma.no'],
  ['broken JSON', 400, 'bad_request', json, '{"email": '],
  ['JSON that is no object', 400, 'bad_request', json, '["kari@firma.no"]'],
  ['JSON null', 400, 'bad_request', json, 'null'],
  ['bytes that are no UTF-8', 400, 'bad_request', json, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
  ['multipart without its boundary', 400, 'bad_request', { 'content-type': 'multipart/form-data' }, 'x'],
  [
    'multipart cut short',
    400,
    'bad_request',
    { 'content-type': 'multipart/form-data; boundary=x' },
    '--x\r\nContent-Disposition: form-data; name="a"',
  ],
  ['JSON over its limit', 413, 'payload_too_large', json, `{"email":"kari@firma.no","x":"${'a'.repeat(4_200_000)}"}`],
  ['what is no address', 422, 'invalid_input', urlencoded, 'email=kari'],
  ['an address with a line break', 422, 'invalid_input', json, '{"email":"kari@firma.no\\r\\nBcc: x@y.no"}'],
];

describe.each(cases)('%s', (_, status, code, headers, body) => {
  it(`is answered ${status} ${code} as JSON, and nothing is written`, async () => {
    const response = await kilde.request('/f/demo', {
      method: 'POST',
      headers: { accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body: body as BodyInit }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = await response.json<{ code: string; detail: string; errors?: Array<{ location: string }> }>();
    expect(problem.code).toBe(code);
    expect(problem.detail).not.toBe('');
    if (status === 422) expect(problem.errors![0]!.location).toBe('fields.email');
    for (const table of ['submission', 'person', 'company', 'touch', 'quarantine']) {
      expect(await kilde.sql(`SELECT count(*) AS n FROM ${table}`)).toEqual([{ n: 0 }]);
    }
  });

  it('is answered with a page to a browser', async () => {
    const response = await kilde.request('/f/demo', {
      method: 'POST',
      headers: { accept: 'text/html', 'accept-language': 'nb-NO,nb;q=0.9,en;q=0.8', ...headers },
      ...(body === undefined ? {} : { body: body as BodyInit }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await response.text()).toContain('Skjemaet ble ikke sendt');
  });
});

it('escapes what it shows', async () => {
  const response = await kilde.request('/f/demo', {
    method: 'POST',
    headers: {
      accept: 'text/html',
      referer: 'https://a.no/"><script>alert(1)</script>',
      'content-type': 'application/x-www-form-urlencoded; charset=<script>',
    },
    body: 'x',
  });
  expect(await response.text()).not.toContain('<script>');
});

it('answers 404 for a form that is not there, and for a page', async () => {
  expect((await kilde.submit('nothing', { email: 'kari@firma.no' })).status).toBe(404);
  expect((await kilde.request('/nothing')).status).toBe(404);
});

it('takes every body a form can have, with every field kept', async () => {
  const form = new FormData();
  form.set('email', 'a@firma.no');
  form.append('interest', 'one');
  form.append('interest', 'two');
  form.set('__proto__', 'only a field');
  form.set('file', new File(['abc'], 'cv.pdf'));
  expect((await kilde.request('/f/demo', { method: 'POST', body: form })).status).toBe(303);
  expect(
    (await kilde.submit('demo', { email: 'b@firma.no', n: 5, yes: true, none: null, list: [1, 2], deep: { a: 1 } }))
      .status,
  ).toBe(201);
  const rows = await kilde.sql('SELECT fields FROM submission ORDER BY at, id');
  expect(rows.map((row) => JSON.parse(row['fields']))).toEqual([
    JSON.parse(
      '{"email":"a@firma.no","interest":["one","two"],"__proto__":"only a field","file":"cv.pdf (3 bytes, not kept)"}',
    ),
    { email: 'b@firma.no', n: '5', yes: 'true', list: ['1', '2'], 'deep.a': '1' },
  ]);
});

it('takes half a surrogate pair, which no database would', async () => {
  const response = await kilde.request('/f/demo', {
    method: 'POST',
    headers: json,
    body: String.raw`{"email":"kari@firma.no","name":"\ud800","a\udfffb":["\uD83D\uDE00","x\udc00"]}`,
  });
  expect(response.status).toBe(201);
  const [row] = await kilde.sql(`SELECT fields, fields ->> '$.name' AS name FROM submission`);
  expect(row!['name']).toBe('\ufffd');
  expect(JSON.parse(row!['fields'])).toMatchObject({ 'a\ufffdb': ['😀', 'x\ufffd'] });
});

describe('where a browser goes next', () => {
  const send = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await kilde.request('/f/demo', {
      method: 'POST',
      headers: { accept: 'text/html', ...urlencoded, ...headers },
      body: new URLSearchParams({ email: 'kari@firma.no', m: crypto.randomUUID(), ...fields }).toString(),
    });
    expect(response.status).toBe(303);
    return response.headers.get('location');
  };
  const site = { referer: 'https://www.example.com/form' };

  it('to the page of the form’s own host, absolute or not', async () => {
    expect(await send({ _next: 'https://www.example.com/takk' }, site)).toBe('https://www.example.com/takk');
    expect(await send({ _next: '/takk?a=1' }, site)).toBe('https://www.example.com/takk?a=1');
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://www.example.com@evil.example/',
    'https://user:pass@www.example.com/',
    'https://www.example.com.evil.example/',
    'https://evil.example/\r\nSet-Cookie: a=b',
  ])('but not to %j', async (next) => {
    const location = await send({ _next: next }, site);
    expect([new URL(location!, 'https://edge.example.com').hostname]).not.toContain('evil.example');
    expect(location === '/f/demo/thanks' || location!.startsWith('https://www.example.com/')).toBe(true);
  });

  it.each<[next: string, isAllowed: boolean, referer: string]>([
    ['https://takk.firma.no/x', true, 'https://www.example.com/form'],
    ['https://firma.no:443/x', true, 'https://www.example.com/form'],
    ['https://takk.firma.no:8443/x', false, 'https://www.example.com/form'],
    ['http://takk.firma.no/x', false, 'https://www.example.com/form'],
    ['http://takk.firma.no/x', false, ''],
    ['http://takk.firma.no/x', true, 'http://www.firma.no/form'],
    ['http://takk.firma.no:81/x', false, 'http://www.firma.no/form'],
    ['https://annet.no:8443/x', false, 'https://www.example.com/form'],
    ['https://annet.no/x', true, 'https://www.example.com/form'],
    // The page's own origin, and this one.
    ['http://www.example.com/x', false, 'https://www.example.com/form'],
    ['https://www.example.com:444/x', false, 'https://www.example.com/form'],
    ['https://www.example.com:444/x', true, 'https://www.example.com:444/form'],
    ['https://edge.example.com/x', true, 'https://www.example.com/form'],
    ['http://edge.example.com/x', false, 'https://www.example.com/form'],
    ['https://edge.example.com:1/x', false, 'https://www.example.com/form'],
    // The form's own redirect is at this port.
    ['https://redirect.no:9443/y', true, 'https://www.example.com/form'],
    ['https://redirect.no/y', false, 'https://www.example.com/form'],
  ])('by scheme and port as well as by host: to %s, %s from %j', async (next, isAllowed, referer) => {
    await kilde.sql(
      `UPDATE form SET allowed_origins = '["annet.no"]', redirect_url = 'https://redirect.no:9443/thanks'`,
    );
    await kilde.sql(`UPDATE site SET domains = '["firma.no"]'`);
    const location = await send({ _next: next }, referer === '' ? {} : { referer });
    expect(location).toBe(isAllowed ? new URL(next).href : 'https://redirect.no:9443/thanks');
  });

  it('to the hosts that are allowed by name', async () => {
    await kilde.sql(
      `UPDATE form SET allowed_origins = '["https://takk.annet.no"]', redirect_url = 'https://www.firma.no/thanks'`,
    );
    expect(await send({ _next: 'https://takk.annet.no/x' })).toBe('https://takk.annet.no/x');
    expect(await send({ _next: 'https://evil.example/' })).toBe('https://www.firma.no/thanks');
    expect(await send({})).toBe('https://www.firma.no/thanks');
  });
});

it('refuses pages of an origin that the form does not allow', async () => {
  await kilde.sql(`UPDATE form SET allowed_origins = '["https://www.example.com"]'`);
  const from = (origin: string) => kilde.submit('demo', { email: 'kari@firma.no' }, { headers: { origin } });
  expect((await from('https://www.example.com')).status).toBe(201);
  expect((await from('https://edge.example.com')).status).toBe(201);
  expect((await from('https://evil.example')).status).toBe(403);
  expect((await from('null')).status).toBe(403);
});
