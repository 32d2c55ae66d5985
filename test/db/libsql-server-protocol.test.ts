import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer, LibsqlServerOptions } from '../../tools/libsql-server/start-libsql-server.ts';
import { createTestClock } from '../support/libsql-test-clock.ts';

// What the client never sends or shows is asked for here over plain HTTP.

let folder: string;
let server: LibsqlServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function start(options: Partial<LibsqlServerOptions> = {}): Promise<void> {
  server = await startLibsqlServer({ path: join(folder, 'test.db'), ...options });
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}v2/pipeline`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

type Answer = { baton: string | null; base_url: null; results: Record<string, unknown>[] };

async function run(requests: unknown[], baton: string | null = null): Promise<Answer> {
  const response = await post({ baton, requests });
  expect(response.status).toBe(200);
  return response.json<Answer>();
}

const execute = (sql: string, rest: object = {}): object => ({ type: 'execute', stmt: { sql, ...rest } });
const close = { type: 'close' };

async function expectRefusal(response: Promise<Response>, status: number, text: string): Promise<void> {
  const refused = await response;
  expect({ status: refused.status, text: await refused.text() }).toEqual({
    status,
    text: expect.stringContaining(text) as string,
  });
}

describe('paths', () => {
  it('answers the version check and the health check', async () => {
    await start();
    expect((await fetch(`${server.url}v2`)).status).toBe(200);
    expect((await fetch(`${server.url}health`)).status).toBe(200);
  });

  it.each(['', 'v3', 'v3-protobuf', 'v3/pipeline', 'v2/cursor', 'name/v2'])('does not know /%s', async (path) => {
    await start();
    expect((await fetch(`${server.url}${path}`)).status).toBe(404);
  });

  it('knows no pipeline to GET', async () => {
    await start();
    expect((await fetch(`${server.url}v2/pipeline`)).status).toBe(405);
  });

  it('keeps the databases of a directory apart, one file each', async () => {
    server = await startLibsqlServer({ directory: join(folder, 'many') });
    for (const name of ['one', 'two-2']) {
      const client = createClient({ url: server.databaseUrl(name) });
      await client.batch(['CREATE TABLE t (x)', { sql: 'INSERT INTO t VALUES (?)', args: [name] }], 'write');
      expect((await client.execute('SELECT x FROM t')).rows[0]?.['x']).toBe(name);
    }
    expect(readdirSync(join(folder, 'many')).filter((file) => file.endsWith('.db'))).toEqual(['one.db', 'two-2.db']);
    for (const path of ['v2/pipeline', '../v2/pipeline', 'a_b/v2/pipeline', '%2e%2e/v2/pipeline', 'A/v2/pipeline']) {
      expect((await fetch(`${server.url}${path}`, { method: 'POST', body: '{}' })).status).toBe(404);
    }
  });

  it('cannot start without a place for the data', async () => {
    await start();
    await expect(startLibsqlServer({})).rejects.toThrow('either `path` or `directory`');
    await expect(startLibsqlServer({ path: join(folder, 'no', 'such', 'folder.db') })).rejects.toThrow();
    await expect(startLibsqlServer({ path: join(folder, 'b.db'), port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('the token', () => {
  it.each([{}, { authorization: 'Bearer wrong' }, { authorization: 'secret' }])('refuses %j', async (headers) => {
    await start({ authToken: 'secret' });
    await expectRefusal(post({ requests: [execute('SELECT 1')] }, headers), 401, 'Authentication failed');
  });

  it('lets the client in that has it', async () => {
    await start({ authToken: 'secret' });
    const client = createClient({ url: server.url, authToken: 'secret' });
    expect((await client.execute('SELECT 1 AS n')).rows[0]?.['n']).toBe(1);
  });
});

describe('requests that no client sends', () => {
  const body = JSON.stringify({ baton: null, requests: [execute('SELECT 1')] });

  /** Over a plain socket: `fetch` sends a Host header of its own. */
  async function ask(headers: Record<string, string>): Promise<number | undefined> {
    const { port } = server;
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/v2/pipeline', headers }).end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  }
  const json = { 'content-type': 'application/json' };

  it('are refused by the name they call it', async () => {
    await start();
    const { port } = server;
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect([host, await ask({ ...json, host })]).toEqual([host, 200]);
    }
    for (const host of [
      `rebound.example:${port}`,
      `127.0.0.1.nip.io:${port}`,
      `localhost.example:${port}`,
      'localhost',
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `0.0.0.0:${port}`,
      `192.168.1.7:${port}`,
      `user@localhost:${port}`,
      'a b',
    ]) {
      expect([host, await ask({ ...json, host })]).toEqual([host, 403]);
    }
  });

  it('are refused where a page sends them', async () => {
    await start();
    for (const origin of ['https://example.com', 'null', `http://127.0.0.1:${server.port}`, '']) {
      expect([origin, await ask({ ...json, host: `127.0.0.1:${server.port}`, origin })]).toEqual([origin, 403]);
    }
    const asked = await fetch(`${server.url}health`, { headers: { origin: 'https://example.com' } });
    expect(asked.status).toBe(403);
  });

  it('are refused by their type', async () => {
    await start();
    for (const type of [
      'text/plain',
      'text/plain; charset=utf-8',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      '',
    ]) {
      await expectRefusal(post(body, { 'content-type': type }), 415, 'application/json');
    }
    expect((await post(body, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
  });

  it('are none to the owner of the files alone', async () => {
    // Left open to others by an earlier version.
    writeFileSync(join(folder, 'test.db'), '', { mode: 0o644 });
    await start();
    await run([execute('CREATE TABLE t (x)')]);
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    expect(modes.map(([, mode]) => mode)).toEqual([0o600, 0o600, 0o600]);
    await server.close();
    await start({ path: join(folder, 'other.db') });
    await run([execute('CREATE TABLE t (x)')]);
    const others = readdirSync(folder).filter((name) => name.startsWith('other'));
    expect(others.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });
});

describe('a file that is no whole database', () => {
  const refusal = (text: string) => expect(start()).rejects.toThrow(text);
  afterEach(async () => {
    // The last test's own is closed already.
    server = await startLibsqlServer({ path: join(folder, 'empty.db') });
  });

  it('is refused at the start, by its path and with what to do', async () => {
    const path = join(folder, 'test.db');
    writeFileSync(path, 'something else, long enough to be looked at '.repeat(100));
    await refusal(`${path} is not a database`);
    await refusal('npm run restore');
    writeFileSync(path, 'short');
    await refusal(`${path} is not a database`);
    rmSync(path);
    mkdirSync(path);
    await refusal(`${path} is not a file`);
  });

  it('is refused where its end is missing, with and without a log', async () => {
    const path = join(folder, 'test.db');
    await start();
    await run([execute('CREATE TABLE t (x)')]);
    for (let rows = 0; rows < 20; rows += 1) await run([execute('INSERT INTO t VALUES (zeroblob(3000))'), close]);
    await server.close();
    const whole = readFileSync(path);
    for (const missing of [1, 4096, 12_288]) {
      writeFileSync(path, whole.subarray(0, whole.length - missing));
      await refusal(`${path} is damaged`);
    }
    // What a crash leaves: a log with pages that the file does not have yet.
    writeFileSync(path, whole);
    const other = new Database(path);
    other.exec('PRAGMA wal_autocheckpoint = 0; INSERT INTO t VALUES (zeroblob(30000))');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, `${path}.copy${suffix}`);
    other.close();
    server = await startLibsqlServer({ path: `${path}.copy` });
    await server.close();
  });
});

describe('malformed requests', () => {
  it.each([
    ['no JSON', '{"requests":', 'Cannot deserialize client message from JSON'],
    ['no object', '[]', 'expected an object'],
    ['no requests', '{}', 'expected an array'],
    ['an unknown request', { requests: [{ type: 'explode' }] }, 'unknown type of request'],
    ['no statement', { requests: [{ type: 'execute' }] }, 'expected an object'],
    ['no SQL', { requests: [{ type: 'execute', stmt: {} }] }, 'Either `sql` or `sql_id` are required'],
    ['an unknown SQL id', { requests: [{ type: 'sequence', sql_id: 3 }] }, 'SQL text 3 not found'],
    [
      'an integer as a number',
      { requests: [execute('SELECT ?', { args: [{ type: 'integer', value: 1 }] })] },
      'decimal integer',
    ],
    [
      'an integer of 65 bits',
      { requests: [execute('SELECT ?', { args: [{ type: 'integer', value: '9223372036854775808' }] })] },
      'decimal integer',
    ],
    ['bad base64', { requests: [execute('SELECT ?', { args: [{ type: 'blob', base64: '*' }] })] }, 'expected base64'],
    [
      'half a surrogate pair',
      '{"requests":[{"type":"execute","stmt":{"sql":"SELECT ?","args":[{"type":"text","value":"\\ud800"}]}}]}',
      'lone surrogate',
    ],
    [
      'a step that looks ahead',
      {
        requests: [
          { type: 'batch', batch: { steps: [{ condition: { type: 'ok', step: 0 }, stmt: { sql: 'SELECT 1' } }] } },
        ],
      },
      'Invalid reference to step',
    ],
    ['a request after the end', { requests: [close, execute('SELECT 1')] }, 'Stream for this baton was closed'],
    ['a made-up baton', { baton: 'abc.def', requests: [close] }, 'Received an invalid baton'],
  ])('refuses %s', async (_, body, message) => {
    await start();
    await expectRefusal(post(body), 400, message);
  });

  it('runs nothing of a request whose end is malformed', async () => {
    await start();
    await post({ requests: [execute('CREATE TABLE t (x)'), { type: 'explode' }] });
    const { results } = await run([execute('SELECT * FROM t'), close]);
    expect(results[0]).toMatchObject({ type: 'error' });
  });

  it('refuses a body above the limit and goes on', async () => {
    await start({ maxBodyBytes: 1000 });
    await expectRefusal(post('x'.repeat(1001)), 413, 'too large');
    expect((await run([close])).results).toHaveLength(1);
  });
});

describe('batons', () => {
  it('work once each', async () => {
    await start();
    const first = await run([execute('BEGIN')]);
    expect(first.baton).toEqual(expect.any(String));
    const second = await run([{ type: 'get_autocommit' }], first.baton);
    expect(second.results[0]).toEqual({ type: 'ok', response: { type: 'get_autocommit', is_autocommit: false } });
    expect(second.baton).not.toBe(first.baton);
    await expectRefusal(post({ baton: first.baton, requests: [] }), 400, 'Received a baton that has already been used');
    const last = await run([execute('COMMIT'), { type: 'get_autocommit' }, close], second.baton);
    expect(last.baton).toBeNull();
    expect(last.results[1]).toMatchObject({ response: { is_autocommit: true } });
    await expectRefusal(post({ baton: second.baton, requests: [] }), 400, 'Received an invalid baton');
  });

  it('are told from expired ones', async () => {
    const clock = createTestClock();
    await start({ clock, streamTimeoutMs: 100 });
    const { baton } = await run([execute('BEGIN IMMEDIATE')]);
    clock.advance(100);
    const refused = await post({ baton, requests: [] });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      message: 'The stream has expired due to inactivity',
      code: 'STREAM_EXPIRED',
    });
  });

  it('do not carry one stream over to the next', async () => {
    await start();
    await run([execute('PRAGMA foreign_keys = OFF'), execute('CREATE TEMP TABLE mine (x)'), execute('BEGIN'), close]);
    const { results } = await run([
      execute('PRAGMA foreign_keys'),
      execute('SELECT * FROM mine'),
      { type: 'get_autocommit' },
      close,
    ]);
    expect(results[0]).toMatchObject({ response: { result: { rows: [[{ type: 'integer', value: '1' }]] } } });
    expect(results[1]).toMatchObject({ type: 'error', error: { message: 'SQLite error: no such table: mine' } });
    expect(results[2]).toMatchObject({ response: { is_autocommit: true } });
  });
});

