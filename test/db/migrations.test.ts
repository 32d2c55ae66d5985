import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate, readMigrations, readUpgrades } from '../../tools/migrations.ts';
import { withoutLayout } from '../../tools/program-migration.ts';

let directory: string;
let server: LibsqlServer;
let client: Client;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-migrations-'));
  server = await startLibsqlServer({ path: join(directory, 'kilde.db') });
  client = createClient({ url: server.url });
});

afterEach(async () => {
  client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

type Master = { type: string; name: string; sql: string };

async function readMaster(): Promise<Master[]> {
  const { rows } = await client.execute(
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
  );
  return rows as unknown as Master[];
}

/** Each object by name: its text, of a table its columns and keys in any order, since added columns stand last. */
async function schema(): Promise<Record<string, unknown>> {
  const objects: Record<string, unknown> = {};
  for (const { type, name, sql } of await readMaster()) {
    if (type !== 'table') {
      objects[name] = withoutLayout(sql).replaceAll('`', '');
      continue;
    }
    const columns = await client.execute(
      `SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo('${name}')`,
    );
    const keys = await client.execute(
      `SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list('${name}')`,
    );
    objects[name] = {
      columns: Object.fromEntries(columns.rows.map(({ name: column, ...rest }) => [column as string, { ...rest }])),
      keys: new Set(keys.rows.map((row) => JSON.stringify(row))),
      isWithoutRowid: sql.includes('WITHOUT ROWID'),
    };
  }
  return objects;
}

/** A database as migration 0018 left it, with a few records. */
async function loadDatabase0018(): Promise<void> {
  const dump = await readFile(join(import.meta.dirname, '..', 'support', 'database-0018.sql'), 'utf8');
  await client.migrate(dump.split('--> statement-breakpoint').map((statement) => statement.trim()));
}

const tablesKept = [
  'person',
  'company',
  'submission',
  'deal',
  'cost',
  'link',
  'selection',
  'alias',
  'quarantine',
  'consent',
];

/** How many rows there are, and the four points of everybody. */
async function readRecords(): Promise<unknown> {
  const counts = await client.execute(
    tablesKept.map((table) => `SELECT '${table}' AS name, count(*) AS n FROM ${table}`).join(' UNION ALL '),
  );
  const points = await client.execute(
    `SELECT email, first_touch_at, lead_creation_at, f.key AS first_touch, l.key AS lead_creation FROM person
       JOIN origin f ON f.id = first_touch_origin_id JOIN origin l ON l.id = lead_creation_origin_id ORDER BY person.id`,
  );
  return { counts: counts.rows, points: points.rows };
}

it('makes the tables and indexes that the snapshot has', async () => {
  await migrate({ url: server.url });
  const stored = (await readMaster()).filter(({ type }) => type === 'table' || type === 'index');
  expect(stored.map(({ sql }) => withoutLayout(sql))).toMatchSnapshot();
});

it('takes a database that stands at 0018 to where a new one begins, and keeps its records', async () => {
  await migrate({ url: server.url });
  const fresh = await schema();
  client.close();
  await server.close();
  server = await startLibsqlServer({ path: join(directory, 'old.db') });
  client = createClient({ url: server.url });
  await loadDatabase0018();
  const before = await readRecords();
  const ran = await migrate({ url: server.url });
  expect(ran).toEqual([
    ...(await readUpgrades()).migrations.map(({ tag }) => tag),
    ...(await readMigrations()).map(({ tag }) => tag),
  ]);
  expect(await schema()).toEqual(fresh);
  expect(await readRecords()).toEqual(before);
  expect((await client.execute('PRAGMA foreign_key_check')).rows).toEqual([]);
  expect((await client.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }]);
  expect(await migrate({ url: server.url })).toEqual([]);
});

it('lets people be without an address, and gives no number twice after the table was rebuilt', async () => {
  const [baseline, second] = await readMigrations();
  for (const { statements, hash, when } of [baseline!, second!]) {
    await client.migrate([
      'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
      { sql: 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)', args: [hash, when] },
      ...statements,
    ]);
  }
  const point = '0, 5, 0';
  const columns = `created_via, created_at, updated_at, creation_id, first_touch_origin_id, first_touch_at, first_touch_landing_page_id,
    lead_creation_origin_id, lead_creation_at, lead_creation_landing_page_id`;
  const values = `'form', 5, 5, 'x', ${point}, ${point}`;
  const add = (email: string) =>
    `INSERT INTO person (email, phone, ${columns}) VALUES (${email}, '912 34 567', ${values})`;
  await client.batch([
    ...["'a@firma.no'", "'b@firma.no'", "'c@firma.no'"].map(add),
    "INSERT INTO form (key, name, site_id, created_at) VALUES ('f', 'F', 1, 0)",
    "INSERT INTO submission (id, form_id, person_id, at, created_person, fields) VALUES ('s', 1, 2, 5, 1, '{}')",
    'DELETE FROM person WHERE id = 3',
  ]);
  const before = await client.execute('SELECT kind, month, key, n, m FROM report_total');
  await migrate({ url: server.url });
  await client.batch([add('NULL'), add('NULL')]);
  const { rows } = await client.execute('SELECT id, email, phone FROM person ORDER BY id');
  expect(rows.map(({ id, email }) => [id, email])).toEqual([
    [1, 'a@firma.no'],
    [2, 'b@firma.no'],
    [4, null],
    [5, null],
  ]);
  expect((await client.execute('SELECT id, form_id, person_id, created_via FROM submission')).rows).toEqual([
    { id: 's', form_id: 1, person_id: 2, created_via: 'form' },
  ]);
  expect((await client.execute('SELECT kind, month, key, n, m FROM report_total')).rows).toEqual(before.rows);
  expect((await client.execute('PRAGMA foreign_key_check')).rows).toEqual([]);
});

it('only notes the baseline where a database stands at the last migration before it', async () => {
  await loadDatabase0018();
  for (const { statements, hash, when } of (await readUpgrades()).migrations) {
    const record = { sql: 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)', args: [hash, when] };
    await client.migrate([record, ...statements]);
  }
  const before = await schema();
  const [baseline] = await readMigrations();
  const ran = await migrate({ url: server.url });
  expect(ran[0]).toBe(baseline!.tag);
  if (ran.length === 1) expect(await schema()).toEqual(before);
});

it('says what to do with a database that is older', async () => {
  await client.batch([
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
    'CREATE TABLE person (id integer)',
    "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 1700000000000)",
  ]);
  await expect(migrate({ url: server.url })).rejects.toThrow(/has not run migration 0018_values_by_first_seen/);
});

it('does nothing the second time, also when two start at once', async () => {
  const all = (await readMigrations()).map(({ tag }) => tag);
  const ran = await Promise.all([migrate({ url: server.url }), migrate({ url: server.url })]);
  expect(ran.flat().toSorted()).toEqual(all.toSorted());
  expect(await migrate({ url: server.url })).toEqual([]);
  const { rows } = await client.execute('SELECT count(*) AS n FROM lead_status');
  expect(rows[0]!['n']).toBe(5);
});

it('leaves every foreign key satisfied', async () => {
  await migrate({ url: server.url });
  expect((await client.execute('PRAGMA foreign_key_check')).rows).toEqual([]);
});

it('adds what is new while others read and write, and loses nothing', async () => {
  await loadDatabase0018();
  const others = [createClient({ url: server.url }), createClient({ url: server.url })];
  const over = new AbortController();
  const written: number[] = [];
  const writing = others.map(async (other, who) => {
    for (let i = 0; !over.signal.aborted; i += 1) {
      await other.batch(
        [
          { sql: 'INSERT INTO owner (name, created_at) VALUES (?, ?)', args: [`${who}`, i] },
          'SELECT count(*) FROM person',
        ],
        'write',
      );
      written[who] = i + 1;
    }
  });
  const ran = await migrate({ url: server.url });
  over.abort();
  await Promise.all(writing);
  expect(ran).toContain('0000_baseline');
  const { rows } = await client.execute('SELECT count(*) AS n FROM owner');
  expect(rows[0]!['n']).toBe(written[0]! + written[1]!);
  expect(Math.min(...written)).toBeGreaterThan(0);
  expect((await client.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }]);
  for (const other of others) other.close();
});
