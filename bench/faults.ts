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
import { formatTable } from './table.ts';

/**
 * `npm run bench:faults -- --tries 300 --random 3000`: forms sent while the wire to the database, or the queue, fails in one way;
 * one in five is a second one of somebody who has sent one. Then all is mended, and the queue delivers in its way, which is twice and in
 * reverse unless the row says otherwise. What is stored is held against what was acknowledged, one row for each fault; fails where
 * anything acknowledged is missing or twice, or anything else is there that nobody can explain.
 */
const { values: options } = parseArgs({
  options: { tries: { type: 'string', default: '300' }, random: { type: 'string', default: '3000' } },
});

const reset = () => new TypeError('fetch failed');
type Wire = (send: () => Promise<Response>) => Promise<Response>;
type Messages = unknown[];
type Fault = {
  wire: Wire;
  /** What the queue does with what it is given; null: it takes it. */
  queue?: 'takes nothing' | 'takes and says no';
  /** What it delivers, batch by batch. */
  deliver?: (waiting: Messages) => Messages[];
  /** Whether the isolate has never seen the form. */
  isCold?: boolean;
};

const batchesOf = (list: Messages, size = 100) =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
/** The first time in reverse. */
const twice = (waiting: Messages) => [...batchesOf(waiting.toReversed()), ...batchesOf(waiting)];
const shuffled = (waiting: Messages) => waiting.toSorted(() => random() - 0.5);
const refused: Wire = async () => Promise.reject(reset());

const faults: Record<string, Fault> = {
  none: { wire: async (send) => send() },
  refused: { wire: refused },
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
  'nothing known of the form': { wire: refused, isCold: true },
  'queue: each twice at once': { wire: refused, deliver: (waiting) => batchesOf(waiting.flatMap((one) => [one, one])) },
  'queue: in reverse': { wire: refused, deliver: (waiting) => batchesOf(waiting.toReversed()) },
  'queue: in any order, singly': { wire: refused, deliver: (waiting) => batchesOf(shuffled(waiting), 1) },
  'queue: thrice, in any order': {
    wire: refused,
    deliver: (waiting) => batchesOf(shuffled([...waiting, ...waiting, ...waiting]), 7),
  },
  'queue takes nothing': { wire: refused, queue: 'takes nothing' },
  'queue takes and says no': { wire: refused, queue: 'takes and says no' },
  'stored, and the queue down': {
    wire: async (send) => new Response((await (await send()).text()).slice(0, 40)),
    queue: 'takes nothing',
  },
  'any of these, by chance': {
    wire: async (send) => chance()(send),
    deliver: (waiting) => batchesOf(shuffled([...waiting, ...waiting]), 20),
  },
};

let seed = 1;
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
}
function chance(): Wire {
  const wires = Object.values(faults).slice(0, 8);
  return wires[Math.floor(random() * wires.length)]!.wire;
}

const directory = await mkdtemp(join(tmpdir(), 'kilde-faults-'));
const server = await startLibsqlServer({ directory });
const silent = 'silence';

async function run(name: string): Promise<string[]> {
  const { wire, queue, deliver = twice, isCold = false } = faults[name]!;
  const tries = Number(name.startsWith('any') ? options.random : options.tries);
  const url = server.databaseUrl(name.replaceAll(/[^a-z0-9]+/g, '-'));
  await migrate({ url });
  const client = createClient({ url });
  await client.execute("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  const waiting: unknown[] = [];
  let isBroken = false;
  const deps = createDeps(
    {
      LIBSQL_URL: url,
      KILDE_DEMO: '1',
      JOURNEY_KEYS: 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4',
      ASSETS: {
        fetch: async (address) => new Response(await readFile(join('assets', new URL(address).pathname), 'utf8')),
      },
      SUBMISSIONS: {
        send: async (body: unknown) => {
          if (queue !== 'takes nothing') waiting.push(structuredClone(body));
          if (queue) throw new Error('queue is down');
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
  const notHere = async () => Promise.reject(new Error('not here'));
  const app = createApp({ deps, loadApi: notHere, loadAuth: notHere });
  const send = async (n: number) =>
    app.request('/f/demo', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `p${n % 5 === 4 ? n - 1 : n}@firma.no`, message: String(n) }),
    });
  // The isolate knows the settings, as one that has run for a moment does.
  if (!isCold) await send(-1);
  isBroken = true;
  const acknowledged = new Set<string>();
  let refusals = 0;
  for (let n = 0; n < tries; n += 1) {
    const answer = await send(n);
    if (answer.status === 201 || answer.status === 202) acknowledged.add((await answer.json<{ id: string }>()).id);
    else refusals += 1;
  }
  isBroken = false;
  for (const bodies of deliver(waiting)) {
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
  }
  const { rows } = await client.execute(
    "SELECT id, fields ->> 'message' AS message FROM submission WHERE fields ->> 'message' <> '-1'",
  );
  // Whose lead creation is not their earliest form: they were applied out of order.
  const { rows: late } = await client.execute(`SELECT count(*) AS n FROM submission s WHERE s.created_person = 1
    AND EXISTS (SELECT 1 FROM submission earlier WHERE earlier.person_id = s.person_id AND earlier.at < s.at)`);
  client.close();
  const stored = rows.map(({ id }) => id as string);
  const found = [...acknowledged].filter((id) => stored.includes(id)).length;
  const duplicates = rows.length - new Set(rows.map(({ message }) => message)).size;
  const others = stored.filter((id) => !acknowledged.has(id)).length;
  // Stored or queued, and the answer lost with no queue to save it: the visitor was told 503, and it is there all the same.
  if (found < acknowledged.size || duplicates > 0 || (others > 0 && !queue)) process.exitCode = 1;
  return [name, tries, acknowledged.size, refusals, waiting.length, found, duplicates, others, late[0]!['n']].map(
    String,
  );
}

try {
  const head = [
    'fault',
    'tries',
    'acknowledged',
    'answered 503',
    'queued',
    'found',
    'duplicates',
    'stored besides',
    'out of order',
  ];
  const rows = [head];
  for (const name of Object.keys(faults)) rows.push(await run(name));
  console.log(formatTable(rows));
} finally {
  await server.close();
  await rm(directory, { recursive: true, force: true });
}
// What a silent wire still waits for ends with the process.
process.exit();