describe('durability', () => {
  it.each([
    ['journal_mode', { type: 'text', value: 'wal' }],
    // FULL: the WAL is synced at every commit, so that it survives a loss of power.
    ['synchronous', { type: 'integer', value: '2' }],
  ])('has the right %s on every connection', async (pragma, value) => {
    await start();
    const streams = [await run([execute('BEGIN')]), await run([execute('BEGIN')])];
    for (const { baton } of streams) {
      const { results } = await run([execute(`PRAGMA ${pragma}`), close], baton);
      expect(results[0]).toMatchObject({ response: { result: { rows: [[value]] } } });
    }
  });
});

describe('results', () => {
  it('have the shape of sqld', async () => {
    await start();
    await run([execute('CREATE TABLE t (id INTEGER PRIMARY KEY, name VARCHAR(9))'), close]);
    const { results } = await run([
      execute("INSERT INTO t (name) VALUES ('a') RETURNING id, name, x'0102', 1.0, NULL"),
      close,
    ]);
    expect(results).toEqual([
      {
        type: 'ok',
        response: {
          type: 'execute',
          result: {
            cols: [
              { name: 'id', decltype: 'INTEGER' },
              { name: 'name', decltype: 'VARCHAR(9)' },
              { name: "x'0102'", decltype: null },
              { name: '1.0', decltype: null },
              { name: 'NULL', decltype: null },
            ],
            rows: [
              [
                { type: 'integer', value: '1' },
                { type: 'text', value: 'a' },
                { type: 'blob', base64: 'AQI' },
                { type: 'float', value: 1 },
                { type: 'null' },
              ],
            ],
            affected_row_count: 1,
            last_insert_rowid: '1',
            replication_index: null,
            rows_read: 0,
            rows_written: 0,
            query_duration_ms: expect.any(Number) as number,
          },
        },
      },
      { type: 'ok', response: { type: 'close' } },
    ]);
  });

  it('take padded and unpadded base64, and give NaN and infinity as null', async () => {
    await start();
    const args = [
      { type: 'blob', base64: 'AQ==' },
      { type: 'blob', base64: 'AQ' },
    ];
    const { results } = await run([execute('SELECT hex(?), hex(?), 9e999, 9e999 - 9e999', { args }), close]);
    expect(results[0]).toMatchObject({
      response: {
        result: {
          rows: [[{ value: '01' }, { value: '01' }, { type: 'float', value: null }, { type: 'null' }]],
        },
      },
    });
  });

  it('leave rows out that nobody wants, and run the statement all the same', async () => {
    await start();
    await run([execute('CREATE TABLE t (x)'), close]);
    const insert = execute('INSERT INTO t VALUES (1), (2) RETURNING x', { want_rows: false });
    const { results } = await run([insert, execute('SELECT count(*) FROM t'), close]);
    expect(results[0]).toMatchObject({ response: { result: { rows: [], affected_row_count: 2 } } });
    expect(results[1]).toMatchObject({ response: { result: { rows: [[{ value: '2' }]] } } });
  });

  it('name the columns of now, also after a schema change was taken back', async () => {
    await start();
    await run([execute('CREATE TABLE t (old)'), close]);
    const read = execute('SELECT * FROM t');
    const rename = execute('ALTER TABLE t RENAME COLUMN old TO new');
    const { results } = await run([read, execute('BEGIN'), rename, read, execute('ROLLBACK'), read, close]);
    for (const [index, name] of [
      [0, 'old'],
      [3, 'new'],
      [5, 'old'],
    ] as const) {
      expect(results[index]).toMatchObject({ response: { result: { cols: [{ name }] } } });
    }
  });

  it('fail a whole batch that grows too large, and nothing of it stays', async () => {
    await start({ maxResponseSize: 1000 });
    await run([execute('CREATE TABLE t (x)'), close]);
    const steps = ['BEGIN', 'INSERT INTO t VALUES (1)', 'SELECT hex(zeroblob(300))', 'SELECT hex(zeroblob(300))'];
    const { results } = await run([
      { type: 'batch', batch: { steps: steps.map((sql) => ({ stmt: { sql } })) } },
      close,
    ]);
    expect(results[0]).toEqual({
      type: 'error',
      error: { message: 'Response is too large', code: 'RESPONSE_TOO_LARGE' },
    });
    const after = await run([execute('SELECT count(*) FROM t'), close]);
    expect(after.results[0]).toMatchObject({ response: { result: { rows: [[{ value: '0' }]] } } });
  });

  it('describe a statement', async () => {
    await start();
    await run([execute('CREATE TABLE t (id INTEGER)'), close]);
    const describeSql = (sql: string): object => ({ type: 'describe', sql });
    const { results } = await run([
      describeSql('SELECT id FROM t WHERE id IN (?, :a, ?5)'),
      describeSql('EXPLAIN DELETE FROM t'),
      describeSql('WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a'),
      describeSql('SELECT * FROM nowhere'),
      close,
    ]);
    expect(results.slice(0, 3).map((result) => (result['response'] as { result: unknown }).result)).toMatchObject([
      {
        params: [{ name: null }, { name: ':a' }, { name: null }, { name: null }, { name: '?5' }],
        cols: [{ name: 'id', decltype: 'INTEGER' }],
        is_explain: false,
        is_readonly: true,
      },
      { is_explain: true, is_readonly: true },
      { params: [], cols: [], is_explain: false, is_readonly: false },
    ]);
    expect(results[3]).toMatchObject({ type: 'error', error: { code: 'SQLITE_UNKNOWN' } });
  });

  it('run stored SQL until it is closed', async () => {
    await start();
    const stored = { type: 'execute', stmt: { sql_id: 1 } };
    const { baton, results } = await run([{ type: 'store_sql', sql_id: 1, sql: 'SELECT 1' }, stored]);
    expect(results[1]).toMatchObject({ type: 'ok' });
    const next = await run([stored, { type: 'close_sql', sql_id: 1 }], baton);
    expect(next.results[0]).toMatchObject({ type: 'ok' });
    await expectRefusal(post({ baton: next.baton, requests: [stored] }), 400, 'SQL text 1 not found');
  });

  it('limit stored SQL as sqld does', async () => {
    await start();
    const tooLong = { type: 'store_sql', sql_id: 0, sql: 'x'.repeat(5001) };
    const many = Array.from({ length: 51 }, (_, index) => ({ type: 'store_sql', sql_id: index, sql: 'SELECT 1' }));
    const { results } = await run([tooLong, ...many, close]);
    expect(results[0]).toMatchObject({ error: { code: 'SQL_STORE_TOO_LARGE' } });
    expect(results[50]).toMatchObject({ type: 'ok' });
    expect(results[51]).toMatchObject({ error: { code: 'SQL_STORE_TOO_MANY' } });
  });
});

