import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer, LibsqlServerOptions } from '../../tools/libsql-server/start-libsql-server.ts';
import { createTestClock } from '../support/libsql-test-clock.ts';

let folder: string;
let server: LibsqlServer;
const clients: Client[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<LibsqlServerOptions> = {}): Promise<Client> {
  server = await startLibsqlServer({ path: join(folder, 'test.db'), ...options });
  const client = connect();
  await client.executeMultiple('CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0); CREATE TABLE t (x)');
  return client;
}

function connect(fetch?: typeof globalThis.fetch): Client {
  const client = createClient(fetch ? { url: server.url, fetch } : { url: server.url });
  clients.push(client);
  return client;
}

async function readCounter(client: Client): Promise<unknown> {
  return (await client.execute('SELECT n FROM counter')).rows[0]?.['n'];
}

it('leaves no table locked by a query plan', async () => {
  const client = await start();
  await client.execute('EXPLAIN QUERY PLAN SELECT * FROM counter');
  await client.execute('EXPLAIN UPDATE counter SET n = 1');
  await client.execute('UPDATE counter SET n = 2');
  const { rows } = await client.execute('PRAGMA wal_checkpoint(TRUNCATE)');
  expect(rows[0]?.['busy']).toBe(0);
});

describe('many clients at once', () => {
  it('loses no increment of 50 clients', async () => {
    const client = await start();
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const own = connect();
        for (let round = 0; round < 5; round += 1) await own.execute('UPDATE counter SET n = n + 1');
      }),
    );
    expect(await readCounter(client)).toBe(250);
  });

  it('runs read-then-write transactions one after the other', async () => {
    const client = await start();
    await Promise.all(
      Array.from({ length: 30 }, async () => {
        const transaction = await connect().transaction('write');
        const { rows } = await transaction.execute('SELECT n FROM counter');
        await transaction.execute({ sql: 'UPDATE counter SET n = ?', args: [Number(rows[0]?.['n']) + 1] });
        await transaction.commit();
      }),
    );
    expect(await readCounter(client)).toBe(30);
  });

  it('lets batches, single statements and transactions through together', async () => {
    const client = await start();
    const increment = 'UPDATE counter SET n = n + 1';
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const own = connect();
        if (index % 4 === 0) {
          const transaction = await own.transaction('write');
          await transaction.execute(increment);
          if (index % 8 === 0) await transaction.commit();
          else await transaction.rollback();
        } else if (index % 4 === 1) await own.batch([increment, increment], 'write');
        else if (index % 4 === 2) await own.executeMultiple(`BEGIN IMMEDIATE; ${increment}; COMMIT; ${increment}`);
        else await own.execute(increment);
      }),
    );
    // 3 committed, 2 rolled back; 5 × 2 in batches, 5 × 2 in scripts, 5 alone.
    expect(await readCounter(client)).toBe(28);
  });
});

describe('waiting for the write lock', () => {
  it('serves writers in the order in which they came', async () => {
    const client = await start();
    const holder = await client.transaction('write');
    await holder.execute("INSERT INTO t VALUES ('holder')");
    const writers: Promise<unknown>[] = [];
    for (const name of ['first', 'second', 'third']) {
      writers.push(connect().execute({ sql: 'INSERT INTO t VALUES (?)', args: [name] }));
      // An answer to a later request shows that the earlier one has arrived and waits.
      await client.execute('SELECT 1');
    }
    await holder.commit();
    await Promise.all(writers);
    const { rows } = await client.execute('SELECT x FROM t ORDER BY rowid');
    expect(rows.map((row) => row['x'])).toEqual(['holder', 'first', 'second', 'third']);
  });

  it('reads go on meanwhile', async () => {
    const client = await start();
    const holder = await client.transaction('write');
    await holder.execute('UPDATE counter SET n = 1');
    const write = connect().execute('UPDATE counter SET n = n + 1');
    expect(await readCounter(client)).toBe(0);
    await holder.commit();
    await write;
    expect(await readCounter(client)).toBe(2);
  });

  it('fails with SQLITE_BUSY when its time is up, and the holder can still commit', async () => {
    const clock = createTestClock();
    const client = await start({ clock, busyTimeoutMs: 1000, streamTimeoutMs: 60_000 });
    const holder = await client.transaction('write');
    await holder.execute('UPDATE counter SET n = 1');
    const waiting = clock.waitForTimer(1000);
    const write = connect().execute('UPDATE counter SET n = 2');
    const failure = expect(write).rejects.toMatchObject({
      code: 'SQLITE_BUSY',
      message: 'SQLITE_BUSY: SQLite error: database is locked',
    });
    await waiting;
    clock.advance(1000);
    await failure;
    await holder.commit();
    expect(await readCounter(client)).toBe(1);
  });

  it('gives up the place of a caller that has gone', async () => {
    const clock = createTestClock();
    const client = await start({ clock, streamTimeoutMs: 60_000 });
    const holder = await client.transaction('write');
    await holder.execute('UPDATE counter SET n = 1');
    const caller = new AbortController();
    const waiting = clock.waitForTimer(5000);
    const gone = connect((input, init) => fetch(input, { ...init, signal: caller.signal }));
    const write = gone.execute('UPDATE counter SET n = 100');
    await waiting;
    const cancelled = clock.waitForCancel(5000);
    caller.abort();
    await expect(write).rejects.toThrow();
    await cancelled;
    await holder.commit();
    expect(await readCounter(client)).toBe(1);
  });

  it('waits for another process too', async () => {
    const client = await start();
    const outside = new Database(join(folder, 'test.db'));
    outside.exec('BEGIN IMMEDIATE; UPDATE counter SET n = 5');
    const write = client.execute('UPDATE counter SET n = n + 1');
    await connect().execute('SELECT 1');
    outside.exec('COMMIT');
    await write;
    expect(await readCounter(client)).toBe(6);
    expect((await client.execute('SELECT * FROM counter')).columns).toEqual(['n']);
    outside.exec('ALTER TABLE counter RENAME COLUMN n TO m');
    expect((await client.execute('SELECT * FROM counter')).columns).toEqual(['m']);
    outside.close();
  });
});

describe('a stream without requests', () => {
  it('is rolled back and frees the lock', async () => {
    const clock = createTestClock();
    const client = await start({ clock, streamTimeoutMs: 3000 });
    const abandoned = await client.transaction('write');
    await abandoned.execute('UPDATE counter SET n = 1');
    clock.advance(2999);
    await abandoned.execute('UPDATE counter SET n = 2');
    clock.advance(2999);
    const write = connect().execute('UPDATE counter SET n = n + 10');
    await client.execute('SELECT 1');
    clock.advance(1);
    await write;
    expect(await readCounter(client)).toBe(10);
    await expect(abandoned.commit()).rejects.toMatchObject({
      code: 'STREAM_EXPIRED',
      message: 'STREAM_EXPIRED: The stream has expired due to inactivity',
    });
    expect(await readCounter(client)).toBe(10);
  });
});

describe('closing', () => {
  it('rolls open transactions back and keeps what was committed', async () => {
    const client = await start();
    await client.execute('UPDATE counter SET n = 7');
    const open = await client.transaction('write');
    await open.execute('UPDATE counter SET n = 8');
    const waiting = expect(connect().execute('UPDATE counter SET n = 9')).rejects.toThrow('503');
    await client.execute('SELECT 1');
    await server.close();
    await waiting;
    server = await startLibsqlServer({ path: join(folder, 'test.db') });
    expect(await readCounter(connect())).toBe(7);
  });
});
