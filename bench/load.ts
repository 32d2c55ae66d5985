import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { readHeavily } from './heavy-reader.ts';
import type { HeavyTally } from './heavy-reader.ts';
import { childrenOf } from './http/processor-time.ts';
import { makeWorld } from './make-world.ts';

/**
 * `npm run bench:load -- --seconds 240 --clients 16 --kills 20`: forms sent to the whole local start, over loopback alone. First
 * for some time without a pause: throughput, latency and its spread, errors, memory all the way and after `--rest` seconds. Then the start
 * is killed (-9) in the middle of the load, again and again: nothing acknowledged may be missing, and the file stays whole.
 *
 * `npm run bench:load -- --readers 2 --people 30000 --turns 6 --seconds 60 --clients 4`: forms with and without somebody who reads heavily
 * with a key that may only read, turn by turn over a world of so many people: criteria, calculator and Markov at their bounds, and an
 * export of everybody (heavy-reader.ts). Each client waits `--pause` milliseconds between two forms.
 */
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    clients: { type: 'string', default: '16' },
    kills: { type: 'string', default: '20' },
    rest: { type: 'string', default: '15' },
    readers: { type: 'string', default: '0' },
    people: { type: 'string', default: '30000' },
    turns: { type: 'string', default: '6' },
    pause: { type: 'string', default: '20' },
  },
});
const clients = Number(options.clients);
const sampleSeconds = 10;
const restSeconds = Number(options.rest);
const directory = await mkdtemp(join(tmpdir(), 'kilde-load-'));
const port = 20_000 + (process.pid % 20_000);
const address = `http://127.0.0.1:${port}`;
const acknowledged = new Set<string>();
let sent = 0;

type Tally = { taken: number; refused: number; lost: number; times: number[] };

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['tools/start.ts'], {
    env: { ...process.env, PORT: String(port), KILDE_DATA: directory, KILDE_LIMITS: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The start ended.')));
    child.stdout.on('data', (text: Buffer) => text.includes('Admin key') && resolve());
  });
  return child;
}