describe('the conditions of a batch', () => {
  const ok = (step: number): object => ({ type: 'ok', step });
  const error = (step: number): object => ({ type: 'error', step });

  it.each([
    ['ok after success', ok(0), true],
    ['ok after failure', ok(1), false],
    ['ok after a skipped step', ok(2), false],
    ['error after success', error(0), false],
    ['error after failure', error(1), true],
    ['error after a skipped step', error(2), false],
    ['not', { type: 'not', cond: ok(1) }, true],
    ['and', { type: 'and', conds: [ok(0), ok(1)] }, false],
    ['and of nothing', { type: 'and', conds: [] }, true],
    ['or', { type: 'or', conds: [ok(0), ok(1)] }, true],
    ['or of nothing', { type: 'or', conds: [] }, false],
    ['is_autocommit', { type: 'is_autocommit' }, true],
  ])('%s', async (_, condition, runs) => {
    await start();
    const steps = [
      { stmt: { sql: 'SELECT 1' } },
      { stmt: { sql: 'SELECT * FROM nowhere' } },
      { stmt: { sql: 'SELECT 2' }, condition: { type: 'or', conds: [] } },
      { stmt: { sql: 'SELECT 3' }, condition },
    ];
    const { results } = await run([{ type: 'batch', batch: { steps } }, close]);
    expect(results[0]).toMatchObject({
      response: {
        result: {
          step_results: [expect.anything(), null, null, runs ? expect.anything() : null],
          step_errors: [null, { code: 'SQLITE_UNKNOWN' }, null, null],
        },
      },
    });
  });
});
