import { presets } from '../../src/domain/reports/presets.ts';
import type { Preset } from '../../src/domain/reports/presets.ts';
import type { ReportInput } from '../../src/domain/reports/parse-report.ts';
import type { ReportAnswer } from '../../src/domain/reports/assemble-report.ts';
import { runReport } from '../../src/services/reports/run-report.ts';
import { exportWorld } from '../engines/data.ts';
import { openDuckDb } from '../engines/duckdb.ts';
import type { Answer, Engine } from '../engines/duckdb.ts';
import { openPostgres } from '../engines/postgres.ts';
import { endOfWorld } from '../make-world.ts';
import type { World } from '../open-world.ts';
import { formatTable, growthOf, median } from '../table.ts';
import { agreesOn, questions } from './questions.ts';
import type { Ask } from './questions.ts';

const day = 86_400_000;
const lookBackDays = 90;

type Period = { name: string; given: ReportInput['period']; from: number; to: number };
export const periods: readonly Period[] = [
  { name: 'all time', given: null, from: 0, to: endOfWorld },
  { name: '90 days', given: { relative: 'last90Days' }, from: endOfWorld - 90 * day, to: endOfWorld },
  {
    name: 'this year',
    given: { from: '2026-01-01', to: '2026-08-31' },
    from: Date.parse('2026-01-01'),
    to: endOfWorld,
  },
];

export const reportBarMs = 100;
const others = ['by hand', 'PostgreSQL', 'DuckDB'] as const;

/** Milliseconds of each round: the product's whole time, its time at the database, and the others'. */
export type ReportResult = {
  preset: string;
  isPreset: boolean;
  period: string;
  people: number;
  times: Record<string, number[]>;
};

/** Questions of the models that share credit, which no preset asks; by hand nobody asks the last. */
const further: readonly Preset[] = [
  {
    id: 'leads by source, linear',
    query: { measures: ['leads', 'leadsWithDeal'], dimensions: ['source'], attribution: 'linear' },
  },
  {
    id: 'revenue by campaign, time decay',
    query: { measures: ['revenue', 'wonDeals'], dimensions: ['campaign'], attribution: 'timeDecay' },
  },
  {
    id: 'Markov, Shapley',
    query: { measures: ['wonDeals', 'revenue'], dimensions: ['channel'], attribution: ['markov', 'shapley'] },
  },
].map(({ id, query }) => ({ id, query, name: { en: id, no: id }, description: { en: id, no: id } }));

/** Whether a preset can be asked about a period: parts for every day there is belong to no report of all time. */
export const canAsk = ({ query }: Preset, { given }: Period): boolean =>
  given !== null || !query.dimensions?.includes('day');

export const askReport = async (world: World, { query }: Preset, { given }: Period): Promise<ReportAnswer> =>
  runReport(world.context, { ...query, period: given, currency: 'NOK' });

/**
 * Every preset by the product, through its service and the local endpoint over HTTP; by hand on the same file over the same
 * endpoint; by PostgreSQL and by DuckDB over the same rows, on one core each. They take turns, and the order turns round. All must
 * give as many rows, and the same sum of what they are in order of.
 */
export async function benchReports(world: World, { rounds }: { rounds: number }): Promise<ReportResult[]> {
  const csv = await exportWorld(world.path);
  const engines: Engine[] = [await openDuckDb(csv)];
  const postgres = await openPostgres(csv);
  if (postgres) engines.push(postgres);
  else console.error('PostgreSQL is not installed (Debian: apt-get install postgresql): left out.');
  const results: ReportResult[] = [];
  try {
    for (const preset of [...presets, ...further]) {
      for (const period of periods) {
        if (!canAsk(preset, period)) continue;
        const times: Record<string, number[]> = {};
        const askers = new Map<string, () => Promise<number>>();
        if (questions[preset.id]) {
          for (const [name, ask] of await askersOf({ world, preset, period, engines })) askers.set(name, ask);
        }
        askers.set('Kilde', async () => {
          const { ms, databaseMs } = await world.time(async () => askReport(world, preset, period));
          (times['Kilde, whole'] ??= []).push(ms);
          return databaseMs;
        });
        for (let round = 0; round < rounds; round += 1) {
          for (const [name, ask] of round % 2 === 0 ? askers : [...askers].toReversed()) {
            // One that takes long is known well enough: it does not make the rest wait.
            const taken = times[name]?.reduce((sum, one) => sum + one, 0) ?? 0;
            if (taken < 3_000) (times[name] ??= []).push(await ask());
          }
        }
        const isPreset = !further.includes(preset);
        results.push({ preset: preset.id, isPreset, period: period.name, people: world.people, times });
      }
    }
  } finally {
    for (const engine of engines) await engine.close();
  }
  return results;
}

