import { createClient } from '@libsql/client/http';
import { openDatabase } from '../src/db/client.ts';
import type { CaptureSettings } from '../src/services/capture-settings.ts';
import { runReport } from '../src/services/run-report.ts';
import { startLibsqlServer } from '../tools/libsql-server/start-libsql-server.ts';
import { exportWorld } from './engines/data.ts';
import { openDuckDb } from './engines/duckdb.ts';
import type { Engine } from './engines/duckdb.ts';
import { openPostgres } from './engines/postgres.ts';
import { questions } from './engines/questions.ts';
import { endOfWorld, makeWorld } from './make-world.ts';
import { formatTable, growthOf, median } from './table.ts';

const periods = {
  'all time': null,
  'this year': { from: '2026-01-01', to: '2026-08-31' },
} as const;

export type Timed = { question: string; period: string; people: number; times: Record<string, number[]> };

/**
 * The same questions to the product (through its service and the local endpoint, over HTTP), to hand-written SQL on the same
 * file over the same endpoint, to PostgreSQL and to DuckDB, on one core each, over the same rows. Engines take turns, and the
 * order turns round.
 */
export async function benchEngines({
  people,
  rounds,
}: {
  people: readonly number[];
  rounds: number;
}): Promise<Timed[]> {
  const results: Timed[] = [];
  for (const size of people) {
    const path = await makeWorld(size);
    const csv = await exportWorld(path);
    const server = await startLibsqlServer({ path });
    const client = createClient({ url: server.url });
    const engines: Engine[] = [
      {
        name: 'by hand',
        async ask(sql) {
          const began = performance.now();
          const { rows } = await client.execute(sql);
          return { ms: performance.now() - began, rows: rows.length };
        },
        close: async () => client.close(),
      },
      await openDuckDb(csv),
    ];
    const postgres = await openPostgres(csv);
    if (postgres) engines.push(postgres);
    else console.error('PostgreSQL is not installed (Debian: apt-get install postgresql): left out.');
    const defaultSite = { timeZone: 'UTC', lookBackDays: 90 };
    const settings = { current: async () => ({ defaultSite }) } as unknown as CaptureSettings;
    const context = {
      db: openDatabase({ config: { databaseUrl: server.url } as never, fetch }),
      settings,
      clock: () => endOfWorld,
    };
    try {
      for (const { id, query, sql } of questions) {
        for (const [name, given] of Object.entries(periods)) {
          // Parts of time are parts of something.
          const period =
            given ?? (query.dimensions?.includes('month') ? { from: '2023-01-01', to: '2026-08-31' } : null);
          const from = period ? Date.parse(period.from) : 0;
          const to = period ? Date.parse(period.to) + 86_400_000 : endOfWorld;
          const text = sql((column) => `${column} >= ${from} AND ${column} < ${to}`);
          const askers: Array<[string, () => Promise<number>]> = [
            [
              'Kilde',
              async () => {
                const began = performance.now();
                await runReport(context, { ...query, period });
                return performance.now() - began;
              },
            ],
            ...engines.map((engine): [string, () => Promise<number>] => [
              engine.name,
              async () => (await engine.ask(text)).ms,
            ]),
          ];
          const times: Record<string, number[]> = {};
          for (let round = 0; round <= rounds; round += 1) {
            for (const [engine, ask] of round % 2 === 0 ? askers : askers.toReversed()) {
              const ms = await ask();
              // The first round warms.
              if (round > 0) (times[engine] ??= []).push(ms);
            }
          }
          results.push({ question: id, period: name, people: size, times });
        }
      }
    } finally {
      for (const engine of engines) await engine.close();
      await server.close();
    }
  }
  return results;
}

export function showEngines(results: readonly Timed[]): string {
  const largest = Math.max(...results.map((one) => one.people));
  const rows = results
    .filter((one) => one.people === largest)
    .map(({ question, period, times }) => {
      const ms = (engine: string) => (times[engine] ? median(times[engine]) : null);
      const same = results.filter((one) => one.question === question && one.period === period);
      const growth =
        same.length > 1
          ? growthOf(
              same.map((one) => one.people),
              same.map((one) => median(one.times['Kilde']!)),
            ).toFixed(2)
          : '';
      const ratio = (engine: string) => (times[engine] ? (ms('Kilde')! / ms(engine)!).toFixed(2) : '–');
      return [
        `${question}, ${period}`,
        ...['Kilde', 'by hand', 'PostgreSQL', 'DuckDB'].map((engine) => ms(engine)?.toFixed(1) ?? '–'),
        ...['by hand', 'PostgreSQL', 'DuckDB'].map(ratio),
        growth,
      ];
    });
  return formatTable([
    [
      `ms at ${largest} people`,
      'Kilde',
      'by hand',
      'PostgreSQL',
      'DuckDB',
      '/ by hand',
      '/ PostgreSQL',
      '/ DuckDB',
      'growth',
    ],
    ...rows,
  ]);
}
