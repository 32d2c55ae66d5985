import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeps } from '../../src/deps.ts';
import type { Deps } from '../../src/http/deps.ts';
import { runJobs } from '../../src/jobs/run-jobs.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';

/** Receivers are real servers on loopback. Time is the test's: what would wait for 15 s ends when the test says so. */

const start = Date.parse('2026-09-01T10:00:00Z');
const minute = 60_000;

let directory: string;
let database: LibsqlServer;
let client: Client;
let deps: Deps;
let now: number;
let timers: Array<{ milliseconds: number; controller: AbortController }>;
let receivers: Receiver[];
let lines: string[];

type Receiver = { url: string; server: Server; count: number; most: number; reached: (count: number) => Promise<void> };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-deliveries-'));
  database = await startLibsqlServer({ path: join(directory, 'kilde.db') });
  await migrate({ url: database.url });
  client = createClient({ url: database.url });
  now = start;
  timers = [];
  receivers = [];
  lines = [];
  deps = newIsolate();
  for (const level of ['warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...told: unknown[]) => lines.push(told.join(' ')));
  }
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const { server } of receivers) {
    server.closeAllConnections();
    server.close();
  }
  client.close();
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

function newIsolate(): Deps {
  const made = createDeps(
    {
      LIBSQL_URL: database.url,
      ASSETS: { fetch: async (path: string) => new Response(await readFile(`assets${new URL(path).pathname}`)) },
      JOURNEY_KEYS: 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4',
      KILDE_PRIVATE_ADDRESSES: '1',
    },
    { clock: () => now, wait: () => new Promise(() => {}) },
  );
  made.abortAfter = (milliseconds) => {
    const controller = new AbortController();
    timers.push({ milliseconds, controller });
    return controller.signal;
  };
  return made;
}

const run = async (isolate = deps) => runJobs({ deps: isolate, now });

/** Lets the time that a receiver is waited for be over: for those that are waited for now, or were then. */
function endWaiting(waited = timers): void {
  for (const { milliseconds, controller } of waited) {
    if (milliseconds <= 15_000) controller.abort(new DOMException('too late', 'TimeoutError'));
  }
}

async function startReceiver(answer: (response: ServerResponse, count: number) => void): Promise<Receiver> {
  const waiting: Array<{ count: number; resolve: () => void }> = [];
  let open = 0;
  const server = createServer((request, response) => {
    receiver.count += 1;
    open += 1;
    receiver.most = Math.max(receiver.most, open);
    response.on('close', () => (open -= 1));
    request.resume();
    request.on('end', () => answer(response, receiver.count));
    for (const { count, resolve } of waiting) if (receiver.count >= count) resolve();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret`,
    server,
    count: 0,
    most: 0,
    reached: async (count) =>
      new Promise((resolve) => {
        if (receiver.count >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
  receivers.push(receiver);
  return receiver;
}

const hangs = () => startReceiver(() => {});
const accepts = () => startReceiver((response) => response.writeHead(204).end());

async function addWebhook({ url }: { url: string }): Promise<void> {
  await client.execute({
    sql: `INSERT INTO webhook (name, url, secret, events, created_at) VALUES ('x', ?, 'whsec_c2VjcmV0', '["deal.won"]', 0)`,
    args: [url],
  });
}

/** Events of deals that have gone, each for all webhooks; of nobody, or of one person in order. */
async function addEvents(count: number, personId: number | null = null): Promise<void> {
  await client.execute({
    sql: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
      INSERT INTO event (type, person_id, subject_id, at) SELECT 'deal.won', ?, i, ? FROM n`,
    args: [count, personId, now],
  });
}

async function addSchedule(targets: unknown[]): Promise<void> {
  await client.execute({
    sql: `INSERT INTO schedule (name, report_id, cron, time_zone, language, targets, next_at, created_at, updated_at)
      VALUES ('Leads', 'new-leads-by-lead-creation-source', '0 8 * * 1', 'Europe/Oslo', 'en', ?, ?, 0, 0)`,
    args: [JSON.stringify(targets), now],
  });
}

const rows = async (sql: string) => (await client.execute(sql)).rows as Array<Record<string, any>>;
const receiverRow = async () => (await rows('SELECT * FROM receiver'))[0];

