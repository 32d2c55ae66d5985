import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../tools/libsql-server/clock.ts';
import { createCommitTogether } from '../../tools/libsql-server/commit-together.ts';
import { openDatabaseFile } from '../../tools/libsql-server/database-file.ts';
import type { DatabaseFile } from '../../tools/libsql-server/database-file.ts';
import { readPipeline } from '../../tools/libsql-server/read-pipeline.ts';
import { createReaderPool } from '../../tools/libsql-server/reader-pool.ts';
import type { ReaderPool } from '../../tools/libsql-server/reader-pool.ts';
import { runPipeline } from '../../tools/libsql-server/run-pipeline.ts';
import type { PipelineContext } from '../../tools/libsql-server/run-pipeline.ts';
import { createStreamRegistry } from '../../tools/libsql-server/stream-registry.ts';

let folder: string;
let file: DatabaseFile;
let readers: ReaderPool;
let context: PipelineContext;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
  readers = createReaderPool({ clock: systemClock });
  file = openDatabaseFile({ path: join(folder, 'test.db'), clock: systemClock, readers });
  const limits = { busyTimeoutMs: 5_000, maxResponseSize: 200 };
  context = {
    file,
    streams: createStreamRegistry({ file, clock: systemClock, timeoutMs: 5_000 }),
    together: createCommitTogether({ file, limit: limits.maxResponseSize }),
    limits,
  };
  await ask('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
  await ask(
    'CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT UNIQUE, parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
  );
});

afterEach(async () => {
  context.streams.closeIdle();
  await readers.close();
  await file.close();
  rmSync(folder, { recursive: true });
});

type Answer = {
  type: 'ok' | 'error';
  error?: { code: string; message: string };
  response?: {
    result: { rows: Array<Array<{ value: string }>>; affected_row_count: number; last_insert_rowid: string };
  };
};

/** Sends one statement as `client.execute` does. */
async function ask(sql: string): Promise<Answer> {
  const pipeline = readPipeline(
    JSON.stringify({ baton: null, requests: [{ type: 'execute', stmt: { sql } }, { type: 'close' }] }),
  );
  const body = JSON.parse(
    await runPipeline(context, { pipeline, abort: { isAborted: false, onAbort: undefined } }),
  ) as { baton: null; results: Answer[] };
  expect(body.baton).toBeNull();
  expect(body.results[1]).toEqual({ type: 'ok', response: { type: 'close' } });
  return body.results[0]!;
}

const askAll = async (statements: string[]) => Promise.all(statements.map(ask));
const insert = (x: string) => `INSERT INTO t (x) VALUES ('${x}')`;

async function stored(): Promise<string[]> {
  const { response } = await ask('SELECT x FROM t ORDER BY id');
  return response!.result.rows.map(([x]) => x!.value);
}

/** How many transactions the WAL holds: its frames that end one say how large the file is (SQLite, fileformat2, 4.1). */
function commits(): number {
  const wal = readFileSync(join(folder, 'test.db-wal'));
  const pageSize = wal.readUInt32BE(8);
  const salt = wal.readBigUInt64BE(16);
  let count = 0;
  for (let at = 32; at + 24 <= wal.length && wal.readBigUInt64BE(at + 8) === salt; at += 24 + pageSize) {
    if (wal.readUInt32BE(at + 4) !== 0) count += 1;
  }
  return count;
}

it('commits changes that come together once, and answers each with its own', async () => {
  const before = commits();
  const answers = await askAll([insert('a'), insert('b'), "UPDATE t SET x = x || '!'", insert('c')]);
  expect(commits() - before).toBe(1);
  expect(answers.map(({ response }) => response!.result.affected_row_count)).toEqual([1, 1, 2, 1]);
  expect(answers.map(({ response }) => response!.result.last_insert_rowid)).toEqual(['1', '2', null, '3']);
  expect(await stored()).toEqual(['a!', 'b!', 'c']);
});

it('lets a change that comes alone be its own transaction', async () => {
  const before = commits();
  await ask(insert('a'));
  await ask(insert('b'));
  expect(commits() - before).toBe(2);
});

it('undoes what one has done that fails, and nothing else', async () => {
  const answers = await askAll([
    insert('a'),
    "INSERT INTO t (x) VALUES ('b'), ('a')",
    insert('c'),
    'INSERT INTO nowhere VALUES (1)',
    'INSERT INTO t (x) VALUES (1); DELETE FROM t',
    insert('d'),
  ]);
  expect(answers.map(({ error }) => error?.code)).toEqual([
    undefined,
    'SQLITE_CONSTRAINT',
    undefined,
    'SQLITE_UNKNOWN',
    'SQL_MANY_STATEMENTS',
    undefined,
  ]);
  expect(answers[1]!.error!.message).toBe('SQLite error: UNIQUE constraint failed: t.x');
  expect(await stored()).toEqual(['a', 'c', 'd']);
});

it('lets each have its own end where one ends the transaction of all', async () => {
  await ask("CREATE TRIGGER no BEFORE INSERT ON t WHEN NEW.x = 'no' BEGIN SELECT RAISE(ROLLBACK, 'not this one'); END");
  const answers = await askAll([insert('a'), insert('no'), insert('b')]);
  expect(answers.map(({ error }) => error?.message)).toEqual([undefined, 'SQLite error: not this one', undefined]);
  expect(await stored()).toEqual(['a', 'b']);
});

it('lets each have its own end where what is checked last does not hold', async () => {
  const answers = await askAll([insert('a'), "INSERT INTO t (x, parent) VALUES ('orphan', 7)", insert('b')]);
  expect(answers.map(({ error }) => error?.code)).toEqual([undefined, 'SQLITE_CONSTRAINT', undefined]);
  expect(await stored()).toEqual(['a', 'b']);
});

it('bounds the rows of each', async () => {
  const answers = await askAll([
    `INSERT INTO t (x) VALUES ('${'a'.repeat(300)}') RETURNING x`,
    "INSERT INTO t (x) VALUES ('b') RETURNING x",
  ]);
  expect(answers.map(({ error }) => error?.code)).toEqual(['RESPONSE_TOO_LARGE', undefined]);
  expect(answers[1]!.response!.result.rows[0]![0]!.value).toBe('b');
});

it('leaves room for what reads in between, which sees none of it or all', async () => {
  const reads = Promise.all([ask(insert('a')), stored(), ask(insert('b'))]);
  // It runs beside them, before or after.
  expect([[], ['a', 'b']]).toContainEqual((await reads)[1]);
  expect(await stored()).toEqual(['a', 'b']);
});

it('waits for its turn where the lock is taken', async () => {
  const other = file.acquire();
  const begin = other.prepare(other.findStatement('BEGIN IMMEDIATE'));
  begin.run([]);
  other.prepare(other.findStatement(insert('first'))).run([]);
  const both = askAll([insert('second'), insert('third')]);
  await new Promise((done) => setImmediate(done));
  other.prepare(other.findStatement('COMMIT')).run([]);
  file.release(other);
  expect((await both).map(({ error }) => error)).toEqual([undefined, undefined]);
  expect(await stored()).toEqual(['first', 'second', 'third']);
});
