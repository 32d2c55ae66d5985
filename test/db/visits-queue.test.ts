import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startKilde } from '../../tools/serve.ts';
import type { Served } from '../../tools/serve.ts';

let directory: string;
let served: Served;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-visits-'));
  served = await startKilde({ dataDirectory: directory });
}, 60_000);

afterAll(async () => {
  await served.close();
  await rm(directory, { recursive: true, force: true });
});

it('counts visits by way of a queue, once each', async () => {
  const touches = Array.from({ length: 150 }, (_, index) =>
    fetch(`${served.url}t?u=${encodeURIComponent(`https://www.example.com/?utm_source=s${index % 120}`)}`),
  );
  for (const response of await Promise.all(touches)) expect(response.status).toBe(204);
  const client = createClient({ url: served.databaseUrl, authToken: served.databaseAuthToken });
  const read = async () =>
    (await client.execute('SELECT sum(visits) AS visits, count(DISTINCT origin_id) AS origins FROM visit_day')).rows[0];
  await vi.waitFor(async () => expect(await read()).toMatchObject({ visits: 150, origins: 120 }), {
    timeout: 30_000,
    interval: 100,
  });
  client.close();
}, 60_000);
