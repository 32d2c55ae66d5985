import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startKilde } from '../../tools/serve.ts';
import type { Served } from '../../tools/serve.ts';

/** The built Worker with a queue of Miniflare's, and a wire to the database that can be cut. */

let directory: string;
let served: Served | undefined;
let wire: Server;
let isCut = false;
let cut = 0;
/** Cuts the wire once the database has answered: what was sent is stored, and nobody is told. */
let isCutLate = false;

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const drop = () => {
    cut += 1;
    request.socket.destroy();
  };
  if (isCut || !served) return drop();
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const answer = await fetch(new URL(request.url!, served.databaseUrl), {
    method: request.method!,
    headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
    ...(request.method === 'POST' ? { body: Buffer.concat(parts) } : {}),
  });
  const text = await answer.text();
  if (isCutLate) return drop();
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-submissions-'));
  wire = createServer((request, response) => void pass(request, response));
  await new Promise<void>((done) => wire.listen(0, '127.0.0.1', done));
  const { port } = wire.address() as AddressInfo;
  served = await startKilde({
    dataDirectory: directory,
    hasSubmissionsQueue: true,
    bindings: { LIBSQL_URL: `http://127.0.0.1:${port}/` },
  });
}, 60_000);

afterAll(async () => {
  await served?.close();
  wire.closeAllConnections();
  wire.close();
  await rm(directory, { recursive: true, force: true });
});

async function send(n: number, form = 'demo'): Promise<string> {
  const response = await fetch(`${served!.url}f/${form}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `p${n}@firma.no`, message: String(n) }),
  });
  expect(response.status).toBe(201);
  return (await response.json<{ id: string }>()).id;
}

it(
  'takes forms while the database is away, and stores each once by way of the queue',
  { timeout: 120_000 },
  async () => {
    // Before anything is known of any form: one that is there is stored, one that is not is set aside.
    isCut = true;
    const lost = await send(0, 'no-such');
    const taken = [await send(1)];
    isCut = false;
    const client = createClient({ url: served!.databaseUrl, authToken: served!.databaseAuthToken });
    const count = async (table: string) =>
      Number((await client.execute(`SELECT count(*) AS n FROM ${table}`)).rows[0]!['n']);
    await vi.waitFor(async () => expect([await count('submission'), await count('dead_letter')]).toEqual([1, 1]), {
      timeout: 60_000,
      interval: 100,
    });
    const { rows: letters } = await client.execute("SELECT reason, payload ->> '$.inbound.id' AS id FROM dead_letter");
    expect(letters).toEqual([{ reason: 'not_found', id: lost }]);

    // Known now: at once while the wire holds, by the queue while it is cut, and by both where it is cut after storing.
    taken.push(await send(2));
    for (const late of [false, true]) {
      [isCut, isCutLate] = [!late, late];
      const before = cut;
      taken.push(...(await Promise.all(Array.from({ length: 30 }, async (_, n) => send((late ? 200 : 100) + n)))));
      expect(cut - before).toBeGreaterThanOrEqual(30);
    }
    [isCut, isCutLate] = [false, false];
    await vi.waitFor(async () => expect(await count('submission')).toBe(62), { timeout: 60_000, interval: 100 });
    const { rows } = await client.execute('SELECT id, person_id FROM submission ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(taken.toSorted());
    expect(new Set(rows.map((row) => row['person_id'])).size).toBe(62);
    client.close();
  },
);
