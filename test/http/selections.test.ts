import { beforeEach, expect, it } from 'vitest';
import { locations } from '../support/api-answers.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.api('POST', '/forms', { name: 'Demo', slug: 'demo' });
  await kilde.submit('demo', { email: 'kari@firma.no', first_name: 'Kari', last_name: 'Nord', company: 'Firma AS' });
  await kilde.submit('demo', { email: 'ola@annet.no' });
});

it('makes static selections and shows them', async () => {
  const made = await kilde.api('POST', '/selections', { name: 'Invited', entity: 'person' });
  expect(made).toEqual({
    status: 201,
    body: { id: '1', name: 'Invited', entity: 'person', kind: 'static', createdAt: '2026-09-01T10:00:00.000Z' },
  });
  expect((await kilde.api('GET', '/selections/1')).body).toEqual(made.body);
  expect((await kilde.api('GET', '/selections?count=true')).body).toEqual({
    items: [made.body],
    nextCursor: null,
    count: 1,
  });
  expect((await kilde.api('GET', '/selections/2')).status).toBe(404);
});

it('puts people in and takes them out, each once', async () => {
  await kilde.api('POST', '/selections', { name: 'Invited', entity: 'person' });
  const put = await kilde.api('POST', '/selections/1/members', { ids: ['1', '2', '2', '77'] });
  expect(put).toEqual({ status: 200, body: { added: 2, unknown: ['77'] } });
  expect((await kilde.api('POST', '/selections/1/members', { ids: ['1'] })).body).toEqual({ added: 0, unknown: [] });
  const first = await kilde.api('GET', '/selections/1/members?limit=1&count=true');
  expect(first.body).toMatchObject({ items: [{ id: '1', name: 'Kari Nord' }], count: 2 });
  const second = await kilde.api('GET', `/selections/1/members?limit=1&cursor=${first.body.nextCursor}`);
  expect(second.body).toEqual({ items: [{ id: '2', name: 'ola@annet.no' }], nextCursor: null });
  expect((await kilde.api('DELETE', '/selections/1/members', { ids: ['1', '77'] })).body).toEqual({ removed: 1 });
  expect((await kilde.api('GET', '/selections/1/members')).body.items).toEqual([{ id: '2', name: 'ola@annet.no' }]);
});

it('holds companies too', async () => {
  await kilde.api('POST', '/selections', { name: 'Firms', entity: 'company' });
  await kilde.api('POST', '/selections/1/members', { ids: ['1'] });
  expect((await kilde.api('GET', '/selections/1/members')).body.items).toEqual([{ id: '1', name: 'Firma AS' }]);
});

it('is refused at the place of what is wrong', async () => {
  const post = async (path: string, body: object) => locations((await kilde.api('POST', path, body)).body);
  expect(await post('/selections', { name: 'A', entity: 'deal' })).toEqual(['body.entity']);
  expect(await post('/selections', { entity: 'person' })).toEqual(['body.name']);
  await kilde.api('POST', '/selections', { name: 'Invited', entity: 'person' });
  expect(await post('/selections/1/members', { ids: [] })).toEqual(['body.ids']);
  expect(await post('/selections/1/members', { ids: ['1', 'x'] })).toEqual(['body.ids[1]']);
  expect((await kilde.api('POST', '/selections/9/members', { ids: ['1'] })).status).toBe(404);
  expect((await kilde.api('DELETE', '/selections/9/members', { ids: ['1'] })).status).toBe(404);
  expect((await kilde.api('GET', '/selections/9/members')).status).toBe(404);
  await kilde.sql("UPDATE selection SET kind = 'dynamic'");
  expect((await kilde.api('POST', '/selections/1/members', { ids: ['1'] })).status).toBe(409);
});
