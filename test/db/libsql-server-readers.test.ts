import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tooMuchForDatabase } from '../../src/db/too-much-for-database.ts';
import { openDatabaseFile } from '../../tools/libsql-server/database-file.ts';
import { WriteRefused } from '../../tools/libsql-server/errors.ts';
import { createReaderPool } from '../../tools/libsql-server/reader-pool.ts';
import { openReaderConnection } from '../../tools/libsql-server/reader-connection.ts';
import { splitSingle } from '../../tools/libsql-server/connection.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer, LibsqlServerOptions } from '../../tools/libsql-server/start-libsql-server.ts';
import { createTestClock } from '../support/libsql-test-clock.ts';

let folder: string;
let path: string;
let server: LibsqlServer | undefined;
const clock = createTestClock();
const clients: Client[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
  path = join(folder, 'test.db');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  const closed = server?.close();
  // Whatever still reads is ended.
  for (let tries = 0; tries < 5; tries += 1) {
    await new Promise((done) => setImmediate(done));
    clock.advance(20_000);
  }
  await closed;
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<LibsqlServerOptions> = {}): Promise<Client> {
  server = await startLibsqlServer({ path, clock, ...options });
  const client = connect();
  await client.executeMultiple('CREATE TABLE t (x); INSERT INTO t VALUES (1), (2), (3)');
  return client;
}

function connect(fetch?: typeof globalThis.fetch): Client {
  const client = createClient(fetch ? { url: server!.url, fetch } : { url: server!.url });
  clients.push(client);
  return client;
}

/** A read that never ends by itself; `mark` makes it another text. */
const endless = (mark = 0) =>
  `WITH RECURSIVE n (i) AS (SELECT ${mark} UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n WHERE i < 0`;
/** Gives a row, and then never another. */
const endlessRows = 'WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 1';
const count = async (client: Client) => (await client.execute('SELECT count(*) AS n FROM t')).rows[0]!['n'];

it.each([
  ['that gives one row', endless()],
  ['that gives its rows slowly', endlessRows],
  ['in a part of its text', `SELECT x, (${endless()}) FROM t`],
])('goes on beside a read %s, which ends after its time', async (_, sql) => {
  const client = await start();
  const started = clock.waitForTimer(10_000);
  const read = expect(connect().execute(sql)).rejects.toMatchObject({
    code: 'SQLITE_INTERRUPT',
    message: expect.stringContaining('took longer than 10 seconds') as string,
  });
  await started;
  await client.execute('INSERT INTO t VALUES (4)');
  await client.batch(['INSERT INTO t VALUES (5)', 'INSERT INTO t VALUES (6)'], 'write');
  expect(await count(client)).toBe(6);
  clock.advance(10_000);
  await read;
  expect(await count(client)).toBe(6);
});

it('is answered by the API as too expensive, with the time it had', async () => {
  await start();
  const started = clock.waitForTimer(10_000);
  const failed = connect()
    .execute(endless())
    .catch((error: unknown) => error);
  await started;
  clock.advance(10_000);
  expect(tooMuchForDatabase(await failed)).toMatchObject({
    code: 'too_expensive',
    message:
      'The query took longer than 10 seconds. Ask for a shorter period, fewer conditions or fewer counted relations.',
  });
});

it('ends a batch of reads whole', async () => {
  const client = await start();
  const started = clock.waitForTimer(10_000);
  const read = expect(client.batch(['SELECT x FROM t', endless(), 'SELECT 1'], 'read')).rejects.toMatchObject({
    code: 'SQLITE_INTERRUPT',
  });
  await started;
  clock.advance(10_000);
  await read;
  const [rows] = await client.batch(['SELECT x FROM t'], 'deferred');
  expect(rows!.rows).toHaveLength(3);
});

