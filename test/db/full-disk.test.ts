import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@libsql/client/http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { createDeps } from '../../src/deps.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';

let directory: string;
let path: string;
let server: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-full-'));
  path = join(directory, 'kilde.db');
});

afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

/** Serves the database from a process that may write no file longer than so many bytes: to it, the disk is full there. */
async function serve(longest?: number): Promise<string> {
  const limit = longest === undefined ? '' : `ulimit -f ${Math.ceil(longest / 512)};`;
  const command = `${limit} exec "$0" tools/libsql-server/main.ts --path "$1" --port 0`;
  server = spawn('/bin/sh', ['-c', command, process.execPath, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: server.stdout! }), 'line')) as [string];
  return /http:\S+/.exec(line)![0];
}

async function stop(): Promise<void> {
  if (!server) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
  server = undefined;
}

/** The product over a database; with a queue, what it is given is kept. */
async function openApp(url: string, { queued }: { queued?: unknown[] } = {}) {
  const deps = createDeps(
    {
      LIBSQL_URL: url,
      JOURNEY_KEYS: 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4',
      ASSETS: {
        fetch: async (address) => new Response(await readFile(join('assets', new URL(address).pathname), 'utf8')),
      },
      ...(queued ? { SUBMISSIONS: { send: async (body: unknown) => void queued.push(body) } as unknown as Queue } : {}),
    },
    { wait: () => new Promise(() => {}) },
  );
  await deps.loadTables();
  const notHere = async () => Promise.reject(new Error('not here'));
  const app = createApp({ deps, loadApi: notHere, loadAuth: notHere });
  return {
    submit: async (n: number) =>
      app.request('/f/contact', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: `p${n}@firma${n}.no`, message: 'x'.repeat(2000) }),
      }),
    health: async () => {
      const answer = await app.request('/health');
      return [answer.status, await answer.json()];
    },
  };
}

it('answers forms 503 while the disk is full, says so at /health, and loses nothing it has acknowledged', async () => {
  const made = await startLibsqlServer({ path });
  await migrate({ url: made.url });
  const client = createClient({ url: made.url });
  await client.execute("INSERT INTO form (key, name, site_id, created_at) VALUES ('contact', 'Contact', 1, 0)");
  client.close();
  await made.close();
  const { size } = await stat(path);

  const url = await serve(size + 100_000);
  const queued: unknown[] = [];
  const [kilde, withQueue] = [await openApp(url), await openApp(url, { queued })];
  expect(await kilde.health()).toEqual([200, { ok: true, database: 'ok' }]);
  // It knows the form and the settings, as an isolate that has run for a moment does.
  expect((await withQueue.submit(0)).status).toBe(201);
  const acknowledged = [0];
  let refused: Response | undefined;
  for (let n = 1; !refused; n += 1) {
    const answer = await kilde.submit(n);
    if (answer.status === 201) acknowledged.push(n);
    else refused = answer;
  }
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await refused.json()).toMatchObject({ code: 'unavailable' });
  expect((await withQueue.submit(9999)).ok).toBe(true);
  expect(queued).toHaveLength(1);
  // A single page may still fit, until none does.
  const filling = createClient({ url });
  const fill = async (): Promise<void> =>
    filling.execute("UPDATE form SET name = name || '.' WHERE key = 'contact'").then(fill);
  await expect(fill()).rejects.toThrow(/SQLITE_(FULL|IOERR)/);
  filling.close();
  const { health } = await openApp(url);
  expect(await health()).toEqual([503, { ok: false, database: expect.stringMatching(/^(disk full|not writable)$/) }]);

  await stop();
  const mended = await serve();
  const again = await openApp(mended);
  expect(await again.health()).toEqual([200, { ok: true, database: 'ok' }]);
  expect((await again.submit(10_000)).status).toBe(201);
  const stored = createClient({ url: mended });
  const { rows } = await stored.execute('SELECT email FROM person');
  expect(new Set(rows.map(({ email }) => email))).toEqual(
    new Set([...acknowledged, 10_000].map((n) => `p${n}@firma${n}.no`)),
  );
  stored.close();
});