/** Sends forms until told to stop; one in ten from somebody known. */
async function client(tally: Tally, isOver: () => boolean, pauseMs: number): Promise<void> {
  while (!isOver()) {
    if (pauseMs > 0) await wait(pauseMs);
    sent += 1;
    const email = sent % 10 === 0 ? `p${sent >> 1}@firma${sent % 1_000}.no` : `p${sent}@firma${sent % 1_000}.no`;
    const body = JSON.stringify({
      email,
      name: 'Kari Nordmann',
      _page: `https://firma.no/?utm_source=s${sent % 50}&utm_medium=cpc`,
    });
    const began = performance.now();
    try {
      const response = await fetch(`${address}/f/demo`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const answer: { id: string } = JSON.parse(await response.text());
      if (response.status === 201) {
        acknowledged.add(answer.id);
        tally.taken += 1;
      } else tally.refused += 1;
    } catch {
      tally.lost += 1;
    }
    tally.times.push(performance.now() - began);
  }
}

async function load(isOver: () => boolean, { pauseMs = 0 } = {}): Promise<Tally> {
  const tally: Tally = { taken: 0, refused: 0, lost: 0, times: [] };
  await Promise.all(Array.from({ length: clients }, async () => client(tally, isOver, pauseMs)));
  return tally;
}

/** Memory of their own of the start and of the workerd it runs, in MiB; pages of the database's file that are mapped are told apart. */
async function memoryOf(pid: number): Promise<string> {
  const own = async (id: number) => {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    const kind = (name: string) => Number(new RegExp(String.raw`${name}:\s+(\d+)`).exec(status)?.[1] ?? 0) / 1_024;
    return { anonymous: kind('RssAnon'), mapped: kind('RssFile') };
  };
  const below = await Promise.all((await childrenOf(pid)).map(own));
  const start = await own(pid);
  const workerd = below.reduce((sum, one) => sum + one.anonymous, 0);
  return `Node ${Math.round(start.anonymous)} (and ${Math.round(start.mapped)} mapped), workerd ${Math.round(workerd)} MiB`;
}

function check(): { missing: number; twice: number; integrity: string } {
  const database = new Database(join(directory, 'kilde.db'));
  const rows = database.prepare('SELECT id FROM submission WHERE person_id IS NOT NULL').all() as Array<{ id: string }>;
  const stored = new Set(rows.map(({ id }) => id));
  const [{ integrity_check: integrity } = { integrity_check: '?' }] = database
    .prepare('PRAGMA integrity_check')
    .all() as Array<{ integrity_check: string }>;
  database.close();
  const missing = [...acknowledged].filter((id) => !stored.has(id)).length;
  return { missing, twice: rows.length - stored.size, integrity };
}

const quantile = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
const spread = (times: number[]) =>
  [0.5, 0.9, 0.99, 1].map((share) => quantile(times, share).toFixed(1).padStart(8)).join(' ');

/** A key that may only read, made with the administrator's. */
async function makeReadKey(): Promise<string> {
  const { adminKey } = JSON.parse(await readFile(join(directory, 'secrets.json'), 'utf8')) as { adminKey: string };
  const response = await fetch(`${address}/api/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'heavy reader', scopes: ['read'] }),
  });
  const { key } = await response.json<{ key?: string }>();
  if (!key) throw new Error(`No key was made: ${response.status}.`);
  return key;
}

/** Forms alone and forms beside heavy reads, in turn. */
async function compareWithReaders(): Promise<void> {
  await copyFile(await makeWorld(Number(options.people)), join(directory, 'kilde.db'));
  const child = await start();
  try {
    const key = await makeReadKey();
    const turns = Math.max(2, Number(options.turns));
    const turnMs = (Number(options.seconds) * 1_000) / turns;
    const pauseMs = Number(options.pause);
    const heavy: HeavyTally = {};
    const forms = { alone: [] as number[], beside: [] as number[] };
    let failed = 0;
    // What is compiled and cached first belongs to neither.
    await load(untilAfter(2_000), { pauseMs });
    for (let turn = 0; turn < turns; turn += 1) {
      const isBeside = turn % 2 === 1;
      const over = new AbortController();
      const reading = Array.from({ length: isBeside ? Number(options.readers) : 0 }, async (_, first) =>
        readHeavily({ address, key, first, tally: heavy, over: over.signal }),
      );
      const { times, refused, lost } = await load(untilAfter(turnMs), { pauseMs });
      over.abort();
      await Promise.all(reading);
      failed += refused + lost;
      forms[isBeside ? 'beside' : 'alone'].push(...times);
    }
    console.log(
      `forms, ms         count      p50      p90      p99     most   (${clients} clients, ${options.people} people)`,
    );
    for (const [name, times] of Object.entries(forms)) {
      console.log(`${name.padEnd(16)} ${String(times.length).padStart(6)} ${spread(times)}`);
    }
    console.log(`not stored       ${String(failed).padStart(6)}`);
    console.log(`heavy reads, ms   count      p50      p90      p99     most   (${options.readers} readers)`);
    for (const [name, { times, statuses }] of Object.entries(heavy)) {
      const answers = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
      console.log(`${name.padEnd(16)} ${String(times.length).padStart(6)} ${spread(times)}   ${answers.join(', ')}`);
    }
  } finally {
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

function untilAfter(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() > end;
}

async function loadAndKill(): Promise<void> {
  let child = await start();
  const tell = async (when: string) =>
    console.log(`${when.padEnd(12)} ${String(acknowledged.size).padStart(8)} forms  ${await memoryOf(child.pid!)}`);
  await wait(500);
  await tell('at the start');
  const began = performance.now();
  const end = began + Number(options.seconds) * 1_000;
  const samples = setInterval(
    () => void tell(`${Math.round((performance.now() - began) / 1_000)} s`),
    sampleSeconds * 1_000,
  );
  const { taken, refused, lost, times } = await load(() => performance.now() > end);
  clearInterval(samples);
  await tell('at the end');
  await wait(restSeconds * 1_000);
  await tell(`${restSeconds} s later`);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1);
  console.log(
    `sustained  ${options.seconds} s, ${clients} clients: ${Math.round(taken / Number(options.seconds))} a second, ${refused} refused, ${lost} lost`,
  );
  console.log(`latency    p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  most ${at(1)} ms`);

  let kills = 0;
  for (; kills < Number(options.kills); kills += 1) {
    let dead = false;
    const killing = wait(200 + ((kills * 137) % 700)).then(() => {
      child.kill('SIGKILL');
      dead = true;
    });
    await load(() => dead);
    await killing;
    child = await start();
  }
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('exit', resolve));
  const { missing, twice, integrity } = check();
  console.log(
    `killed     ${kills} times: ${acknowledged.size} acknowledged, ${missing} missing, ${twice} twice, integrity ${integrity}`,
  );
  process.exitCode = missing + twice > 0 || integrity !== 'ok' ? 1 : 0;
}

try {
  await (Number(options.readers) > 0 ? compareWithReaders() : loadAndKill());
} finally {
  await rm(directory, { recursive: true, force: true });
}