describe('a receiver that never answers', () => {
  it('delays no other: in the same run the healthy one gets all, and schedules run and are sent', async () => {
    const [hanging, healthy, chat] = [await hangs(), await accepts(), await accepts()];
    await addWebhook(hanging);
    await addWebhook(healthy);
    await addSchedule([{ kind: 'chat', url: chat.url, format: 'slack' }]);
    await addEvents(300);
    const running = run();
    await Promise.all([hanging, healthy, chat].map(async ({ reached }) => reached(1)));
    const waited = [...timers];
    await healthy.reached(300);
    // Nobody has waited: the hanging one still hangs.
    expect(hanging.count).toBe(1);
    endWaiting(waited);
    await running;
    expect(
      await rows("SELECT count(*) AS n FROM event_delivery WHERE webhook_id = 2 AND status = 'delivered'"),
    ).toEqual([{ n: 300 }]);
    expect(await rows('SELECT status FROM report_run')).toEqual([{ status: 'done' }]);
    expect(healthy.most).toBeLessThanOrEqual(4);
    const waiting = await rows(
      'SELECT attempts, last_error AS error FROM event_delivery WHERE webhook_id = 1 ORDER BY id',
    );
    expect(waiting[0]).toEqual({ attempts: 1, error: 'The receiver did not answer within 15 s.' });
    expect(waiting.slice(1).every(({ attempts, error }) => attempts === 0 && error === null)).toBe(true);
  });

  it('is left alone for growing intervals, by every isolate, with one try at the end of each', async () => {
    const hanging = await hangs();
    await addWebhook(hanging);
    await addEvents(20);
    const intervals = [];
    for (let failures = 1; failures <= 8; failures += 1) {
      const running = run(newIsolate());
      await hanging.reached(failures);
      endWaiting();
      await running;
      const { retry_at: retryAt, failures: stored } = (await receiverRow())!;
      expect(stored).toBe(failures);
      intervals.push((retryAt - now) / 1000);
      now = retryAt - 1;
      await run(newIsolate());
      expect(hanging.count).toBe(failures);
      now = retryAt;
    }
    expect(intervals).toEqual([5, 60, 300, 900, 1800, 3600, 3600, 3600]);
    expect(hanging.most).toBe(1);
    // One line for each time, with the host and nothing else of the address.
    const told = lines.filter((line) => line.includes('127.0.0.1'));
    expect(told).toHaveLength(8);
    expect(lines.join('\n')).not.toMatch(/secret|hook|\bat /);
  });

  it('gets all that waits once it answers again, those of one person in order', async () => {
    let isWell = false;
    const receiver = await startReceiver((response) => response.writeHead(isWell ? 204 : 500).end());
    await addWebhook(receiver);
    await addEvents(30, 1);
    await addEvents(30);
    await run();
    // Three answers in a row, and what was in flight then.
    const tried = receiver.count;
    expect(tried).toBeLessThanOrEqual(6);
    isWell = true;
    now += 5 * minute;
    await run();
    expect(receiver.count).toBe(tried + 60);
    expect(await rows("SELECT count(*) AS n FROM event_delivery WHERE status = 'delivered'")).toEqual([{ n: 60 }]);
    const ended = await rows('SELECT finished_at FROM event_delivery WHERE person_id = 1 ORDER BY event_id');
    expect(ended.every(({ finished_at: at }, n) => n === 0 || at >= ended[n - 1]!['finished_at'])).toBe(true);
    expect(await receiverRow()).toBeUndefined();
  });

  it('holds up nobody when there are many of it', async () => {
    const hanging = await Promise.all(Array.from({ length: 4 }, hangs));
    const healthy = await accepts();
    for (const one of [...hanging, healthy]) await addWebhook(one);
    await addEvents(50);
    const running = run();
    await Promise.all([...hanging, healthy].map(async ({ reached }) => reached(1)));
    const waited = [...timers];
    await healthy.reached(50);
    endWaiting(waited);
    await running;
    expect(hanging.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
  });

  it('is given up on after days: what waits is dead, with the reason', async () => {
    const receiver = await startReceiver((response) => response.writeHead(500).end());
    await addWebhook(receiver);
    await addEvents(100);
    for (let hours = 0; hours <= 100; hours += 2) {
      await run();
      now += 120 * minute;
    }
    expect(await rows('SELECT DISTINCT status, last_error AS error FROM event_delivery')).toEqual([
      { status: 'dead', error: 'The receiver answered 500. It has failed since 2026-09-01T10:00:00.000Z.' },
    ]);
  });

  it('is sent to by one run at a time', async () => {
    const hanging = await hangs();
    await addWebhook(hanging);
    await addEvents(20);
    const first = run();
    await hanging.reached(1);
    await run(newIsolate());
    expect(hanging.count).toBe(1);
    endWaiting();
    await first;
  });
});

describe('what a receiver answers', () => {
  it.each([
    ['a body without end', (response: ServerResponse) => response.writeHead(200).write('{'), 'delivered', null],
    ['a redirect to itself', (r: ServerResponse) => r.writeHead(302, { location: '/' }).end(), 'pending', 5],
    ['429 and a time', (r: ServerResponse) => r.writeHead(429, { 'retry-after': '120' }).end(), 'pending', 120],
    [
      '503 and a date',
      (r: ServerResponse) => r.writeHead(503, { 'retry-after': new Date(start + 600_000).toUTCString() }).end(),
      'pending',
      600,
    ],
    ['429 and a year', (r: ServerResponse) => r.writeHead(429, { 'retry-after': '31536000' }).end(), 'pending', 86_400],
    ['429 and nonsense', (r: ServerResponse) => r.writeHead(429, { 'retry-after': '-5; soon' }).end(), 'pending', 5],
  ])('%s: bounded, and followed', async (_, answer, status, seconds) => {
    const receiver = await startReceiver(answer);
    await addWebhook(receiver);
    await addEvents(1);
    await run();
    expect(receiver.count).toBe(1);
    const [delivery] = await rows('SELECT status, next_at FROM event_delivery');
    expect(delivery!['status']).toBe(status);
    if (seconds === null) return;
    expect((delivery!['next_at'] - now) / 1000).toBe(seconds);
    expect(((await receiverRow())!['retry_at'] - now) / 1000).toBe(seconds);
  });

  it('byte by byte, without an end of its headers: as one that never answers', async () => {
    const receiver = await startReceiver((response) => response.socket!.write('HTTP/1.1 200 OK\r\nx-slow: a'));
    await addWebhook(receiver);
    await addEvents(3);
    const running = run();
    await receiver.reached(1);
    endWaiting();
    await running;
    expect((await receiverRow())!['last_error']).toBe('The receiver did not answer within 15 s.');
  });

  it('410 pauses a webhook and the target of a schedule, and says so', async () => {
    const receiver = await startReceiver((response) => response.writeHead(410).end());
    await addWebhook(receiver);
    await addEvents(10);
    await run();
    now += minute;
    await run();
    expect(receiver.count).toBe(1);
    expect(await rows('SELECT enabled, disabled_reason AS reason FROM webhook')).toEqual([
      { enabled: 0, reason: 'The receiver answered 410 Gone.' },
    ]);
    expect(await rows('SELECT DISTINCT status, last_error AS error FROM event_delivery')).toEqual([
      { status: 'dead', error: 'The receiver answered 410 Gone.' },
    ]);
    const chat = await startReceiver((response) => response.writeHead(410).end());
    await addSchedule([{ kind: 'chat', url: chat.url, format: 'slack' }]);
    await run();
    await client.execute(`UPDATE schedule SET next_at = ${now}, cron = '* * * * *'`);
    now += minute;
    await run();
    expect(chat.count).toBe(1);
    const sent = await rows('SELECT status, last_error AS error FROM delivery ORDER BY id');
    expect(sent.map(({ status }) => status)).toEqual(['dead', 'dead']);
    expect(sent[1]!['error']).toMatch(/^The receiver answered 410 Gone\. Nothing is sent to it until/);
  });
});

it('lets a job that hangs stop none of the others', async () => {
  const healthy = await accepts();
  await addWebhook(healthy);
  await addEvents(5);
  const hangsOn = /INSERT INTO settling/;
  const { batch } = deps.db.$client;
  deps.db.$client.batch = async (statements, mode) =>
    hangsOn.test(JSON.stringify(statements)) ? new Promise(() => {}) : batch.call(deps.db.$client, statements, mode);
  const running = run();
  await healthy.reached(5);
  for (const { controller } of timers) controller.abort(new DOMException('too late', 'TimeoutError'));
  await running;
  expect(lines).toContain('job rollUpReports did not end within 60 s; the next run goes on');
});
