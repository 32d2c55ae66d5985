import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { CaptureSettings } from '../../src/services/capture-settings.ts';
import type { ServiceContext } from '../../src/services/service-context.ts';
import { KildeError } from '../../src/domain/errors.ts';
import { dimensionNames, dimensions } from '../../src/domain/reports/dimensions.ts';
import type { DimensionName } from '../../src/domain/reports/dimensions.ts';
import { measureNames, measures } from '../../src/domain/reports/measures.ts';
import type { Measure, MeasureName } from '../../src/domain/reports/measures.ts';
import { journeyModels, pathSetModels, pointModels } from '../../src/domain/reports/models.ts';
import type { ReportModel } from '../../src/domain/reports/models.ts';
import type { ReportInput } from '../../src/domain/reports/parse-report.ts';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { readReportRows } from '../../src/services/reports/read-report-rows.ts';
import type { RowsAnswer } from '../../src/services/reports/read-report-rows.ts';
import { runReport } from '../../src/services/reports/run-report.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';
import { explainDisagreement, givenReplay } from '../support/failing-property.ts';
import { reportNow, reportTables, reportWorldArbitrary, worldStatements } from '../support/report-worlds.ts';
import type { ReportWorld } from '../support/report-worlds.ts';

// The rows behind each number of a report are as many as it says: every measure, dimension and model, over generated records.

let directory: string;
let server: LibsqlServer;
let client: Client;
let context: Pick<ServiceContext, 'db' | 'clock' | 'settings'>;
let requests = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-report-rows-'));
  server = await startLibsqlServer({ path: join(directory, 'kilde.db') });
  await migrate({ url: server.url });
  client = createClient({ url: server.url });
  const db = openDatabase({
    config: { databaseUrl: server.url } as never,
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
  });
  const defaultSite = { timeZone: 'Europe/Oslo', lookBackDays: 90 };
  const settings = { current: async () => ({ defaultSite }) } as unknown as CaptureSettings;
  context = { db, clock: () => reportNow, settings };
});

