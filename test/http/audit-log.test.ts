import { beforeEach, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { isAudited } from '../../src/http/operation.ts';
import { keyOf } from '../support/api-answers.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** What changes something and is not in the log: what machines send all day, and what people do to single records and views. */
const notAudited = [
  'PATCH /companies/:id',
  'PATCH /deals/:id',
  'PATCH /links/:id',
  'PATCH /people/:id',
  'PATCH /reports/:id',
  'PATCH /schedules/:id',
  'PATCH /selections/:id',
  'POST /aliases/distinct',
  'POST /attribution',
  'POST /category-proposals/:id/confirm',
  'POST /category-proposals/:id/decline',
  'POST /companies',
  'POST /deals/board/move',
  'POST /deliveries/:id/retry',
  // It stores nothing.
  'POST /forms/:id/check',
  'POST /links',
  'POST /people',
  'POST /quarantine/:id/release',
  'POST /reports',
  'POST /reports/query',
  'POST /reports/rows',
  'POST /schedules',
  'POST /schedules/:id/run',
  'POST /segments/counts',
  'POST /segments/query',
  'POST /selections',
  'POST /selections/:id/board/move',
  'POST /selections/:id/copy',
  'POST /selections/:id/freeze',
  'POST /selections/:id/members',
  'PUT /costs',
  'PUT /deals',
  'PUT /exchange-rates',
  'PUT /people',
];

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

const log = async () => (await kilde.api('GET', '/audit-log')).body.items;

it('is decided for every operation that is no reading', () => {
  const { operations } = createApi(kilde.deps);
  const silent = operations.filter((one) => one.method !== 'get' && !isAudited(one));
  expect(silent.map(({ method, path }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(notAudited);
});

it('tells who did what, when, the latest first', async () => {
  const key = await keyOf(kilde, ['admin']);
  kilde.advance(1_000);
  const { body: owner } = await kilde.api('POST', '/people', { email: 'kari@firma.no' });
  expect((await kilde.api('DELETE', `/people/${owner.id}`, undefined, { key })).status).toBe(204);
  const entries = await log();
  expect(entries).toMatchObject([
    {
      at: '2026-09-01T10:00:01.000Z',
      key: { name: 'admin' },
      operation: 'DELETE /people/:id',
      target: { id: owner.id },
      status: 204,
    },
    { at: '2026-09-01T10:00:00.000Z', key: null, operation: 'POST /api-keys', target: {}, status: 201 },
  ]);
  const { body } = await kilde.api('GET', '/audit-log?from=2026-09-01T10:00:01Z&count=true');
  expect([body.items.length, body.count]).toEqual([1, 1]);
});

it('tells of files that were taken out, and of nothing that failed or was only read', async () => {
  const { body } = await kilde.api('POST', '/people', { email: 'kari@firma.no' });
  await kilde.api('GET', '/people');
  await kilde.api('DELETE', '/people/99');
  await kilde.api('POST', '/segments/query', { entity: 'person' });
  expect(await log()).toEqual([]);
  const headers = { authorization: `Bearer ${adminKey}` };
  await (await kilde.request(`/api/v1/people/${body.id}/export`, { headers })).text();
  const file = await kilde.request('/api/v1/segments/query', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ entity: 'person', format: 'csv' }),
  });
  await file.text();
  expect((await log()).map((one: any) => one.operation)).toEqual(['POST /segments/query', 'GET /people/:id/export']);
});

it('is for administrators alone', async () => {
  const key = await keyOf(kilde, ['write']);
  expect((await kilde.api('GET', '/audit-log', undefined, { key })).status).toBe(403);
});

it('keeps no change from being answered', async () => {
  await kilde.sql('DROP TABLE audit_entry');
  expect((await kilde.api('POST', '/categories', { name: 'X', group: 'Other' })).status).toBe(201);
});
