import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';

const folder = join(import.meta.dirname, '..', 'drizzle');
/** What led from migration 0018 to the baseline, for the databases that stand in between. */
const upgradesFolder = join(folder, 'upgrades');

export type Migration = { tag: string; when: number; hash: string; statements: string[] };

type JournalEntry = { tag: string; when: number };

/** The migrations in drizzle/, oldest first. The first one is the baseline: it makes a whole database. */
export async function readMigrations(): Promise<Migration[]> {
  const journal = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: JournalEntry[];
  };
  return readEntries(folder, journal.entries);
}

/** The migrations before the baseline that are still known, and the one that the oldest database they can start from stands at. */
export async function readUpgrades(): Promise<{ from: JournalEntry; migrations: Migration[] }> {
  const journal = JSON.parse(await readFile(join(upgradesFolder, '_journal.json'), 'utf8')) as {
    from: JournalEntry;
    entries: JournalEntry[];
  };
  return { from: journal.from, migrations: await readEntries(upgradesFolder, journal.entries) };
}

const readEntries = (directory: string, entries: JournalEntry[]): Promise<Migration[]> =>
  Promise.all(
    entries.map(async ({ tag, when }) => {
      const sql = await readFile(join(directory, `${tag}.sql`), 'utf8');
      const statements = sql.split('--> statement-breakpoint').map((statement) => statement.trim());
      return { tag, when, hash: createHash('sha256').update(sql).digest('hex'), statements };
    }),
  );

/**
 * What a database that stands at `latest` (0: nothing yet) has to run. One from before the baseline runs the upgrades that it lacks,
 * and the baseline is only noted.
 * @throws Error for a database older than the upgrades start from.
 */
async function pendingMigrations(latest: number): Promise<Migration[]> {
  const migrations = await readMigrations();
  const [baseline, ...later] = migrations;
  if (!baseline || latest === 0 || latest >= baseline.when) return migrations.filter(({ when }) => when > latest);
  const { from, migrations: upgrades } = await readUpgrades();
  if (latest < from.when) {
    throw new Error(
      `The database is older than this version can upgrade: it has not run migration ${from.tag}. ` +
        'Start the version of Kilde that made it once more, then a version that has this migration, then this one.',
    );
  }
  return [...upgrades.filter(({ when }) => when > latest), { ...baseline, statements: [] }, ...later];
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
  for (const { tag, when, hash, statements } of await pendingMigrations(latest)) {
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