it('reads all of a batch in one state, whatever is written meanwhile', async () => {
  const client = await start();
  const slow = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) FROM n`;
  const progress = { isOver: false };
  const reading = Promise.all(
    Array.from({ length: 3 }, async () => {
      const [before, , after] = await connect().batch(
        ['SELECT count(*) AS n FROM t', slow, 'SELECT count(*) AS n FROM t'],
        'read',
      );
      expect(before!.rows[0]!['n']).toBe(after!.rows[0]!['n']);
    }),
  ).finally(() => (progress.isOver = true));
  let written = 3;
  for (; !progress.isOver; written += 1) await client.execute('INSERT INTO t VALUES (0)');
  await reading;
  expect(await count(client)).toBe(written);
});

/** A clock by which the slice of each of the first `count` reads runs out as soon as it has begun; then it stands still. */
function sliceEach(count: number) {
  let slices = 0;
  let noteAll = (): void => {};
  const areOver = new Promise<void>((resolve) => (noteAll = resolve));
  const startTimer = (callback: () => void, delayMs: number) => {
    if (delayMs === 200 && slices < count) {
      slices += 1;
      setImmediate(() => {
        clock.advance(200);
        if (slices === count) noteAll();
      });
    }
    return clock.startTimer(callback, delayMs);
  };
  return { clock: { startTimer }, areOver };
}

async function closeWhileReading(): Promise<void> {
  const closed = server!.close();
  clock.advance(2000);
  await closed;
  server = undefined;
}

it('lets a quick read through while many ask for what does not end', async () => {
  const { clock: slicing, areOver } = sliceEach(10);
  await start({ readerLimits: { longReads: 1, quickReads: 2, readTimeoutMs: 1e9 }, clock: slicing });
  const long = Promise.allSettled(Array.from({ length: 10 }, (_, mark) => connect().execute(endless(mark))));
  await areOver;
  for (let round = 0; round < 3; round += 1) {
    expect((await connect().execute('SELECT count(*) AS n FROM t')).rows[0]!['n']).toBe(3);
  }
  await closeWhileReading();
  expect((await long).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'rejected'));
});

it('refuses a long read where many wait, and says when to come again', async () => {
  const { clock: slicing } = sliceEach(5);
  const readerLimits = { longReads: 1, quickReads: 1, waitingLongReads: 1, readTimeoutMs: 1e9 };
  await start({ readerLimits, clock: slicing });
  const refused: Array<[number, string | null]> = [];
  let noteRefused = (): void => {};
  const areRefused = new Promise<void>((resolve) => (noteRefused = resolve));
  const noted = connect(async (...request) => {
    const response = await fetch(...request);
    refused.push([response.status, response.headers.get('retry-after')]);
    if (refused.length === 3) noteRefused();
    return response;
  });
  const outcomes = Promise.allSettled(Array.from({ length: 5 }, (_, mark) => noted.execute(endless(mark))));
  // One runs, one waits.
  await areRefused;
  expect(refused).toEqual([1, 2, 3].map(() => [503, '2']));
  await closeWhileReading();
  expect(await outcomes).toMatchObject([1, 2, 3, 4, 5].map(() => ({ status: 'rejected' })));
});

it('ends a read whose caller has gone', async () => {
  const client = await start({ readerLimits: { longReads: 1, quickReads: 1 } });
  const caller = new AbortController();
  const gone = connect((input, init) => fetch(input, { ...init, signal: caller.signal }));
  const started = clock.waitForTimer(200);
  const read = expect(gone.execute(endless())).rejects.toThrow();
  await started;
  // The one place is taken: this waits, and the clock stands still.
  const next = count(client);
  caller.abort();
  await read;
  expect(await next).toBe(3);
});

it('writes the log into the file although reads overlap', async () => {
  const readers = createReaderPool({ clock });
  const file = openDatabaseFile({ path, clock, readers });
  const run = (sql: string) => {
    const connection = file.acquire();
    connection.prepare(connection.findStatement(sql)).run([]);
    file.release(connection);
  };
  const read = async (text: string) => {
    const stmt = { sql: text, sqlId: undefined, args: [], namedArgs: new Map(), wantRows: true };
    const reads = { type: 'execute' as const, key: text, storedTexts: 0, stmt, sql: splitSingle(text) };
    return file.read({ reads, limit: 1e6 });
  };
  try {
    run('CREATE TABLE t (x)');
    const started = clock.waitForTimer(10_000);
    const long = expect(
      read(`SELECT x, (${endless()}) FROM (SELECT 1 AS x UNION ALL SELECT x FROM t)`),
    ).rejects.toThrow('longer than 10 seconds');
    await started;
    clock.advance(200);
    await read('SELECT count(*) FROM t');
    run('INSERT INTO t VALUES (1)');
    const checkpoint = file.checkpoint();
    clock.advance(10_000);
    await long;
    await checkpoint;
    expect(statSync(`${path}-wal`).size).toBe(0);
    await read('SELECT count(*) FROM t');
  } finally {
    await readers.close();
    await file.close();
  }
});

it('gives every read as it would be given without threads', async () => {
  const client = await start();
  await client.executeMultiple(`CREATE TABLE u (id INTEGER PRIMARY KEY, r REAL, b BLOB, s TEXT);
    INSERT INTO u VALUES (1, 1.0, x'00ff', 'b'), (2, -0.0, NULL, 'a'), (3, 9e99, x'', 'C'), (9007199254740993, 0.1, x'01', '')`);
  for (const sql of [
    'SELECT * FROM u ORDER BY s COLLATE NOCASE DESC, id',
    'SELECT id, id, s AS id, u.* FROM u ORDER BY r',
    'SELECT s FROM u UNION ALL SELECT x FROM t ORDER BY 1 DESC',
    'SELECT s FROM u EXCEPT SELECT x FROM t',
    'VALUES (1, 2), (3, 4)',
    'WITH a AS (SELECT id FROM u ORDER BY r), b AS MATERIALIZED (SELECT * FROM a) SELECT * FROM b ORDER BY 1 DESC LIMIT 2 OFFSET 1',
    'SELECT s, row_number() OVER (ORDER BY s) AS n FROM u ORDER BY r DESC -- a comment at the end',
    'SELECT a.id, b.id FROM u a JOIN u b ON b.id >= a.id ORDER BY b.s, a.s',
    "SELECT json_object('a', id), typeof(r), r, b FROM u /* and */ ORDER BY id DESC;",
    'SELECT 1 WHERE 0',
    'SELECT :a, :b AS "b", ?1',
    'SELECT "no such column" FROM u',
    'SELECT (SELECT',
    'SELECT 1 2',
    'SELECT missing(id) FROM u',
    'SELECT json(s) FROM u',
  ]) {
    const args = sql.includes(':a') ? { a: 1.5, b: null, 1: 'x' } : [];
    const [beside, before] = await Promise.all(
      ['read', 'write'].map((mode) =>
        client.batch([{ sql, args: args as never }], mode as 'read').then(
          ([result]) => [result!.columns, result!.columnTypes, result!.rows.map((row) => Array.from(row))],
          (error: { code: string; message: string }) => [error.code, error.message],
        ),
      ),
    );
    expect([sql, ...beside!]).toEqual([sql, ...before!]);
  }
});

it('lets no reader write, whatever it is given', async () => {
  const client = await start();
  const reader = await openReaderConnection({ path, collectGarbage: () => {} });
  for (const sql of [
    'INSERT INTO t VALUES (9)',
    'INSERT INTO t VALUES (9) RETURNING x',
    'WITH a AS (SELECT 9) DELETE FROM t RETURNING x',
    'DROP TABLE t',
  ]) {
    const options = { args: [], namedArgs: new Map(), wantRows: true, budget: { remaining: 1e6 } };
    await expect(reader.run(splitSingle(sql), options)).rejects.toThrow(WriteRefused);
  }
  await reader.close();
  expect(await count(client)).toBe(3);
});

it('sees tables as they are after another stream has made them again', async () => {
  const client = await start();
  // Two connections, both idle with the old table before their eyes.
  const [one, other] = await Promise.all([client.transaction('read'), client.transaction('read')]);
  await Promise.all([one.execute('SELECT * FROM t'), other.execute('SELECT * FROM t')]);
  await Promise.all([one.commit(), other.commit()]);
  await client.batch(['DROP TABLE t', 'CREATE TABLE t (x, y)'], 'write');
  // Takes the connection that made them, so that the next request has the other.
  const holder = await client.transaction('read');
  await holder.execute('SELECT 1');
  await client.execute('INSERT INTO t VALUES (3, 4)');
  await client.batch(['INSERT INTO t (y) VALUES (1)', 'UPDATE t SET y = 2'], 'write');
  await holder.commit();
  expect((await client.execute('SELECT * FROM t')).columns).toEqual(['x', 'y']);
  await client.batch(['DROP TABLE t', 'CREATE VIEW t AS SELECT 1 AS a, 2 AS b, 3 AS c'], 'write');
  expect((await client.execute('SELECT * FROM t')).columns).toEqual(['a', 'b', 'c']);
});
