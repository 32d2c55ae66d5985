import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createApi } from '../../../src/api.ts';
import description from '../../../assets/openapi.json' with { type: 'json' };
import type { Deps } from '../../../src/http/deps.ts';
import { describeApi } from '../../../src/routes/openapi.ts';

const { operations } = createApi({} as Deps);

test('the description in the repository is of the API as it is: node tools/build-openapi.ts writes it anew', () => {
  expect(description).toEqual(JSON.parse(JSON.stringify(describeApi(operations))));
});

test('every operation is described once, by an id of its own', () => {
  const described = Object.values(description.paths).flatMap((path) => Object.values(path as object)) as Array<{
    operationId: string;
  }>;
  expect(described).toHaveLength(operations.length);
  expect(new Set(described.map(({ operationId }) => operationId)).size).toBe(operations.length);
});

describe('an operation', () => {
  const { paths } = describeApi([
    {
      method: 'patch',
      path: '/things/:id/parts',
      summary: 'Changes the parts of a thing',
      scope: 'write',
      query: z.strictObject({ limit: z.coerce.number().int().default(5), q: z.string() }),
      body: z.strictObject({ at: z.iso.datetime().transform((text) => Date.parse(text)) }).partial(),
      response: z.object({ id: z.string() }),
    },
  ]) as { paths: Record<string, Record<string, any>> };
  const operation = paths['/things/{id}/parts']!['patch'];

  test('names its path and query parameters as they are sent', () => {
    expect(operation.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'limit', in: 'query', required: false, schema: expect.objectContaining({ type: 'integer', default: 5 }) },
      { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
    ]);
  });

  test('shows its body before it is read, and its answer', () => {
    expect(operation.requestBody.content['application/json'].schema).toEqual({
      type: 'object',
      properties: { at: { type: 'string', format: 'date-time' } },
      additionalProperties: false,
    });
    expect(operation.responses['200'].content['application/json'].schema).toMatchObject({ required: ['id'] });
  });

  test('names every problem it can answer with', () => {
    expect(Object.keys(operation.responses)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '503',
    ]);
  });
});
