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
