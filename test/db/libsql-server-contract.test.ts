import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createFileClient } from '@libsql/client';
import { createClient as createHttpClient } from '@libsql/client/http';
import type { Client, IntMode } from '@libsql/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';

// One suite against both drivers: what holds for the client on a file must hold for it through the server.

type Driver = { name: string; connect: (intMode?: IntMode) => Client };

let folder: string;
let server: LibsqlServer;
let databases = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilde-libsql-'));
  server = await startLibsqlServer({ directory: folder });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const drivers: Driver[] = [
  {
    name: 'http',
    connect: (intMode = 'number') => createHttpClient({ url: server.databaseUrl(`c${databases}`), intMode }),
  },
  {
    name: 'file',
    connect: (intMode = 'number') => createFileClient({ url: `file:${join(folder, `f${databases}.db`)}`, intMode }),
  },
];

describe.each(drivers)('the client on $name', ({ name, connect }) => {
  let client: Client;

  beforeEach(async () => {
    databases += 1;
    client = connect();
    // The server's journal mode; a plain file would not let readers and a writer work side by side.
    if (name === 'file') await client.execute('PRAGMA journal_mode = WAL');
    await client.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, amount REAL, data BLOB)');
    return () => client.close();
  });

  async function readNames(): Promise<unknown[]> {
    const { rows } = await client.execute('SELECT name FROM t ORDER BY id');
    return rows.map((row) => row['name']);
  }

  describe('execute', () => {
    it('gives columns, their types and rows by name and by place', async () => {
      await client.execute({ sql: 'INSERT INTO t (name, amount) VALUES (?, ?)', args: ['ada', 1.5] });
      const result = await client.execute('SELECT id, name AS who, amount, 1 + 1 AS two FROM t');
      expect(result.columns).toEqual(['id', 'who', 'amount', 'two']);
      expect(result.columnTypes).toEqual(['INTEGER', 'TEXT', 'REAL', '']);
      expect(result.rows[0]).toMatchObject({ id: 1, who: 'ada', amount: 1.5, two: 2 });
      expect(result.rows[0]?.[1]).toBe('ada');
    });

    it('counts affected rows and tells the last rowid', async () => {
      const inserted = await client.execute("INSERT INTO t (name) VALUES ('a'), ('b'), ('c')");
      expect(inserted).toMatchObject({ rowsAffected: 3, lastInsertRowid: 3n });
      expect((await client.execute('UPDATE t SET amount = 1 WHERE id > 1')).rowsAffected).toBe(2);
      expect((await client.execute('DELETE FROM t WHERE id = 99')).rowsAffected).toBe(0);
      expect((await client.execute('SELECT * FROM t')).rowsAffected).toBe(0);
      expect((await client.execute('CREATE TABLE u (x)')).rowsAffected).toBe(0);
    });

    it('gives the rows of RETURNING', async () => {
      const { rows } = await client.execute("INSERT INTO t (name) VALUES ('a'), ('b') RETURNING id, name");
      expect(rows.map((row) => ({ ...row }))).toEqual([
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ]);
      expect(await readNames()).toEqual(['a', 'b']);
    });

    it('binds by place, by number and by name with and without its sign', async () => {
      const read = async (sql: string, args: unknown): Promise<unknown[]> => {
        const { rows } = await client.execute({ sql, args: args as never });
        return Array.from({ length: rows[0]?.length ?? 0 }, (_, index) => rows[0]?.[index]);
      };
      expect(await read('SELECT ?, ?', ['a', 'b'])).toEqual(['a', 'b']);
      expect(await read('SELECT ?2, ?1', ['a', 'b'])).toEqual(['b', 'a']);
      expect(await read('SELECT ?1, :a, ?1', { 1: 'x', a: 'y' })).toEqual(['x', 'y', 'x']);
      expect(await read('SELECT :a, ?3, ?2', { 2: null, 3: 'z', a: 'x' })).toEqual(['x', 'z', null]);
      expect(await read('SELECT :a, @b, $c', { a: 'x', b: 'y', c: 'z' })).toEqual(['x', 'y', 'z']);
      expect(await read('SELECT :a, @b, $c, :a', { ':a': 'x', '@b': null, $c: 'z' })).toEqual(['x', null, 'z', 'x']);
    });

    it('does not see parameters in strings, names and comments', async () => {
      const sql = `SELECT '?', 'it''s :a', "id" AS "what?", /* ? */ ? AS [b?] -- :c\n FROM t`;
      await client.execute("INSERT INTO t (name) VALUES ('a')");
      const { rows } = await client.execute({ sql, args: ['x'] });
      expect([0, 1, 2, 3].map((index) => rows[0]?.[index])).toEqual(['?', "it's :a", 1, 'x']);
    });

    it('sees a changed schema through statements it has run before', async () => {
      await client.execute("INSERT INTO t (name) VALUES ('a')");
      expect((await client.execute('SELECT * FROM t')).columns).toHaveLength(4);
      await client.execute('ALTER TABLE t ADD COLUMN more TEXT');
      await client.execute('ALTER TABLE t RENAME COLUMN name TO called');
      const { columns, rows } = await client.execute('SELECT * FROM t');
      expect(columns).toEqual(['id', 'called', 'amount', 'data', 'more']);
      expect(rows[0]).toMatchObject({ called: 'a', more: null });
    });
  });

  describe('values', () => {
    async function roundTrip(value: unknown): Promise<unknown> {
      await client.execute({ sql: 'INSERT INTO t (data) VALUES (?)', args: [value as never] });
      return (await client.execute('SELECT data FROM t ORDER BY id DESC LIMIT 1')).rows[0]?.[0];
    }

    it.each([
      ['null', null],
      ['empty text', ''],
      ['text beyond the BMP', 'Åse 🦊 \u{1f469}\u200d\u{1f680} "\\ \u2028'],
      ['a fraction', 0.1],
      ['a tiny float', 5e-324],
      ['a large float', 1.7976931348623157e308],
      ['5 MB of text', 'å'.repeat(2_500_000)],
    ])('keeps %s', async (_, value) => {
      expect(await roundTrip(value)).toBe(value);
    });

    it.each([0, 1, 2, 3, 256, 5_000_000])('keeps a blob of %i bytes', async (length) => {
      const blob = Uint8Array.from({ length }, (_, index) => index % 256);
      const read = new Uint8Array((await roundTrip(blob)) as ArrayBuffer);
      expect(Buffer.compare(read, blob)).toBe(0);
    });

    it.each([2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n])('keeps the integer %s in its mode', async (integer) => {
      await client.execute({ sql: 'INSERT INTO t (id) VALUES (?)', args: [integer] });
      const read = async (intMode: IntMode): Promise<unknown> => {
        const other = connect(intMode);
        return (await other.execute('SELECT id FROM t')).rows[0]?.[0];
      };
      expect(await read('bigint')).toBe(integer);
      expect(await read('string')).toBe(String(integer));
      await expect(read('number')).rejects.toThrow(RangeError);
    });

    it('keeps integers and floats apart', async () => {
      const { rows } = await client.execute({
        sql: 'SELECT typeof(?) AS a, typeof(?) AS b, typeof(1) AS c, typeof(1.0) AS d',
        args: [1n, 1.5],
      });
      expect({ ...rows[0] }).toEqual({ a: 'integer', b: 'real', c: 'integer', d: 'real' });
    });
  });

  describe('batch', () => {
    it.each(['write', 'deferred'] as const)('commits all of a %s batch', async (mode) => {
      const results = await client.batch(
        [
          { sql: 'INSERT INTO t (name) VALUES (?)', args: ['a'] },
          ['INSERT INTO t (name) VALUES (?)', ['b']],
          'SELECT count(*) AS n FROM t',
        ],
        mode,
      );
      expect(results.map(({ rowsAffected }) => rowsAffected)).toEqual([1, 1, 0]);
      expect(results[2]?.rows[0]?.['n']).toBe(2);
    });

    it('reads in a read batch', async () => {
      const [first, second] = await client.batch(['SELECT 1 AS n', 'SELECT 2 AS n'], 'read');
      expect([first?.rows[0]?.['n'], second?.rows[0]?.['n']]).toEqual([1, 2]);
    });

    it('takes everything back when one statement fails, and says which', async () => {
      const batch = client.batch(
        ["INSERT INTO t (name) VALUES ('a')", "INSERT INTO t (name) VALUES ('a')", "INSERT INTO t (name) VALUES ('b')"],
        'write',
      );
      await expect(batch).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT', statementIndex: 1 });
      expect(await readNames()).toEqual([]);
      await client.execute("INSERT INTO t (name) VALUES ('after')");
    });

    it('holds foreign keys up, except while migrating', async () => {
      await client.execute('CREATE TABLE child (parent INTEGER REFERENCES t (id))');
      const orphan = 'INSERT INTO child VALUES (7)';
      await expect(client.execute(orphan)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
      await client.migrate([orphan, "INSERT INTO t (name) VALUES ('migrated')"]);
      expect(await readNames()).toEqual(['migrated']);
      await expect(client.execute(orphan)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    });

    it('takes a failed migration back', async () => {
      await expect(client.migrate(['CREATE TABLE v (x)', 'INSERT INTO nowhere VALUES (1)'])).rejects.toThrow(
        'no such table: nowhere',
      );
      await expect(client.execute('SELECT * FROM v')).rejects.toThrow('no such table: v');
    });
  });

  describe('executeMultiple', () => {
    it('runs a script with comments, triggers and semicolons in strings', async () => {
      await client.executeMultiple(`
        -- a comment; with a semicolon
        CREATE TABLE log (line TEXT);;
        CREATE TRIGGER noted AFTER INSERT ON t BEGIN
          INSERT INTO log VALUES (CASE WHEN new.name = 'x;y' THEN 'semi;colon' ELSE new.name END);
          INSERT INTO log VALUES ('second');
        END;
        INSERT INTO t (name) VALUES ('x;y') /* last; */`);
      const { rows } = await client.execute('SELECT line FROM log');
      expect(rows.map((row) => row['line'])).toEqual(['semi;colon', 'second']);
    });

    it('stops at the first failure and keeps what went before', async () => {
      const script =
        "INSERT INTO t (name) VALUES ('a'); INSERT INTO t (name) VALUES ('a'); INSERT INTO t (name) VALUES ('b')";
      await expect(client.executeMultiple(script)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
      expect(await readNames()).toEqual(['a']);
    });

    it('takes an unfinished transaction back', async () => {
      await client.executeMultiple("BEGIN; INSERT INTO t (name) VALUES ('a')");
      expect(await readNames()).toEqual([]);
      await client.execute("INSERT INTO t (name) VALUES ('b')");
    });
  });

  describe('an interactive transaction', () => {
    it('commits', async () => {
      const transaction = await client.transaction('write');
      await transaction.execute("INSERT INTO t (name) VALUES ('a')");
      await transaction.batch(["INSERT INTO t (name) VALUES ('b')", "INSERT INTO t (name) VALUES ('c')"]);
      await transaction.executeMultiple("INSERT INTO t (name) VALUES ('d'); INSERT INTO t (name) VALUES ('e')");
      expect(await readNames()).toEqual([]);
      await transaction.commit();
      expect(transaction.closed).toBe(true);
      expect(await readNames()).toEqual(['a', 'b', 'c', 'd', 'e']);
    });

    it.each(['rollback', 'close'] as const)('leaves nothing after %s and frees the lock', async (end) => {
      const transaction = await client.transaction('write');
      await transaction.execute("INSERT INTO t (name) VALUES ('a')");
      await transaction[end]();
      await client.execute("INSERT INTO t (name) VALUES ('b')");
      expect(await readNames()).toEqual(['b']);
      await expect(transaction.execute('SELECT 1')).rejects.toMatchObject({ code: 'TRANSACTION_CLOSED' });
    });

    it('goes on after a statement that failed', async () => {
      const transaction = await client.transaction('write');
      await transaction.execute("INSERT INTO t (name) VALUES ('a')");
      await expect(transaction.execute("INSERT INTO t (name) VALUES ('a')")).rejects.toMatchObject({
        code: 'SQLITE_CONSTRAINT',
      });
      await transaction.commit();
      expect(await readNames()).toEqual(['a']);
    });

    it('reads one snapshot while others write', async () => {
      const transaction = await client.transaction('read');
      expect((await transaction.execute('SELECT count(*) AS n FROM t')).rows[0]?.['n']).toBe(0);
      await client.execute("INSERT INTO t (name) VALUES ('a')");
      expect((await transaction.execute('SELECT count(*) AS n FROM t')).rows[0]?.['n']).toBe(0);
      await transaction.commit();
      expect(await readNames()).toEqual(['a']);
    });

    it('fails to write on a snapshot that is no longer the newest', async () => {
      const transaction = await client.transaction('deferred');
      await transaction.execute('SELECT * FROM t');
      await client.execute("INSERT INTO t (name) VALUES ('a')");
      await expect(transaction.execute("INSERT INTO t (name) VALUES ('b')")).rejects.toMatchObject({
        code: 'SQLITE_BUSY',
      });
      await transaction.rollback();
    });

    it('takes a schema change back', async () => {
      await client.execute('SELECT * FROM t');
      const transaction = await client.transaction('write');
      await transaction.execute('ALTER TABLE t RENAME COLUMN name TO gone');
      expect((await transaction.execute('SELECT * FROM t')).columns).toContain('gone');
      await transaction.rollback();
      expect((await client.execute('SELECT * FROM t')).columns).toContain('name');
    });
  });

  describe('errors', () => {
    it.each([
      ['a second unique value', "INSERT INTO t (name) VALUES ('a')", 'UNIQUE constraint failed: t.name'],
      ['a second primary key', 'INSERT INTO t (id) VALUES (1)', 'UNIQUE constraint failed: t.id'],
      [
        'a second value with RETURNING',
        "INSERT INTO t (name) VALUES ('a') RETURNING id",
        'UNIQUE constraint failed: t.name',
      ],
    ])('names the constraint for %s', async (_, sql, message) => {
      await client.execute("INSERT INTO t (id, name) VALUES (1, 'a')");
      const failure = expect(client.execute(sql)).rejects;
      await failure.toMatchObject({ code: 'SQLITE_CONSTRAINT', message: expect.stringContaining(message) as string });
    });

    it.each([
      ['a syntax error', 'SELEC 1', 'near "SELEC": syntax error', 'SQL_PARSE_ERROR', 'SQLITE_ERROR'],
      ['a missing table', 'SELECT * FROM nowhere', 'no such table: nowhere', 'SQLITE_UNKNOWN', 'SQLITE_ERROR'],
      ['a missing column', 'SELECT missing FROM t', 'no such column: missing', 'SQL_INPUT_ERROR', 'SQLITE_ERROR'],
      ['COMMIT alone', 'COMMIT', 'cannot commit - no transaction is active', 'SQLITE_UNKNOWN', 'SQLITE_ERROR'],
    ])('reports %s', async (_, sql, message, overHttp, onFile) => {
      await expect(client.execute(sql)).rejects.toMatchObject({
        message: expect.stringContaining(message) as string,
        code: name === 'http' ? overHttp : onFile,
      });
      expect((await client.execute('SELECT 1 AS n')).rows[0]?.['n']).toBe(1);
    });
  });
});

describe('where the server is stricter than the client on a file, as sqld is', () => {
  let client: Client;

  beforeEach(() => {
    databases += 1;
    client = createHttpClient({ url: server.databaseUrl(`c${databases}`) });
    return () => client.close();
  });

  it.each([
    ['two statements', 'SELECT 1; SELECT 2', [], 'SQL_MANY_STATEMENTS', 'SQL string contains more than one statement'],
    ['only a comment', '-- nothing', [], 'SQL_NO_STATEMENT', 'SQL string does not contain any statement'],
    ['too few arguments', 'SELECT ?, ?', [1], 'ARGS_INVALID', 'value for parameter 2 not found'],
    ['too many arguments', 'SELECT ?', [1, 2], 'ARGS_INVALID', 'too many parameters, expected 1 found 2'],
    ['a name nobody gave', 'SELECT :a, :b', { a: 1 }, 'ARGS_INVALID', 'value for parameter :b not found'],
    ['a number nobody gave', 'SELECT ?1, :a', { a: 1 }, 'ARGS_INVALID', 'value for parameter ?1 not found'],
    ['places for names', 'SELECT :a', [1], 'ARGS_INVALID', 'value for parameter :a not found'],
  ])('refuses %s', async (_, sql, args, code, message) => {
    const failure = expect(client.execute({ sql, args: args as never })).rejects;
    await failure.toMatchObject({ code, message: expect.stringContaining(message) as string });
  });

  it('accepts one statement among empty ones and comments', async () => {
    const { rows } = await client.execute(' ; -- first\n SELECT 1 AS n ; /* last */ ;');
    expect(rows[0]?.['n']).toBe(1);
  });

  it('does not remember the arguments of the last run', async () => {
    await client.execute({ sql: 'SELECT ?, ?', args: ['a', 'b'] });
    await expect(client.execute({ sql: 'SELECT ?, ?', args: ['a'] })).rejects.toMatchObject({ code: 'ARGS_INVALID' });
  });

  it('counts the rows of RETURNING, which the client on a file does not', async () => {
    await client.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)');
    const inserted = await client.execute('INSERT INTO t (n) VALUES (1), (2), (3) RETURNING id');
    expect(inserted).toMatchObject({ rowsAffected: 3, lastInsertRowid: 3n });
    expect((await client.execute('UPDATE t SET n = 0 WHERE n > 1 RETURNING id')).rowsAffected).toBe(2);
    expect((await client.execute('UPDATE t SET n = 0 WHERE n > 99 RETURNING id')).rowsAffected).toBe(0);
    const ignored = await client.execute('INSERT INTO t (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING id');
    expect(ignored).toMatchObject({ rowsAffected: 0, rows: [] });
  });

  it('tells a rowid past 2^53 exactly', async () => {
    await client.execute('CREATE TABLE t (id INTEGER PRIMARY KEY)');
    const inserted = await client.execute({ sql: 'INSERT INTO t VALUES (?)', args: [2n ** 62n + 1n] });
    expect(inserted.lastInsertRowid).toBe(2n ** 62n + 1n);
  });

  it.each(['a\0b', '\0', '\0\0', '\u{10ffff}', '\u{10ffff}0', '\u{10ffff}\0\u{10ffff}1'])(
    'keeps %j, of which the library would drop what follows a NUL',
    async (text) => {
      await client.execute('CREATE TABLE t (x TEXT)');
      await client.execute({ sql: 'INSERT INTO t VALUES (?)', args: [text] });
      const { rows } = await client.execute({ sql: 'SELECT x FROM t WHERE x = ?', args: [text] });
      expect(rows[0]?.['x']).toBe(text);
    },
  );

  it('refuses an answer larger than sqld would give, and lets go of the table', async () => {
    await client.execute('CREATE TABLE t (x)');
    const many =
      'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300) INSERT INTO t SELECT i FROM n';
    await client.execute(many);
    const read = 'SELECT x, hex(zeroblob(50000)) FROM t';
    await expect(client.execute(read)).rejects.toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
    // A statement left half-way would still lock it.
    await client.execute('DROP TABLE t');
  });
});
