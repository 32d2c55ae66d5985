import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate, readMigrations } from '../../tools/migrations.ts';

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

async function schema(): Promise<string[]> {
  const { rows } = await client.execute(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
  );
  return rows.map((row) => (row['sql'] as string).replace(/\s+/g, ' '));
}

it('runs every prefix of the migrations, and each adds to what was there', async () => {
  const migrations = await readMigrations();
  let before = 0;
  for (const migration of migrations) {
    await client.migrate(migration.statements);
    const after = (await schema()).length;
    expect(after).toBeGreaterThanOrEqual(before);
    before = after;
  }
  expect(await schema()).toMatchSnapshot();
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
  const migrations = await readMigrations();
  const old = migrations.findIndex(({ tag }) => tag.startsWith('0004'));
  for (const { statements } of migrations.slice(0, old)) await client.migrate(statements);
  await client.batch([
    'CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
    ...migrations.slice(0, old).map(({ hash, when }) => ({
      sql: 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)',
      args: [hash, when],
    })),
  ]);
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
  expect(ran).toEqual(migrations.slice(old).map(({ tag }) => tag));
  const { rows } = await client.execute('SELECT count(*) AS n FROM owner');
  expect(rows[0]!['n']).toBe(written[0]! + written[1]!);
  expect(Math.min(...written)).toBeGreaterThan(0);
  expect((await client.execute('PRAGMA integrity_check')).rows).toEqual([{ integrity_check: 'ok' }]);
  for (const other of others) other.close();
});
