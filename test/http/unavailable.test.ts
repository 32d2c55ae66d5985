import { expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';

const faults: Array<[string, () => Promise<Response>]> = [
  ['refuses the connection', () => Promise.reject(new TypeError('connect ECONNREFUSED'))],
  ['answers 500', async () => new Response('oops', { status: 500 })],
  ['answers with something else', async () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
];

it.each(faults)('answers 503 while the database %s, keeps touches going, and recovers', async (_, fault) => {
  const kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  expect((await kilde.submit('demo', { email: 'a@firma.no' })).status).toBe(201);

  kilde.breakDatabase(fault);
  const form = await kilde.submit('demo', { email: 'b@firma.no' });
  expect([form.status, (await form.json<{ code: string }>()).code]).toEqual([503, 'unavailable']);
  expect((await kilde.request('/health')).status).toBe(503);
  expect((await kilde.request('/t?u=https://www.example.com/?utm_source=x')).status).toBe(204);

  kilde.breakDatabase(null);
  expect((await kilde.submit('demo', { email: 'b@firma.no' })).status).toBe(201);
  expect(await kilde.sql('SELECT count(*) AS n FROM person')).toEqual([{ n: 2 }]);
});

it('says at /health what is wrong with the database, and when it is right again', async () => {
  const kilde = await createTestApp();
  const health = async () => {
    const response = await kilde.request('/health');
    return [response.status, await response.json()];
  };
  const well = [200, { ok: true, database: 'ok' }];
  const unreachable = [503, { ok: false, database: 'unreachable' }];
  expect(await health()).toEqual(well);
  kilde.breakDatabase(() => Promise.reject(new TypeError('reset')));
  expect(await health()).toEqual(unreachable);
  // Silent: nobody waits for it longer than whoever asks.
  kilde.breakDatabase(() => new Promise(() => {}));
  const patience: number[] = [];
  kilde.deps.wait = async (milliseconds) => void patience.push(milliseconds);
  expect([await health(), patience]).toEqual([unreachable, [5_000]]);
  kilde.breakDatabase(null);
  kilde.deps.wait = () => new Promise(() => {});
  await kilde.sql('ALTER TABLE settings RENAME TO elsewhere');
  expect(await health()).toEqual([503, { ok: false, database: 'not migrated' }]);
  await kilde.sql('ALTER TABLE elsewhere RENAME TO settings');
  expect(await health()).toEqual(well);
});
