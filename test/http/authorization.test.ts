import { beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api.ts';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

/** Every address that answers without a key. A new one has to be written here. */
const publicRoutes = [
  'GET /',
  'GET /t',
  'OPTIONS /t',
  'POST /f/:form',
  'OPTIONS /f/:form',
  'GET /f/:form',
  'GET /f/:form/thanks',
  'GET /l/:slug',
  'GET /f/:form/confirm/:token',
  'POST /f/:form/confirm/:token',
  'GET /k.js',
  'GET /health',
  // Pages and files that hold nothing of a company: what they show, they ask for with a session or a key.
  'GET /app/*',
  'GET /reference',
  'GET /reference/*',
  'ALL /api/auth/*',
  'ALL /api/v1/*',
  // Where KILDE_DEMO is on, as it is here.
  'ALL /demo',
  'ALL /demo/*',
];

let kilde: TestApp;

beforeAll(async () => {
  kilde = await createTestApp();
});

it('has no public route but those on the list', () => {
  // What stands in front of others (headers, limits) answers nothing itself: it takes the next as well.
  const answering = kilde.app.routes.filter(({ handler }) => handler.length < 2);
  const routes = new Set(answering.map(({ method, path }) => `${method} ${path}`));
  expect([...routes].toSorted()).toEqual(publicRoutes.toSorted());
});

describe('every route of the API', () => {
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    kilde.request(`/api/v1${path.replaceAll(/:\w+/g, '1')}`, { method, headers });

  it('answers 401 without a key, with a wrong one, and with one in the wrong place', async () => {
    const { operations } = createApi(kilde.deps);
    expect(operations.length).toBeGreaterThan(0);
    expect(operations.filter(({ scope }) => scope === null).map(({ path }) => path)).toEqual([
      '/openapi.json',
      '/openapi-settings.json',
    ]);
    const keyed = operations.filter(({ scope }) => scope !== null);
    for (const { method, path } of [...keyed, { method: 'get', path: '/nothing' }]) {
      for (const headers of [
        {},
        { authorization: 'Bearer wrong' },
        { authorization: `Basic ${btoa(adminKey)}` },
        { 'x-api-key': adminKey },
      ]) {
        const response = await ask(method.toUpperCase(), path, headers);
        expect([method, path, response.status]).toEqual([method, path, 401]);
      }
    }
  });

  it('answers 403 to a key whose scope does not reach', async () => {
    const { operations } = createApi(kilde.deps);
    const { body } = await kilde.api('POST', '/api-keys', { name: 'reader', scopes: ['read'] });
    for (const { method, path, scope } of operations.filter((one) => one.scope !== 'read' && one.scope !== null)) {
      const response = await ask(method.toUpperCase(), path, { authorization: `Bearer ${body.key}` });
      expect([method, path, scope, response.status]).toEqual([method, path, scope, 403]);
    }
  });
});
