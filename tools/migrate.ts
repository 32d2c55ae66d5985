import { failWith, findDatabase } from './data-folder.ts';
import { migrate } from './migrations.ts';

/** `npm run migrate`: brings a database up to date: the one at LIBSQL_URL, or that of the Kilde that runs on this machine. */
async function main(): Promise<void> {
  const done = await migrate(findDatabase());
  console.log(done.length > 0 ? `Migrated: ${done.join(', ')}` : 'Nothing to migrate.');
}

await main().catch(failWith);
