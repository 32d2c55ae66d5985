import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeAll(async () => {
  kilde = await createTestApp();
});

type Problem = { code: string; detail: string; errors: Array<{ location: string; message: string; known?: string[] }> };

it('a parameter that does not exist is refused by every operation, with those that do', async () => {
  const { operations } = createApi(kilde.deps);
  for (const { method, path, query, body } of operations) {
    const response = await kilde.request(`/api/v1${path.replaceAll(/:\w+/g, '1')}?limitt=1`, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      ...(body ? { body: '{}' } : {}),
    });
    const what = `${method} ${path}`;
    expect([what, response.status]).toEqual([what, 422]);
    const { errors } = await response.json<Problem>();
    const error = errors.find(({ location }) => location === 'query.limitt')!;
    expect([what, error?.message]).toEqual([what, expect.stringMatching(/^Unknown (parameter|field) 'limitt'\. /)]);
    expect(error.known!.length).toBeLessThanOrEqual(20);
    if (query?.shape['limit'] !== undefined) expect([what, error.known![0]]).toEqual([what, 'limit']);
  }
});

describe('a name that does not exist', () => {
  const ask = async (path: string, body: unknown) => (await kilde.api<Problem>('POST', path, body)).body.errors;

  it('of a field is refused in criteria, columns and sort', async () => {
    const errors = await ask('/segments/query', {
      entity: 'deal',
      columns: ['createdOn'],
      sort: [{ field: 'amont' }],
      where: {
        all: [
          { field: 'externalid', op: 'equals', value: 'x' },
          { field: 'name', op: 'contain', value: 'x' },
        ],
      },
    });
    expect(errors.map(({ location, message, known }) => [location, message.split(', ')[0], known![0]])).toEqual([
      ['body.columns[0]', expect.stringMatching(/^Unknown field 'createdOn'\. Deals have: createdAt/), 'createdAt'],
      ['body.sort[0].field', expect.stringMatching(/^Unknown field 'amont'\. Deals have: amount/), 'amount'],
      [
        'where.all[0].field',
        expect.stringMatching(/^Unknown field 'externalid'\. Deals have: externalId/),
        'externalId',
      ],
      ['where.all[1].op', expect.stringMatching(/^Unknown operator 'contain'\. 'name' has: contains/), 'contains'],
    ]);
  });

  it('of a measure, a dimension or a model is refused', async () => {
    const errors = await ask('/reports/query', {
      measures: ['lead'],
      dimensions: ['sources'],
      attribution: ['markow'],
      filter: { chanel: 'Direct' },
    });
    expect(errors.map(({ location, known }) => [location, known![0]])).toEqual([
      ['body.measures[0]', 'leads'],
      ['body.dimensions[0]', 'source'],
      ['body.attribution[0]', 'markov'],
      ['body.filter.chanel', 'channel'],
    ]);
  });

  it('of a member of a body is refused', async () => {
    const [error] = await ask('/forms', { name: 'Contact', redirectURL: 'https://firma.no/' });
    expect(error).toMatchObject({ location: 'body.redirectURL', known: expect.arrayContaining(['name']) });
    expect(error!.known![0]).toMatch(/redirect/i);
  });
});
