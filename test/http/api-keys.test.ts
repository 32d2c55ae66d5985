import { beforeEach, expect, it } from 'vitest';
import { keyOf, locations } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

it('shows a key once, and keeps its hash alone', async () => {
  const made = await kilde.api('POST', '/api-keys', { name: 'Dashboard', scopes: ['read', 'read'] });
  expect(made.status).toBe(201);
  const { key, ...rest } = made.body;
  expect(key).toMatch(/^kilde_[\w-]{43}$/);
  expect(rest).toEqual({
    id: '1',
    name: 'Dashboard',
    prefix: key.slice(0, 12),
    scopes: ['read'],
    expiresAt: null,
    createdAt: '2026-09-01T10:00:00.000Z',
  });
  expect((await kilde.api('GET', '/api-keys?count=true')).body).toEqual({ items: [rest], nextCursor: null, count: 1 });
  const [row] = await kilde.sql('SELECT * FROM api_key');
  expect(JSON.stringify(row)).not.toContain(key.slice(12));
  expect(row!['hash']).toMatch(/^[0-9a-f]{64}$/);
  expect((await kilde.api('GET', '/forms', undefined, { key })).status).toBe(200);
});

it('ends a key at once', async () => {
  const key = await keyOf(kilde, ['read']);
  expect((await kilde.api('GET', '/forms', undefined, { key })).status).toBe(200);
  expect(await kilde.api('DELETE', '/api-keys/1')).toEqual({ status: 204, body: null });
  expect((await kilde.api('GET', '/forms', undefined, { key })).status).toBe(401);
  expect((await kilde.api('DELETE', '/api-keys/1')).status).toBe(404);
});

it('lets each scope do its own and no more', async () => {
  const may = async (scope: string) => {
    const key = await keyOf(kilde, [scope]);
    return [
      (await kilde.api('GET', '/forms', undefined, { key })).status,
      (await kilde.api('POST', '/forms', { name: 'A' }, { key })).status,
      (await kilde.api('POST', '/sites', { name: 'A' }, { key })).status,
      (await kilde.api('GET', '/api-keys', undefined, { key })).status,
    ];
  };
  expect(await may('read')).toEqual([200, 403, 403, 403]);
  expect(await may('write')).toEqual([200, 201, 403, 403]);
  expect(await may('admin')).toEqual([200, 201, 201, 200]);
});

it('refuses a key without scope, with an unknown one, or without a name', async () => {
  const post = async (body: object) => locations((await kilde.api('POST', '/api-keys', body)).body);
  expect(await post({ name: 'A', scopes: [] })).toEqual(['body.scopes']);
  expect(await post({ name: 'A', scopes: ['read', 'root'] })).toEqual(['body.scopes[1]']);
  expect(await post({ name: 'A' })).toEqual(['body.scopes']);
  expect(await post({ name: '', scopes: ['read'] })).toEqual(['body.name']);
  expect(await post({ name: 'A', scopes: ['read'], key: 'mine' })).toEqual(['body.key']);
});

it('pages, the newest first', async () => {
  for (const name of ['a', 'b', 'c']) await kilde.api('POST', '/api-keys', { name, scopes: ['read'] });
  const first = await kilde.api('GET', '/api-keys?limit=2');
  const second = await kilde.api('GET', `/api-keys?limit=2&cursor=${first.body.nextCursor}`);
  expect([...first.body.items, ...second.body.items].map(({ name }) => name)).toEqual(['c', 'b', 'a']);
});
