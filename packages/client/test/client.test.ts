import { beforeAll, describe, expect, it } from 'vitest';
import { adminKey, createTestApp } from '../../../test/support/test-app.ts';
import type { TestApp } from '../../../test/support/test-app.ts';
import { createClient, isProblem, KildeProblem } from '../src/client.ts';

let app: TestApp;
const baseUrl = 'https://edge.example.com';

beforeAll(async () => {
  app = await createTestApp();
});

const toKilde = async (request: Request): Promise<Response> => app.app.fetch(request);
const kilde = () => createClient({ baseUrl, key: adminKey, fetch: toKilde });

describe('the client', () => {
  it('reads and writes records', async () => {
    const { data: made } = await kilde().POST('/api/v1/owners', { body: { name: 'Kari' } });
    expect(made).toMatchObject({ name: 'Kari', active: true });
    const { data: fields } = await kilde().GET('/api/v1/fields', { params: { query: { entity: 'deal' } } });
    expect(fields!.items.length).toBeGreaterThan(5);
  });

  it('goes through a list page by page', async () => {
    for (const name of ['Ola', 'Per', 'Siri', 'Tor']) await kilde().POST('/api/v1/owners', { body: { name } });
    const names: string[] = [];
    app.roundTrips();
    for await (const { name } of kilde().each('/api/v1/owners', { params: { query: { limit: 2, sort: 'name' } } })) {
      names.push(name);
    }
    expect(names).toEqual(['Kari', 'Ola', 'Per', 'Siri', 'Tor']);
    expect(app.roundTrips()).toBe(3);
  });

  it('sends parameters and conditions by their own names', async () => {
    const query = { limit: 5, columns: 'name', filter: { 'name[startsWith]': 'S', active: 'true' } };
    const { data } = await kilde().GET('/api/v1/owners', { params: { query } });
    expect(data!.items).toEqual([{ id: expect.any(String), name: 'Siri' }]);
    const report = { measures: 'leads', period: 'today', format: undefined } as const;
    const { data: rows } = await kilde().GET('/api/v1/reports/query', { params: { query: report } });
    expect(rows!.rows).toEqual([{ leads: 0 }]);
  });

  it('throws a problem by its code, with its places and its request', async () => {
    const error = await kilde()
      .POST('/api/v1/owners', { body: { nam: 'x' } as never })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KildeProblem);
    if (!isProblem(error, 'invalid_input')) throw new Error('another code');
    expect(error.errors.map(({ location }) => location)).toEqual(expect.arrayContaining(['body.nam', 'body.name']));
    expect([error.status, error.requestId]).toEqual([422, expect.stringMatching(/^[\da-f-]{36}$/)]);
    expect(isProblem(error, 'not_found')).toBe(false);
  });
});

describe('a request that fails', () => {
  const failing = (answers: Array<Response | Error>, tries?: number) => {
    const asked: string[] = [];
    const waited: number[] = [];
    const client = createClient({
      baseUrl,
      ...(tries === undefined ? {} : { tries }),
      fetch: async (request) => {
        asked.push(`${request.method} ${await request.text()}`);
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer ?? Response.json({ items: [], nextCursor: null });
      },
      wait: async (milliseconds) => void waited.push(milliseconds),
    });
    return { client, asked, waited };
  };
  const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

  it('is sent again when Retry-After says, with its body, where that does no harm', async () => {
    const { client, asked, waited } = failing([answer(429, { 'retry-after': '7' }), new TypeError('connection lost')]);
    await client.PUT('/api/v1/costs', { body: { items: [] } });
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'PUT {"items":[]}'));
    expect(waited).toEqual([7_000, 1_000]);
  });

  it('is sent three times at most, and then is a problem', async () => {
    const { client, asked, waited } = failing([
      answer(503),
      answer(503),
      answer(503, { 'x-request-id': 'r' }),
      answer(200),
    ]);
    const error = await client.GET('/api/v1/owners').catch((thrown: unknown) => thrown);
    expect([asked.length, waited, (error as KildeProblem).status, (error as KildeProblem).requestId]).toEqual([
      3,
      [500, 1_000],
      503,
      'r',
    ]);
  });

  it.each(['POST', 'PATCH'] as const)('is sent once where it is a %s, whatever its headers say', async (method) => {
    const { client, asked } = failing([answer(503)]);
    const headers = { 'idempotency-key': 'k' };
    const init = { headers, body: { name: 'x' }, params: { path: { id: '1' } } } as never;
    const sent = method === 'POST' ? client.POST('/api/v1/owners', init) : client.PATCH('/api/v1/owners/{id}', init);
    await expect(sent).rejects.toThrow(KildeProblem);
    expect(asked).toHaveLength(1);
  });

  it('is not sent again where the request was wrong', async () => {
    const { client, asked } = failing([answer(404)]);
    await expect(client.GET('/api/v1/owners')).rejects.toMatchObject({ status: 404 });
    expect(asked).toHaveLength(1);
  });
});
