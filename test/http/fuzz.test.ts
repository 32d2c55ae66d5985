import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../src/api.ts';
import { apiRequests, arrivalRequests, formRequests, hostileRequests } from '../support/fuzz-requests.ts';
import type { FuzzRequest } from '../support/fuzz-requests.ts';
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

async function ask({ path, ...init }: FuzzRequest): Promise<void> {
  kilde.roundTrips();
  const response = await kilde.request(path, init);
  const text = await response.text();
  const what = `${init.method} ${path} ${JSON.stringify([...new Headers(init.headers)])} ${init.body?.slice(0, 2_000) ?? ''}`;
  expect([what, response.status >= 500, text.slice(0, 300)]).toEqual([what, false, text.slice(0, 300)]);
  expect([what, logged.mock.calls]).toEqual([what, []]);
  expect([what, kilde.roundTrips() <= maxRoundTrips]).toEqual([what, true]);
  for (const [, value] of response.headers) expect(value).not.toMatch(/[\r\n]/);
}

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const fuzz = { numRuns: runs, endOnFailure: true, interruptAfterTimeLimit: 50_000 };

describe('the public routes', () => {
  it('take any form', { timeout: 60_000 }, async () => {
    await fc.assert(fc.asyncProperty(formRequests(), ask), fuzz);
  });

  it('take any arrival', { timeout: 60_000 }, async () => {
    await fc.assert(fc.asyncProperty(arrivalRequests(), ask), fuzz);
  });
});

describe('the API', () => {
  it('takes what hurts in each member, parameter and id of every operation', { timeout: 240_000 }, async () => {
    const { operations } = createApi(kilde.deps);
    for (const request of hostileRequests(operations, adminKey)) {
      kilde.roundTrips();
      const response = await kilde.request(request.path, request);
      const what = `${request.method} ${request.path.slice(0, 200)} ${request.body?.slice(0, 100) ?? ''}`;
      expect([what, response.status < 500]).toEqual([what, true]);
      await response.body?.cancel();
    }
    expect(logged.mock.calls).toEqual([]);
  });

  it('takes any input of any operation', { timeout: 60_000 }, async () => {
    const { operations } = createApi(kilde.deps);
    await fc.assert(fc.asyncProperty(apiRequests(operations, adminKey), ask), { ...fuzz, numRuns: runs * 4 });
    const [checked] = await kilde.sql('PRAGMA integrity_check');
    expect(checked).toEqual({ integrity_check: 'ok' });
    expect(await kilde.sql('PRAGMA foreign_key_check')).toEqual([]);
  });
});
