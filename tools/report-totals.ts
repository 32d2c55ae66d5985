import { createClient } from '@libsql/client/http';
import { settleSome } from '../src/jobs/settle-reports.ts';
import { failWith, findDatabase } from './data-folder.ts';
import { differences, rebuild } from './totals-sql.ts';

async function main(): Promise<void> {
  const client = createClient(findDatabase());
  const [found] = await client.batch([`SELECT count(*) AS n FROM (${differences})`, ...rebuild], 'write');
  console.log(`Counted again: ${Number(found!.rows[0]!['n'])} stored totals were wrong. Rolling up leads and deals.`);
  while ((await client.batch(settleSome, 'write'))[1]!.rows[0]!['is_left']);
  client.close();
}

if (import.meta.main) await main().catch(failWith);
