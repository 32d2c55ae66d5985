import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';

const folder = join(import.meta.dirname, '..', 'drizzle');

export type Migration = { tag: string; when: number; hash: string; statements: string[] };

/** The migrations in drizzle/, oldest first. */
export async function readMigrations(): Promise<Migration[]> {
  const journal = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: Array<{ tag: string; when: number }>;
  };
  return Promise.all(
    journal.entries.map(async ({ tag, when }) => {
      const sql = await readFile(join(folder, `${tag}.sql`), 'utf8');
      const statements = sql.split('--> statement-breakpoint').map((one) => one.trim());
      return { tag, when, hash: createHash('sha256').update(sql).digest('hex'), statements };
    }),
  );
}

/**
 * Brings a database up to date, each migration in a transaction of its own. Safe to run twice, and while serving.
 * The record it keeps is drizzle-kit's own table, so that either may run the next.
 * @returns the tags of the migrations that were run.
 */
export async function migrate({ url, authToken }: { url: string; authToken?: string }): Promise<string[]> {
  const client = createClient({ url, ...(authToken ? { authToken } : {}) });
  await client.batch(
    [
      'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
      'CREATE UNIQUE INDEX IF NOT EXISTS __drizzle_migrations_created_at ON __drizzle_migrations (created_at)',
    ],
    'write',
  );
  const readLatest = async (): Promise<number> => {
    const { rows } = await client.execute('SELECT max(created_at) AS latest FROM __drizzle_migrations');
    return Number(rows[0]?.['latest'] ?? 0);
  };
  const latest = await readLatest();
  const ran: string[] = [];
  for (const { tag, when, hash, statements } of await readMigrations()) {
    if (when <= latest) continue;
    // The record comes first: of two that start at once, the later fails on it and has changed nothing.
    const record = { sql: 'INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)', args: [hash, when] };
    try {
      await client.migrate([record, ...statements]);
      ran.push(tag);
    } catch (error) {
      if ((await readLatest()) < when) throw error;
    }
  }
  client.close();
  return ran;
}
