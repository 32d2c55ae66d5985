import { parseArgs } from 'node:util';
import type { InStatement } from '@libsql/client/http';
import { openDatabase } from '../src/db/client.ts';
import { presets } from '../src/domain/reports/presets.ts';
import type { CaptureSettings } from '../src/services/capture-settings.ts';
import { runReport } from '../src/services/run-report.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { endOfWorld, makeWorld } from './make-world.ts';

/**
 * `npm run bench:reports -- --people 100000,1000000`: the time of every preset, over all time, this year and thirty days, as the API
 * runs it: over HTTP to the local endpoint, in one round trip. Medians of five runs, and how time grows with the size.
 */
const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '100000,1000000' },
    only: { type: 'string' },
    plans: { type: 'boolean' },
  },
});
const sizes = options.people.split(',').map(Number);
const runs = 5;
const periods = {
  'all time': null,
  'this year': { from: '2026-01-01', to: '2026-08-31' },
  '30 days': { from: '2026-08-02', to: '2026-08-31' },
} as const;

const extra = [
  {
    id: 'linear, position, decay',
    query: {
      measures: ['deals', 'revenue'],
      dimensions: ['source'],
      attribution: ['linear', 'positionBased', 'timeDecay'],
    },
  },
  {
    id: 'markov, shapley',
    query: { measures: ['wonDeals', 'revenue'], dimensions: ['channel'], attribution: ['markov', 'shapley'] },
  },
];

const found = new Map<string, number[]>();
for (const people of sizes) {
  const server = await startLibsqlServer({ path: await makeWorld(people) });
  try {
    await timeAll(server.url);
  } finally {
    await server.close();
  }
}

async function timeAll(url: string): Promise<void> {
  const db = openDatabase({ config: { databaseUrl: url } as never, fetch });
  const sent: InStatement[] = [];
  const batch = db.$client.batch.bind(db.$client);
  const execute = db.$client.execute.bind<(statement: InStatement) => ReturnType<typeof db.$client.execute>>(
    db.$client,
  );
  db.$client.batch = async (statements, mode) => {
    sent.push(...(statements as InStatement[]));
    return batch(statements, mode);
  };
  db.$client.execute = async (statement: InStatement) => {
    sent.push(statement);
    return execute(statement);
  };
  const defaultSite = { timeZone: 'Europe/Oslo', lookBackDays: 90 };
  const settings = { current: async () => ({ defaultSite }) } as unknown as CaptureSettings;
  const context = { db, settings, clock: () => endOfWorld };
  for (const { id, query } of [...presets, ...extra]) {
    if (options.only && !options.only.split(',').includes(id)) continue;
    for (const [name, period] of Object.entries(periods)) {
      // A part of time for every day there is belongs to no report of all time.
      if (period === null && query.dimensions?.includes('day')) continue;
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        sent.length = 0;
        const began = performance.now();
        await runReport(context, {
          ...query,
          period,
          ...(id.startsWith('sign-up') ? { filter: { form: ['form-1'] } } : {}),
        });
        times.push(performance.now() - began);
      }
      const key = `${id}, ${name}`;
      found.set(key, [...(found.get(key) ?? []), times.toSorted((a, b) => a - b)[runs >> 1]!]);
      if (options.plans) await showPlans(key);
    }
  }

  async function showPlans(key: string): Promise<void> {
    console.log(`\n${key}`);
    for (const statement of sent.slice()) {
      const { sql, args = [] } = statement as Exclude<InStatement, string>;
      const { rows } = await execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
      for (const row of rows) console.log(`  ${row['detail'] as string}`);
    }
  }
}

console.log(`${'ms'.padEnd(58)}${sizes.map((size) => String(size).padStart(10)).join('')}    growth`);
for (const [key, times] of found) {
  // 1: as the data grows, so does the time.
  const growth =
    times.length > 1 ? (Math.log(times.at(-1)! / times[0]!) / Math.log(sizes.at(-1)! / sizes[0]!)).toFixed(2) : '';
  console.log(`${key.padEnd(58)}${times.map((ms) => ms.toFixed(1).padStart(10)).join('')}${growth.padStart(10)}`);
}