afterAll(async () => {
  client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

type Cell = { input: ReportInput; group: any; measure: MeasureName; model: ReportModel };

const isPoint = (model: ReportModel): boolean => (pointModels as readonly string[]).includes(model);
const own = new Set(['visits', 'cost', 'newValues', 'returnOnAdSpend', 'visitToLeadRate']);

const claims = new Set<MeasureName>(['claimedConversions', 'impressions', 'clicks']);

async function rowsOf({ input, ...cell }: Cell): Promise<RowsAnswer> {
  const request = { ...cell, query: { ...input, attribution: cell.model }, previous: false };
  const answer = await readReportRows(context, { ...request, limit: 1_000 });
  expect(answer.nextCursor).toBeNull();
  return answer;
}

const near = (value: number | undefined, wanted: number) => expect(value).toBeCloseTo(wanted, 6);

/** Whether a report has a value there, or what is divided by: a rate's rows are those of its denominator, of a share both. */
function hasValue({ kind }: Measure, value: any): boolean {
  if (kind === 'quantity') return value !== null && value.amount !== null;
  return value.denominator !== null && (kind !== 'share' || value.numerator !== null);
}

/** Holds the rows of a cell against what the report says of it. */
async function agree(cell: Cell, value: any): Promise<void> {
  const measure: Measure = measures[cell.measure];
  const isCounted = isPoint(cell.model) || own.has(cell.measure);
  if (measure.kind === 'median' && cell.model === 'conversion' && cell.measure !== 'daysToLead') return refused(cell);
  const isTold = measure.kind === 'median' || hasValue(measure, value);
  if (!isTold) return refused(cell);
  const answer = await rowsOf(cell);
  if (measure.kind !== 'median') expect(answer.items.length > 0).toBe(answer.count > 0);
  const count = (wanted: number) => {
    if (isCounted) expect(answer.count).toBe(wanted);
    else near(answer.credit, wanted);
  };
  switch (measure.kind) {
    case 'quantity':
      // The rows behind what platforms claim are costs, each with its own part of the number.
      if (claims.has(cell.measure)) {
        return near(
          answer.items.reduce((sum, one) => sum + Number(one[cell.measure] ?? 0), 0),
          value as number,
        );
      }
      if (typeof value === 'number') return count(value);
      return expect(Number(answer.credited!.amount)).toBeCloseTo(Number(value.amount), 4);
    case 'rate':
      if (isCounted && cell.measure !== 'visitToLeadRate') expect(answer.inNumerator).toBe(value.numerator);
      if (isCounted) expect(answer.items.filter((one) => one['inNumerator']).length).toBe(answer.inNumerator ?? 0);
      return count(value.denominator);
    case 'share':
      if (isPoint(cell.model)) {
        expect(answer.inNumerator).toBe(value.numerator);
        return expect(answer.count).toBe(value.denominator);
      }
      return near(answer.credit, value.numerator);
    case 'ratio':
      if (answer.credited) return expect(Number(answer.credited.amount)).toBeCloseTo(Number(value.denominator), 4);
      return count(Number(value.denominator));
    case 'median': {
      const days = answer.items.map((one) => one['days'] as number).toSorted((a, b) => a - b);
      const middle = (days[Math.floor((days.length - 1) / 2)]! + days[Math.floor(days.length / 2)]!) / 2;
      return days.length === 0 ? expect(value).toBeNull() : near(middle, value);
    }
  }
}

async function refused(cell: Cell): Promise<void> {
  const answer = await rowsOf(cell).catch((error: unknown) => error);
  expect(answer).toBeInstanceOf(KildeError);
}

/** Reports by one dimension, by two, and by parts of time. */
const groupings: DimensionName[][] = [
  [],
  ...dimensionNames.map((name) => [name]),
  ['source', 'medium'],
  ['owner', 'channel'],
];

function modelsFor(names: DimensionName[]): ReportModel[] {
  const hasPath = names.includes('path');
  const isOrigin = names.every((name) => dimensions[name].kind === 'origin' && name !== 'landingPage');
  return [...pointModels, ...(hasPath ? [] : journeyModels), ...(isOrigin ? pathSetModels : [])];
}

/** Rows by these have no medians. */
const noMedian = new Set<DimensionName>(['path', 'field', 'value']);

let cells = 0;

async function load(world: ReportWorld): Promise<void> {
  await client.batch(worldStatements(world), 'write');
  await rollUpReports({ db: context.db });
}

const shownBy = (report: any, names: DimensionName[], row: any): Record<string, unknown> =>
  Object.fromEntries([...names, ...(report.query.grain ? [report.query.grain] : [])].map((name) => [name, row[name]]));

/** Asks for one cell by itself, of a report of its own. */
async function agreeAgain(_: ReportWorld, cell: Cell): Promise<void> {
  const names = (cell.input.dimensions ?? []) as DimensionName[];
  const report: any = await runReport(context, cell.input);
  const isCell = (row: any) => JSON.stringify(shownBy(report, names, row)) === JSON.stringify(cell.group);
  const row = Object.keys(cell.group).length === 0 ? report.totals : report.rows.find(isCell);
  if (row !== undefined) await agree(cell, row[cell.measure]);
}

async function check({
  world,
  names,
  random,
  ...rest
}: { world: ReportWorld; names: DimensionName[]; random: () => number } & Partial<ReportInput>) {
  // Markov and Shapley credit all paths together, whatever part of an origin is asked for.
  const isWhole = rest.filter === undefined && rest.grain === undefined;
  for (const model of modelsFor(names).filter((one) => isWhole || !pathSetModels.some((other) => other === one))) {
    const input: ReportInput = { measures: [...measureNames], dimensions: names, attribution: model, ...rest };
    const report: any = await runReport(context, input);
    const rows = report.rows.filter(() => random() < 1.5 / report.rows.length);
    for (const measure of measureNames) {
      if (measures[measure].kind === 'median' && (names.some((name) => noMedian.has(name)) || !isPoint(model)))
        continue;
      for (const row of [...(names.length === 0 ? [report.totals] : []), ...rows]) {
        const group = row === report.totals ? {} : shownBy(report, names, row);
        const cell: Cell = { input, group, measure, model };
        await agree(cell, row[measure]).catch(async (error: unknown) => {
          const question = { ...cell, input: { ...input, measures: [measure] } };
          throw await explainDisagreement({ world, question, tables: reportTables, load, ask: agreeAgain }, error);
        });
        cells += 1;
      }
    }
  }
}

it('are as many as the number says, of every measure, dimension and model', { timeout: 900_000 }, async () => {
  const replay = givenReplay();
  if (replay?.kind === 'world') {
    await load(replay.world as ReportWorld);
    return agreeAgain(replay.world as ReportWorld, replay.question as Cell);
  }
  await fc.assert(
    fc.asyncProperty(
      reportWorldArbitrary,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (world, numbers) => {
        const random = () => numbers.next().value!;
        await load(world);
        for (const names of groupings) await check({ world, names, random });
        const rest = { world, random, period: { from: '2026-01-01', to: '2026-03-31' } };
        await check({ ...rest, names: ['source'], filter: { medium: ['cpc', null], country: ['NO', null] } });
        await check({ ...rest, names: [], grain: 'month' });
        const where = { field: 'country', op: 'notEmpty' };
        const account = { where, level: 'account', asOf: '2026-03-10', lookBackDays: 30 } as const;
        await check({ world, random, names: ['channel'], ...account });
      },
    ),
    { numRuns: 1, endOnFailure: true },
  );
  expect(cells).toBeGreaterThan(3_000);
});

it('are read in parts, each row once, in three requests at most', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      reportWorldArbitrary,
      fc.constantFrom('leads', 'visits', 'cost', 'newValues', 'submissions'),
      async (world, measure) => {
        await client.batch(worldStatements(world), 'write');
        const ids: unknown[] = [];
        let cursor: string | null = null;
        let count = 0;
        do {
          requests = 0;
          const answer: RowsAnswer = await readReportRows(context, {
            query: { measures: [measure] },
            group: {},
            measure,
            previous: false,
            limit: 4,
            cursor,
          });
          expect(requests).toBeLessThanOrEqual(2);
          ids.push(...answer.items.map((item) => JSON.stringify([item['id'] ?? item])));
          ({ nextCursor: cursor, count } = answer);
        } while (cursor !== null);
        expect(new Set(ids).size).toBe(ids.length);
        if (measure !== 'visits') expect(ids.length).toBe(count);
      },
    ),
    { numRuns: 5 },
  );
});