/** The others, once they have been asked, and have said the same as the product. */
async function askersOf({
  world,
  preset,
  period,
  engines,
}: {
  world: World;
  preset: Preset;
  period: Period;
  engines: readonly Engine[];
}): Promise<Array<[name: string, ask: () => Promise<number>]>> {
  const question = questions[preset.id]!;
  const write = (engine: Ask['engine'], way: Ask['way'] = 0) =>
    question({ ...period, engine, way, lookBackMs: lookBackDays * day });
  const byHand = await fastest(world, [write('sqlite', 0), write('sqlite', 1)]);
  const answer = await askReport(world, preset, period);
  check({ preset, period, answer, name: 'by hand', given: await world.byHand.execute(byHand) });
  const askers: Array<[string, () => Promise<number>]> = [
    ['by hand', async () => (await world.time(async () => world.byHand.execute(byHand))).databaseMs],
  ];
  for (const { name, ask } of engines) {
    const sql = write(name === 'DuckDB' ? 'duckdb' : 'postgres');
    check({ preset, period, answer, name, given: await ask(sql) });
    askers.push([name, async () => (await ask(sql)).ms]);
  }
  return askers;
}

async function fastest(world: World, ways: readonly string[]): Promise<string> {
  const timed: Array<{ sql: string; ms: number }> = [];
  const different = [...new Set(ways)];
  if (different.length === 1) return different[0]!;
  for (const sql of different) {
    // The first warms.
    await world.byHand.execute(sql);
    timed.push({ sql, ms: (await world.time(async () => world.byHand.execute(sql))).databaseMs });
  }
  return timed.toSorted((a, b) => a.ms - b.ms)[0]!.sql;
}

/** @throws Error where an answer is to another question than the product's: it does not have as many rows with the same sum. */
function check({
  preset,
  period,
  answer,
  name,
  given: { columns, rows },
}: {
  preset: Preset;
  period: Period;
  answer: ReportAnswer;
  name: string;
  given: Pick<Answer, 'columns' | 'rows'>;
}): void {
  const measure = preset.query.measures[0]!;
  const numberOf = (value: unknown) =>
    Number(typeof value === 'object' && value !== null && 'amount' in value ? value.amount : (value ?? 0));
  const wanted = answer.rows.reduce((sum, row) => sum + numberOf((row as Record<string, unknown>)[measure]), 0);
  const column = columns.indexOf(agreesOn[preset.id] ?? 'leads');
  const given = rows.reduce((sum, row) => sum + Number(row[column]), 0);
  // Parts of credit add up to the whole but for what their sum is rounded by, by hand.
  if (rows.length !== answer.rows.length || Math.abs(given - wanted) > 1e-6 * wanted)
    throw new Error(
      `${preset.id}, ${period.name}: ${name} gives ${rows.length} rows and ${given}, the product ${answer.rows.length} and ${wanted}.`,
    );
}

export function growthOfReport(results: readonly ReportResult[], { preset, period }: ReportResult): number | null {
  const same = results.filter((one) => one.preset === preset && one.period === period);
  if (same.length < 2) return null;
  return growthOf(
    same.map((one) => one.people),
    same.map((one) => median(one.times['Kilde']!)),
  );
}

export function showReports(results: readonly ReportResult[]): string {
  const largest = Math.max(...results.map((one) => one.people));
  const rows = results
    .filter((one) => one.people === largest)
    .map((one) => {
      const { preset, period, times } = one;
      const ms = (name: string) => (times[name] ? median(times[name]) : null);
      const own = ms('Kilde')!;
      const growth = growthOfReport(results, one);
      return [
        `${preset}, ${period}`,
        ms('Kilde, whole')!.toFixed(1),
        own.toFixed(1),
        ...others.map((name) => ms(name)?.toFixed(1) ?? '–'),
        ...others.map((name) => (times[name] ? (own / ms(name)!).toFixed(2) : '–')),
        growth?.toFixed(2) ?? '–',
        own <= reportBarMs && (growth === null || growth < 1) ? 'met' : 'not met',
      ];
    });
  return formatTable([
    [
      `report: ms at ${largest} people`,
      'whole',
      'at the database',
      ...others,
      '× by hand',
      '× PostgreSQL',
      '× DuckDB',
      'growth',
      `at most ${reportBarMs} ms`,
    ],
    ...rows,
  ]);
}
