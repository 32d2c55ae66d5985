import { mkdtemp, rm } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@libsql/client/http';
import { createApp } from '../src/app.ts';
import { createDeps } from '../src/deps.ts';
import { consumeQueue } from '../src/jobs/consume-queue.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../tools/migrations.ts';

/**
 * `npm run bench:faults -- --tries 300`: forms sent while the wire to the database, or the queue, fails in one way. Then all is
 * mended, every message is delivered twice, the first time in reverse, and what is stored is held against what was
 * acknowledged. Prints one row for each fault; fails where anything acknowledged is missing or twice, or anything else is there.
 */
const { values: options } = parseArgs({ options: { tries: { type: 'string', default: '300' } } });
const tries = Number(options.tries);

const reset = () => new TypeError('fetch failed');
type Wire = (send: () => Promise<Response>) => Promise<Response>;
const faults: Record<string, { wire: Wire; queue?: 'down' }> = {
  none: { wire: async (send) => send() },
  refused: { wire: async () => Promise.reject(reset()) },
  'answer 500': { wire: async () => new Response('oops', { status: 500 }) },
  'reset before commit': { wire: async () => Promise.reject(reset()) },
  'reset after commit': {
    wire: async (send) =>
      send()
        .then(async (answer) => answer.text())
        .then(() => Promise.reject(reset())),
  },
  'half an answer': { wire: async (send) => new Response((await (await send()).text()).slice(0, 40)) },
  // The visitor's patience is cut to nothing: no time is waited for.
  'silence before commit': { wire: async () => new Promise(() => {}) },
  'silence after commit': {
    wire: async (send) => {
      await (await send()).text();
      return new Promise(() => {});
    },
  },
  'any of these, by chance': { wire: async (send) => chance()(send) },
  'refused, and the queue down': { wire: async () => Promise.reject(reset()), queue: 'down' },
};

let seed = 1;
function chance(): Wire {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  const wires = Object.values(faults).slice(0, 8);
  return wires[Math.floor((seed / 2 ** 31) * wires.length)]!.wire;
}

const directory = await mkdtemp(join(tmpdir(), 'kilde-faults-'));
const server = await startLibsqlServer({ directory });
const silent = 'silence';

async function run(name: string): Promise<string[]> {
  const { wire, queue } = faults[name]!;
  const url = server.databaseUrl(name.replaceAll(/[^a-z0-9]+/g, '-'));
  await migrate({ url });
  const client = createClient({ url });
  await client.execute("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  const waiting: unknown[] = [];
  let isBroken = false;
  const deps = createDeps(
    {
      LIBSQL_URL: url,
      JOURNEY_KEYS: 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4',
      ASSETS: {
        fetch: async (address) => new Response(await readFile(join('assets', new URL(address).pathname), 'utf8')),
      },
      SUBMISSIONS: {
        send: async (body: unknown) => {
          if (queue === 'down') throw new Error('queue is down');
          waiting.push(structuredClone(body));
        },
      } as unknown as Queue,
    },
    {
      fetch: async (...request) => {
        const send = async () => fetch(...request);
        return isBroken && String(request[0] instanceof Request ? request[0].url : request[0]).startsWith(url)
          ? wire(send)
          : send();
      },
      wait: async () =>
        isBroken && (name.startsWith(silent) || name.startsWith('any'))
          ? new Promise((done) => setTimeout(done, 50))
          : new Promise(() => {}),
    },
  );
  await deps.loadTables();
  const app = createApp({ deps, loadApi: async () => Promise.reject(new Error('not here')) });
  const send = async (n: number) =>
    app.request('/f/demo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `p${n}@firma${n % 7}.no`, message: String(n) }),
    });
  // The isolate knows the settings, as one that has run for a moment does.
  await send(-1);
  isBroken = true;
  const acknowledged = new Set<string>();
  let refused = 0;
  for (let n = 0; n < tries; n += 1) {
    const answer = await send(n);
    if (answer.status === 201 || answer.status === 202) acknowledged.add((await answer.json<{ id: string }>()).id);
    else refused += 1;
  }
  isBroken = false;
  const deliver = async (bodies: unknown[]) => {
    const messages = bodies.map((body, n) => ({
      id: `m${n}`,
      body,
      attempts: 1,
      timestamp: new Date(0),
      ack() {},
      retry() {},
    }));
    await consumeQueue({
      deps,
      batch: { queue: 'kilde-submissions', messages, ackAll() {}, retryAll() {} } as unknown as MessageBatch,
    });
  };
  await deliver(waiting.toReversed());
  await deliver(waiting);
  const { rows } = await client.execute(
    "SELECT id, fields ->> 'message' AS message FROM submission WHERE fields ->> 'message' <> '-1'",
  );
  client.close();
  const stored = rows.map(({ id }) => id as string);
  const found = [...acknowledged].filter((id) => stored.includes(id)).length;
  const duplicates = rows.length - new Set(rows.map(({ message }) => message)).size;
  const others = stored.filter((id) => !acknowledged.has(id)).length;
  if (found < acknowledged.size || duplicates > 0 || (others > 0 && queue !== 'down')) process.exitCode = 1;
  return [name, tries, acknowledged.size, refused, waiting.length, found, duplicates, others].map(String);
}

try {
  const head = ['fault', 'tries', 'acknowledged', 'answered 503', 'queued', 'found', 'duplicates', 'stored besides'];
  const rows = [head];
  for (const name of Object.keys(faults)) rows.push(await run(name));
  for (const row of rows) console.log(row.map((cell, n) => (n === 0 ? cell.padEnd(30) : cell.padStart(14))).join(''));
} finally {
  await server.close();
  await rm(directory, { recursive: true, force: true });
}
// What a silent wire still waits for ends with the process.
process.exit();
