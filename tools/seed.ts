import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@libsql/client/http';
import {
  databaseName,
  dataFolder,
  failWith,
  findDatabase,
  lockDataFolder,
  prepareDataFolder,
  StartError,
} from './data-folder.ts';
import './load-tables.ts';
import { startLibsqlServer } from './libsql-server/start-libsql-server.ts';
import { migrate } from './migrations.ts';
import { makeWorld } from './seed/make-world.ts';
import { storeWorld } from './seed/store-world.ts';
import './bytes-base64.ts';

/**
 * `npm run seed`: fills an empty Kilde with a year of an invented company, so that every report and screen has something to show. The
 * same arguments give the same records.
 *
 * --people 20000       how many people
 * --until 2026-09-01   the first day that is no part of it; unset, today
 */
const { values } = parseArgs({ options: { people: { type: 'string' }, until: { type: 'string' } } });
const dayMs = 86_400_000;

function readPeople(): number {
  const people = Number(values.people ?? 20_000);
  if (Number.isInteger(people) && people >= 100 && people <= 1_000_000) return people;
  throw new StartError(`--people is "${values.people}": it must be a whole number from 100 to 1000000.`);
}

function readUntil(): number {
  if (values.until === undefined) return Math.floor(Date.now() / dayMs) * dayMs;
  const until = Date.parse(`${values.until}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(values.until) && !Number.isNaN(until)) return until;
  throw new StartError(`--until is "${values.until}": it must be a day such as 2026-09-01.`);
}

/** The database of the Kilde that runs, or one that is started for the time being. */
async function openDatabase(): Promise<{ url: string; authToken?: string; close(): Promise<void> }> {
  try {
    return { ...findDatabase(), close: async () => {} };
  } catch (error) {
    if (!(error instanceof StartError) || process.env['LIBSQL_URL']) throw error;
  }
  const folder = dataFolder();
  prepareDataFolder(folder);
  const unlock = lockDataFolder(folder);
  const server = await startLibsqlServer({ path: join(folder, databaseName) });
  await migrate({ url: server.url });
  const close = async (): Promise<void> => {
    await server.close();
    unlock();
  };
  return { url: server.url, close };
}

async function refuseFull(database: { url: string; authToken?: string }): Promise<void> {
  const client = createClient(database);
  const { rows } = await client.execute('SELECT count(*) AS people FROM (SELECT 1 FROM person LIMIT 1)');
  client.close();
  if (Number(rows[0]!['people']) === 0) return;
  throw new StartError(
    'The database has people already. Give the seed a folder of its own: KILDE_DATA=.kilde-seed npm run seed',
  );
}

async function main(): Promise<void> {
  process.umask(0o077);
  const [people, until] = [readPeople(), readUntil()];
  const began = performance.now();
  const database = await openDatabase();
  try {
    await refuseFull(database);
    const world = makeWorld({ people, until });
    const assets = join(import.meta.dirname, '..', 'assets');
    await storeWorld({
      world,
      until,
      env: {
        LIBSQL_URL: database.url,
        ...(database.authToken ? { LIBSQL_AUTH_TOKEN: database.authToken } : {}),
        ASSETS: { fetch: async (url) => new Response(await readFile(join(assets, new URL(url).pathname), 'utf8')) },
      },
      report: (step) => console.log(`  ${((performance.now() - began) / 1_000).toFixed(1).padStart(5)} s  ${step}`),
    });
    console.log(
      `\n  ${people} people, ${world.deals.length} deals, in ${((performance.now() - began) / 1_000).toFixed(0)} s. npm start shows them.`,
    );
  } finally {
    await database.close();
  }
}

if (import.meta.main) await main().catch(failWith);
