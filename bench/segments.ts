import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@libsql/client/http';
import type { InArgs, InStatement } from '@libsql/client/http';
import { openDatabase } from '../src/db/client.ts';
import type { CaptureSettings } from '../src/services/capture-settings.ts';
import { runSegment } from '../src/services/run-segment.ts';
import type { SegmentQuery } from '../src/services/run-segment.ts';
import { fillLargeWorld } from '../test/support/large-world.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../tools/migrations.ts';

/**
 * `npm run bench:segments -- --people 1000000`: the time of segment queries at a size, slowest first. Each is run as the API
 * runs it, over HTTP to the local endpoint: a page of fifty with its count, in one round trip. Medians of five runs.
 */
const { values: options } = parseArgs({
  options: { people: { type: 'string', default: '1000000' }, plans: { type: 'boolean' } },
});
const people = Number(options.people);
const runs = 5;

const is = (field: string, op: string, value?: unknown) => ({ field, op, value });
const by = (field: string, direction: 'asc' | 'desc' = 'asc') => ({ where: { all: [] }, sort: [{ field, direction }] });
const shapes: Array<[name: string, query: Partial<SegmentQuery> & { where: unknown }]> = [
  ['everybody, newest first', { where: { all: [] } }],
  ['first touch source (1 of 200)', { where: is('firstTouch.source', 'equals', 'source 5') }],
  ['first touch source is not', { where: is('firstTouch.source', 'notEquals', 'source 5') }],
  ['lead creation channel (1 of 12)', { where: is('leadCreation.channel', 'equals', 'channel 3') }],
  ['lead creation campaign starts with', { where: is('leadCreation.campaign', 'startsWith', 'campaign 1') }],
  ['lead status (1 of 200)', { where: is('leadStatus', 'equals', 'Qualified') }],
  ['lead status is not (199 of 200)', { where: is('leadStatus', 'notEquals', 'Qualified') }],
  ['e-mail equals', { where: is('email', 'equals', 'p77@c78.no') }],
  ['e-mail contains', { where: is('email', 'contains', '777@') }],
  ['last name starts with', { where: is('lastName', 'startsWith', 'last 99') }],
  ['last name ends with', { where: is('lastName', 'endsWith', '99') }],
  ['created in the last 30 days', { where: is('createdAt', 'lastDays', { count: 30 }) }],
  [
    'source and status',
    { where: { all: [is('firstTouch.source', 'equals', 'source 5'), is('leadStatus', 'equals', 'Open')] } },
  ],
  [
    'source or status',
    { where: { any: [is('firstTouch.source', 'equals', 'source 5'), is('leadStatus', 'equals', 'Qualified')] } },
  ],
  ['has a deal over 10,000', { where: { has: 'deal', where: is('amount', 'gte', 10_000), count: { gte: 1 } } }],
  ['has no deal', { where: { has: 'deal', count: { eq: 0 } } }],
  ['ever touched by a source (1 of 200)', { where: { has: 'touch', where: is('source', 'equals', 'source 5') } }],
  ['touched at least twice', { where: { has: 'touch', count: { gte: 2 } } }],
  ['sent a form in the last 30 days', { where: { has: 'submission', where: is('at', 'lastDays', { count: 30 }) } }],
  ['works at a company of a country', { where: is('company.country', 'equals', 'SE') }],
  ['in a selection', { where: is('selection', 'inSelection', '1') }],
  ['everybody, by last name', by('lastName')],
  ['everybody, by first touch source', by('firstTouch.source')],
  ['everybody, by company name', by('company.name')],
  ['everybody, by number of forms', by('submissionCount', 'desc')],
];

const directory = await mkdtemp(join(tmpdir(), 'kilde-bench-'));
const server = await startLibsqlServer({ path: join(directory, 'kilde.db') });
try {
  await migrate({ url: server.url });
  const client = createClient({ url: server.url });
  const filling = performance.now();
  await fillLargeWorld(client, people);
  await client.execute('ANALYZE');
  console.log(
    `${people} people, ${people * 2} touches made in ${Math.round((performance.now() - filling) / 1000)} s\n`,
  );

  const db = openDatabase({ config: { databaseUrl: server.url } as never, fetch });
  let sent: InStatement[] = [];
  const batch = db.$client.batch.bind(db.$client);
  db.$client.batch = (statements, mode) => {
    sent = statements as InStatement[];
    return batch(statements, mode);
  };
  const context = {
    db,
    clock: () => Date.parse('2025-12-15T12:00:00Z'),
    settings: { current: async () => ({ defaultSite: { timeZone: 'Europe/Oslo' } }) } as unknown as CaptureSettings,
  };

  const rows: Array<{ name: string; found: number; ms: number; low: number; high: number; scans: string }> = [];
  for (const [name, query] of shapes) {
    const times: number[] = [];
    let found = 0;
    for (let run = 0; run < runs; run += 1) {
      const started = performance.now();
      const answer = await runSegment(context, {
        entity: 'person',
        limit: 50,
        count: true,
        timeZone: 'Europe/Oslo',
        ...query,
      });
      times.push(performance.now() - started);
      found = answer.count ?? 0;
    }
    times.sort((a, b) => a - b);
    const scans: string[] = [];
    for (const statement of sent) {
      const { sql, args = [] } = statement as { sql: string; args?: InArgs };
      const plan = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      scans.push(...plan.rows.map((row) => row['detail'] as string));
    }
    rows.push({ name, found, ms: times[2]!, low: times[0]!, high: times[4]!, scans: scans.join('; ') });
  }
  for (const { name, found, ms, low, high, scans } of rows.toSorted((a, b) => b.ms - a.ms)) {
    console.log(
      `${ms.toFixed(1).padStart(8)} ms (${low.toFixed(1)}–${high.toFixed(1)})  ${String(found).padStart(8)} found  ${name}`,
    );
    if (options.plans) console.log(`          ${scans}`);
  }
  client.close();
} finally {
  await server.close();
  await rm(directory, { recursive: true, force: true });
}
