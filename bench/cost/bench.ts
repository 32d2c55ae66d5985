import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { InArgs } from '@libsql/client/http';
import { createApp } from '../../src/app.ts';
import { createDeps } from '../../src/deps.ts';
import { presets } from '../../src/domain/reports/presets.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { makeWorld } from '../make-world.ts';
import { openWorld, recordStatements, recordWire } from '../open-world.ts';
import type { Statement } from '../open-world.ts';
import { askReport, canAsk, periods } from '../reports/bench.ts';
import { askSegment } from '../segments/bench.ts';
import { shapes } from '../segments/shapes.ts';
import { formatTable, median } from '../table.ts';
import { openCounter } from './count-rows.ts';
import type { Counter, Work } from './count-rows.ts';

export type CostResult = Work & {
  what: string;
  people: number;
  requests: number;
  /** Of what writes: time at the database, the median of many, and what its plans read from end to end. */
  ms?: number;
  scans?: string[];
};

/** The size that the work of a submission is held against. */
export const smallest = 1_000;
const repeats = 200;

/**
 * What a user pays at the host: requests, rows read and rows written, as libSQL counts them, and the steps of SQLite's machine.
 * Of a touch, of a submission, and of each segment and report.
 */
export async function benchCost(people: number): Promise<CostResult[]> {
  const counter = await openCounter(await makeWorld(people));
  try {
    const results = await costOfCapture(people, counter);
    if (people === smallest) return results;
    // All is recorded before it is counted: counting keeps this process busy, and a connection would not live so long.
    for (const { what, requests, statements } of await recordQueries(people))
      results.push({ what, people, requests, ...counter.count(statements) });
    return results;
  } finally {
    counter.close();
  }
}

async function recordQueries(people: number) {
  const recorded: Array<{ what: string; requests: number; statements: Statement[] }> = [];
  const world = await openWorld(people);
  try {
    for (const shape of shapes)
      recorded.push({
        what: `segment: ${shape.name}`,
        ...(await world.record(async () => askSegment(world, shape))),
      });
    for (const preset of presets) {
      for (const period of periods.slice(0, 2)) {
        if (!canAsk(preset, period)) continue;
        recorded.push({
          what: `report: ${preset.id}, ${period.name}`,
          ...(await world.record(async () => askReport(world, preset, period))),
        });
      }
    }
  } finally {
    await world.close();
  }
  return recorded;
}

/** Touch and submission by the whole application over a copy of the world. */
async function costOfCapture(people: number, counter: Counter): Promise<CostResult[]> {
  const path = await makeWorld(people);
  const copy = `${path}.copy`;
  await copyFile(path, copy);
  const server = await startLibsqlServer({ path: copy });
  const client = createClient({ url: server.url });
  const wire = recordWire();
  const deps = createDeps(
    {
      LIBSQL_URL: server.url,
      JOURNEY_KEYS: Buffer.alloc(32, 'k').toString('base64url'),
      ASSETS: {
        fetch: async (address) => new Response(await readFile(join('assets', new URL(address).pathname), 'utf8')),
      },
    },
    { fetch: wire.fetch, wait: async () => new Promise(() => {}) },
  );
  await deps.loadTables();
  const notAsked = async () => Promise.reject(new Error('The API is not asked.'));
  const app = createApp({ deps, loadApi: notAsked, loadAuth: notAsked });
  const page = 'https://firma.no/?utm_source=Source+1&utm_medium=cpc&utm_campaign=Campaign+1';
  const touch = async () => {
    const answer = await app.request(`/t?site=default&u=${encodeURIComponent(page)}`);
    if (!answer.ok) throw new Error(`A touch was answered ${answer.status}.`);
  };
  const submit = (fields: Record<string, string>) => async () => {
    const answer = await app.request('/f/form-1', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Kari Nordmann', _page: page, ...fields }),
    });
    if (answer.status !== 201) throw new Error(`A submission was answered ${answer.status}: ${await answer.text()}`);
  };
  const companies = Math.floor(people / 5);
  const known = (n: number) => (n % companies) + 1;
  const kinds: Array<[what: string, ask: (n: number) => () => Promise<unknown>]> = [
    ['touch', () => touch],
    ['submission: new person and company', (n) => submit({ email: `new${n}@new${n}.no` })],
    ['submission: new person, known company', (n) => submit({ email: `new${n}@c${known(n * 7)}.no` })],
    [
      'submission: known person',
      (n) => submit({ email: `p${known(n * 7)}@c${known(known(n * 7))}.no`, note: String(n) }),
    ],
    ['visits of 100 touches, counted together', () => async () => deps.visits.flush()],
  ];
  const results: CostResult[] = [];
  try {
    // An isolate that has run for a moment has read the settings.
    await submit({ email: 'first@first.no' })();
    for (const [what, ask] of kinds) {
      if (what.startsWith('visits')) for (let n = 0; n < 100; n += 1) await touch();
      wire.clear();
      const statements = await recordStatements(deps.db, ask(0));
      const requests = wire.requests();
      const times: number[] = [];
      for (let n = 1; n <= repeats && what.startsWith('submission'); n += 1) {
        wire.clear();
        await ask(n)();
        times.push(wire.databaseMs());
      }
      results.push({
        what,
        people,
        requests,
        ...counter.count(statements),
        ...(times.length > 0 ? { ms: median(times), scans: await scansOf(statements) } : {}),
      });
    }
  } finally {
    client.close();
    await server.close();
    for (const end of ['', '-wal', '-shm']) await rm(copy + end, { force: true });
  }
  return results;

  /** Lines of plans that read a whole table; a JSON argument, one constant row or a sub-query is none. */
  async function scansOf(statements: readonly Statement[]): Promise<string[]> {
    const lines: string[] = [];
    for (const { sql, args } of statements) {
      const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args: args as InArgs });
      lines.push(...rows.map((row) => row['detail'] as string));
    }
    return lines.filter((line) => /^SCAN (?!CONSTANT ROW|[a-z]+ VIRTUAL TABLE|\(subquery)/.test(line));
  }
}

/** What a submission takes at a size against the smallest: steps and time at the database. */
export function submissionGrowth(results: readonly CostResult[]) {
  const largest = Math.max(...results.map((one) => one.people));
  return results
    .filter((one) => one.people === largest && one.ms !== undefined)
    .flatMap((one) => {
      const small = results.find((other) => other.people === smallest && other.what === one.what);
      if (!small) return [];
      return [{ what: one.what, steps: one.steps / small.steps, ms: one.ms! / small.ms!, scans: one.scans ?? [] }];
    });
}

export function showCost(results: readonly CostResult[]): string {
  const sizes = [...new Set(results.map((one) => one.people))].toSorted((a, b) => a - b);
  const whats = [...new Set(results.map((one) => one.what))];
  const cells = (what: string, value: (one: CostResult) => string) =>
    sizes.map((people) => {
      const one = results.find((other) => other.what === what && other.people === people);
      return one ? value(one) : '';
    });
  return formatTable([
    [
      'cost at the host',
      'requests',
      ...sizes.map((people) => `read at ${people}`),
      ...sizes.map((people) => `written at ${people}`),
      ...sizes.map((people) => `steps at ${people}`),
      ...sizes.map((people) => `ms at ${people}`),
    ],
    ...whats.map((what) => [
      what,
      String(results.findLast((one) => one.what === what)!.requests),
      ...cells(what, (one) => String(one.read)),
      ...cells(what, (one) => String(one.written)),
      ...cells(what, (one) => String(one.steps)),
      ...cells(what, (one) => one.ms?.toFixed(2) ?? ''),
    ]),
  ]);
}
