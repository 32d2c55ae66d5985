import { beforeEach, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
});

it('takes a form', async () => {
  const response = await kilde.submit('demo', { email: 'kari@firma.no' });
  expect(await response.json()).toMatchObject({ id: expect.any(String) });
  expect(response.status).toBe(201);
});
