import { createClient } from '@libsql/client/http';
import { rollUpSome } from '../src/jobs/roll-up-reports.ts';
import { failWith, findDatabase } from './data-folder.ts';
import { differences, rebuild } from './totals-sql.ts';

async function main(): Promise<void> {
  const client = createClient(findDatabase());
  const [found] = await client.batch([`SELECT count(*) AS n FROM (${differences})`, ...rebuild], 'write');
  console.log(`Counted again: ${Number(found!.rows[0]!['n'])} stored totals were wrong. Rolling up leads and deals.`);
  while ((await client.batch(rollUpSome, 'write'))[1]!.rows[0]!['is_left']);
  client.close();
}

if (import.meta.main) await main().catch(failWith);
