import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../src/api.ts';
import { nastyText, ofSchema } from '../support/schema-arbitrary.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/**
 * Input that is built like the real one and wrong in places, to every public route and every operation of the API: nothing
 * is answered 500, nothing is thrown past the routes, nothing is logged as a fault, and the database stays whole.
 */

let kilde: TestApp;
let logged: ReturnType<typeof vi.spyOn>;

beforeEach(async () => {
  kilde = await createTestApp({ fetch: async () => new Response('{}', { status: 200 }) });
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.submit('demo', { email: 'kari@firma.no', _page: 'https://firma.no/?utm_source=linkedin' });
  await kilde.api('PUT', '/deals', {
    items: [{ externalId: '1', amount: 10, currency: 'NOK', email: 'kari@firma.no' }],
  });
  await kilde.api('POST', '/links', { page: 'https://firma.no/', source: 'a', medium: 'b', slug: 'go' });
  logged = vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(() => logged.mockRestore());

/** Requests to the database that any input may cost: what is slow is what asks again and again. */
const maxRoundTrips = 8;

async function ask(path: string, init: RequestInit): Promise<void> {
  kilde.roundTrips();
  const response = await kilde.request(path, init);
  const text = await response.text();
  const what = `${init.method} ${path} ${JSON.stringify([...new Headers(init.headers)])} ${typeof init.body === 'string' ? init.body.slice(0, 2_000) : ''}`;
  expect([what, response.status >= 500, text.slice(0, 300)]).toEqual([what, false, text.slice(0, 300)]);
  expect([what, logged.mock.calls]).toEqual([what, []]);
  expect([what, kilde.roundTrips() <= maxRoundTrips]).toEqual([what, true]);
  for (const [, value] of response.headers) expect(value).not.toMatch(/[\r\n]/);
}

/** Header values that a client can send at all. */
const headerText = nastyText.map((text) =>
  text
    .replaceAll(/[^\t\x20-\x7e]/g, '')
    .trim()
    .slice(0, 500),
);
const address = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  nastyText,
  fc.constantFrom(
    'https://firma.no/?utm_source=%F0%28&utm_medium=%',
    'http://[::1]/',
    'https://xn--/',
    'about:blank',
    'https://a.b?gclid=',
  ),
);
const headers = fc.record(
  {
    accept: fc.constantFrom('text/html', 'application/json', '*/*', 'text/csv;q=x'),
    origin: fc.oneof(fc.constantFrom('null', 'https://firma.no'), headerText),
    referer: address.map((text) => text.replaceAll(/[^\x21-\x7e]/g, '')),
    'user-agent': headerText,
    cookie: fc
      .tuple(fc.constantFrom('kj', '__Host-kj', 'kilde', 'kilde_journey'), headerText)
      .map(([name, value]) => `${name}=${value}`),
    'sec-fetch-site': fc.constantFrom('cross-site', 'same-origin', 'none', 'x'),
    'sec-fetch-mode': fc.constantFrom('navigate', 'cors', 'x'),
    'sec-gpc': fc.constantFrom('1', '0'),
    'idempotency-key': headerText,
    'accept-language': headerText,
  },
  { requiredKeys: [] },
);

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const fuzz = { numRuns: runs, endOnFailure: true, interruptAfterTimeLimit: 50_000 };

describe('the public routes', () => {
  it('take any form', { timeout: 60_000 }, async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'email',
        'e-post',
        'name',
        'company',
        'message',
        '_next',
        '_gotcha',
        '_page',
        '_journey',
        '_id',
        '_t',
        '_ref',
        'utm_source',
        'utm_medium',
        'gclid',
        'orgnr',
        'phone',
      ),
      nastyText,
    );
    const fields = fc.array(fc.tuple(name, fc.oneof(fc.constant('kari@firma.no'), address, nastyText)), {
      maxLength: 8,
    });
    const body = fc.oneof(
      fields.map((list) => ({ type: 'application/x-www-form-urlencoded', text: new URLSearchParams(list).toString() })),
      fields.map((list) => ({ type: 'application/json', text: JSON.stringify(Object.fromEntries(list)) })),
      fc.jsonValue().map((value) => ({ type: 'application/json', text: JSON.stringify(value) })),
      fields.map((list) => ({
        type: 'multipart/form-data; boundary=x',
        text: `${list.map(([key, value]) => `--x\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`).join('')}--x--`,
      })),
      nastyText.map((text) => ({ type: 'application/x-www-form-urlencoded', text })),
    );
    const form = fc.oneof({ weight: 8, arbitrary: fc.constant('demo') }, { weight: 1, arbitrary: nastyText });
    await fc.assert(
      fc.asyncProperty(form, body, headers, async (key, { type, text }, given) =>
        ask(`/f/${encodeURIComponent(key.toWellFormed())}`, {
          method: 'POST',
          headers: { ...given, 'content-type': type },
          body: text,
        }),
      ),
      fuzz,
    );
  });

  it('take any arrival', { timeout: 60_000 }, async () => {
    const path = fc.oneof(
      fc.tuple(address, address, nastyText).map(([u, r, site]) => `/t?${new URLSearchParams({ u, r, site })}`),
      nastyText.map((text) => `/l/${encodeURIComponent(text.toWellFormed())}`),
      nastyText.map((text) => `/l/go?${new URLSearchParams({ utm_term: text })}`),
      nastyText.map((text) => `/${encodeURIComponent(text.toWellFormed())}`),
      fc.constantFrom('/health', '/k.js', '/demo', '/f/demo', '/f/demo/thanks', '/api/v1', '/t', '/l/go'),
    );
    const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT');
    await fc.assert(
      fc.asyncProperty(path, method, headers, async (url, verb, given) => ask(url, { method: verb, headers: given })),
      fuzz,
    );
  });
});

describe('the API', () => {
  it('takes any input of any operation', { timeout: 60_000 }, async () => {
    const { operations } = createApi(kilde.deps);
    const shape = (schema: z.ZodType) =>
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
    const requests = operations.map((operation) => {
      const ids = fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('1', '2', 'top-paths') },
        { weight: 1, arbitrary: nastyText },
      );
      const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)) ?? '';
      return fc.record({
        operation: fc.constant(operation),
        ids: fc.array(ids, { minLength: 3, maxLength: 3 }),
        query: operation.query
          ? ofSchema(shape(operation.query)).map((value) =>
              new URLSearchParams(
                Object.entries(typeof value === 'object' && value !== null ? value : {}).map(([name, one]) => [
                  name,
                  text(one),
                ]),
              ).toString(),
            )
          : fc.constant(''),
        body: operation.body
          ? ofSchema(shape(operation.body)).map((value) => text(value ?? null))
          : fc.constant(undefined),
      });
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(...requests), async ({ operation, ids, query, body }) => {
        let place = 0;
        const path = operation.path.replaceAll(/:\w+/g, () => encodeURIComponent(ids[place++ % 3]!.toWellFormed()));
        await ask(`/api/v1${path}${query === '' ? '' : `?${query}`}`, {
          method: operation.method.toUpperCase(),
          headers: {
            authorization: `Bearer ${adminKey}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body }),
        });
      }),
      { ...fuzz, numRuns: runs * 4 },
    );
    const [checked] = await kilde.sql('PRAGMA integrity_check');
    expect(checked).toEqual({ integrity_check: 'ok' });
    expect(await kilde.sql('PRAGMA foreign_key_check')).toEqual([]);
  });
});
