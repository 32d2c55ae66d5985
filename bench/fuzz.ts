import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import Database from 'libsql';
import { createApi } from '../src/api.ts';
import { apiRequests, arrivalRequests, formRequests } from '../test/support/fuzz-requests.ts';
import type { FuzzRequest } from '../test/support/fuzz-requests.ts';
import { formatTable } from './table.ts';

/**
 * `npm run bench:fuzz -- --runs 20000 --seed 1`: the requests of test/http/fuzz.test.ts, many more of them, to the whole local
 * start over HTTP, and all to one database. Prints what was answered and how long it took; fails where anything is answered 500, is
 * logged, takes longer than `slowMs` or leaves the database broken.
 */
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: '8' },
  },
});
/** Of a request on a busy machine, with its turn to wait for: the bound is for what grows with its input. */
const slowMs = 2_000;
const [runs, seed, clients] = [Number(options.runs), Number(options.seed), Number(options.clients)];
const directory = await mkdtemp(join(tmpdir(), 'kilde-fuzz-'));
const port = 20_000 + (process.pid % 20_000);
const key = 'fuzz-admin-key-of-more-than-32-characters';
const agent = new Agent({ keepAlive: true, maxSockets: clients });

/** What workerd itself says of a webhook's name that cannot be looked up: of the machine's network, not of the Worker. */
const ofTheNetwork = /failed to lookup address information|^\s*stack: \S*workerd@/;
const logged: string[] = [];
const child = spawn(process.execPath, ['tools/start.ts'], {
  env: { ...process.env, PORT: String(port), KILDE_DATA: directory, KILDE_ADMIN_KEY: key, KILDE_LIMITS: 'off' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
let isStarted = false;
await new Promise<void>((resolve, reject) => {
  child.once('exit', () => reject(new Error(`The start ended: ${logged.join('\n')}`)));
  const listen = (line: string) => {
    if (line.includes('Ctrl-C')) {
      isStarted = true;
      resolve();
    } else if (isStarted && !ofTheNetwork.test(line)) logged.push(line);
  };
  createInterface({ input: child.stdout }).on('line', listen);
  createInterface({ input: child.stderr }).on('line', (line) => void (ofTheNetwork.test(line) || logged.push(line)));
});

type Answer = { status: number; ms: number; sent: FuzzRequest };

function ask(sent: FuzzRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    // Node sends the body of a DELETE without its length, which the other side takes for the next request.
    const length = sent.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(sent.body)) };
    const asked = request(
      { agent, host: '127.0.0.1', port, path: sent.path, method: sent.method, headers: { ...sent.headers, ...length } },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve({ status: answer.statusCode!, ms: performance.now() - began, sent }));
        answer.once('error', reject);
      },
    );
    asked.once('error', reject);
    asked.end(sent.body);
  });
}

async function fuzz(requests: Iterator<FuzzRequest>): Promise<Answer[]> {
  const answers: Answer[] = [];
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let next = requests.next(); !next.done; next = requests.next()) answers.push(await ask(next.value));
    }),
  );
  return answers;
}

const { operations } = createApi({} as never);
const groups: Array<[string, fc.Arbitrary<FuzzRequest>, times: number]> = [
  ['forms', formRequests(), 1],
  ['arrivals, links, pages', arrivalRequests(), 1],
  [`API, ${operations.length} operations`, apiRequests(operations, key), 4],
];

try {
  const rows = [['', 'requests', '2xx', '3xx', '4xx', '5xx', 'p50 ms', 'p99 ms', 'most ms']];
  const bad: Answer[] = [];
  for (const [name, arbitrary, times] of groups) {
    const given = fc.sample(arbitrary, { numRuns: runs * times, seed });
    const answers = await fuzz(given.values());
    bad.push(...answers.filter(({ status, ms }) => status >= 500 || ms > slowMs));
    const of = (hundred: number) => String(answers.filter(({ status }) => Math.floor(status / 100) === hundred).length);
    const spent = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const at = (share: number) => spent[Math.min(spent.length - 1, Math.floor(spent.length * share))]!.toFixed(1);
    rows.push([name, String(answers.length), of(2), of(3), of(4), of(5), at(0.5), at(0.99), at(1)]);
  }
  console.log(formatTable(rows));
  for (const { status, ms, sent } of bad.slice(0, 20)) {
    console.log(`${status} after ${ms.toFixed(0)} ms: ${JSON.stringify(sent).slice(0, 2_000)}`);
  }
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('exit', resolve));
  const database = new Database(join(directory, 'kilde.db'));
  const [checked] = database.prepare('PRAGMA integrity_check').all() as Array<{ integrity_check: string }>;
  const dangling = database.prepare('PRAGMA foreign_key_check').all().length;
  database.close();
  console.log(
    `logged     ${logged.length} lines${logged.length > 0 ? `, the first: ${logged.slice(0, 5).join('\n  ')}` : ''}`,
  );
  console.log(`database   integrity ${checked?.integrity_check}, ${dangling} rows that point nowhere`);
  const isWhole = checked?.integrity_check === 'ok' && dangling === 0;
  process.exitCode = bad.length > 0 || logged.length > 0 || !isWhole ? 1 : 0;
} finally {
  child.kill('SIGKILL');
  agent.destroy();
  await rm(directory, { recursive: true, force: true });
}
