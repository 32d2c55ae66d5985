import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { Database } from '../../src/db/client.ts';
import { readReportFacts } from '../../src/db/reports/read-report-facts.ts';
import { findField } from '../../src/db/segments/fields.ts';
import type { Fact, ReportFacts, ReportTime } from '../../src/domain/reports/facts.ts';
import { measures, quantities, quantitiesOf } from '../../src/domain/reports/measures.ts';
import type { Measure, Median, Quantity } from '../../src/domain/reports/measures.ts';
import { pointModels } from '../../src/domain/reports/models.ts';
import type { ReportModel } from '../../src/domain/reports/models.ts';
import type { ReportQuery } from '../../src/domain/reports/query.ts';
import { readReportTime } from '../../src/domain/reports/report-time.ts';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { parseCriteria } from '../../src/domain/segments/criteria.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';
import { basisOf, evaluateReport, isMoney, isOf, slot } from '../support/evaluate-report.ts';
import type { Amount, Expected } from '../support/evaluate-report.ts';
import { checkWorlds, givenReplay } from '../support/failing-property.ts';
import {
  reportArbitrary,
  reportNow,
  reportTables,
  reportWorldArbitrary,
  storedReportArbitrary,
  worldStatements,
} from '../support/report-worlds.ts';
import type { AskedReport, ReportWorld } from '../support/report-worlds.ts';

// The engine against a second reading of its rules, over generated records and reports, on the real endpoint.

const now = reportNow;
let directory: string;
let server: LibsqlServer;
let client: Client;
let db: Database;
let requests = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-reports-'));
  server = await startLibsqlServer({ path: join(directory, 'kilde.db') });
  await migrate({ url: server.url });
  client = createClient({ url: server.url });
  db = openDatabase({
    config: { databaseUrl: server.url } as never,
    fetch: (...request) => {
      requests += 1;
      return fetch(...request);
    },
  });
});

afterAll(async () => {
  client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/**
 * Stores the world. Where `dirtyEach` is not 0, all leads and deals are rolled up into stored totals, and then each whose id it divides is
 * marked dirty.
 */
async function load({ dirtyEach, ...world }: ReportWorld & { dirtyEach: number }): Promise<void> {
  await client.batch(worldStatements(world), 'write');
  if (dirtyEach === 0) return;
  await rollUpReports({ db });
  for (const [name, table] of [
    ['lead', 'person'],
    ['deal', 'deal'],
  ] as const) {
    await client.execute(`INSERT INTO unsettle_${name} SELECT id FROM ${table} WHERE id % ${dirtyEach} = 0`);
  }
}

type Asked = { query: ReportQuery; time: ReportTime; where: object | null };

function read({ where, ...rest }: AskedReport): Asked {
  const query: ReportQuery = {
    ...rest,
    where: where && parseCriteria(where, { entity: rest.entity, findField }),
  };
  return { query, time: readReportTime({ query, now }), where };
}

/** Runs a report, in one round trip. */
async function run({ query, time }: Asked): Promise<ReportFacts> {
  requests = 0;
  const facts = await readReportFacts(db, { query, time, now });
  expect(requests).toBe(1);
  return facts;
}

const medianOf = (name: string): Median | null => {
  const one: Measure = measures[name as keyof typeof measures];
  return one.kind === 'median' ? one.of : null;
};

const bucketsOf = ({ current, previous }: ReportTime): Array<{ bucket: number; previous: boolean }> => [
  ...[...current.keys()].map((bucket) => ({ bucket, previous: false })),
  ...[...(previous ?? []).keys()].map((bucket) => ({ bucket, previous: true })),
];

type Groups = { facts: Map<string, Fact>; keys: Array<string | undefined>; count: number };

/** Facts by slot, groups by what they show; a group has one place and one name. */
function groupsOf({ facts }: ReportFacts, expected: Expected): Groups {
  const keyOf = new Map([...expected.groups].map(([key, { shown }]) => [JSON.stringify(shown), key]));
  const found: Groups = { facts: new Map(), keys: [], count: 0 };
  const names = new Map<number, string>();
  for (const fact of facts) {
    const { group, dimensions, bucket, previous } = fact;
    let key: string | null = null;
    if (group !== null) {
      const name = JSON.stringify(dimensions);
      expect(names.get(group) ?? name, 'a group has one name').toBe(name);
      names.set(group, name);
      // A report without dimensions has one group, also where nothing is in it.
      key = keyOf.get(name) ?? (name === '[]' ? '[]' : null);
      expect(key, `group ${name} is one of ${[...keyOf.keys()].join(' ')}`).not.toBeNull();
      found.keys[group] = key!;
    }
    const place = slot(key, bucket, previous);
    expect(found.facts.has(place), `${place} is told once`).toBe(false);
    found.facts.set(place, fact);
  }
  found.count = names.size;
  expect(new Set(found.keys).size, 'groups differ').toBe(found.count);
  return found;
}

const near = (value: number, { value: wanted, slack }: Amount, money: boolean): boolean =>
  Math.abs(value - wanted) <= slack + (money ? 1e-3 : 1e-6);

/** Holds a report against the second reading; gives whether it had anything in it. */
async function agree(world: ReportWorld, one: AskedReport): Promise<boolean> {
  const asked = read(one);
  const { query, time } = asked;
  const expected = evaluateReport(world, { ...asked, now });
  const answer = await run(asked);
  const groups = groupsOf(answer, expected);
  const wanted = new Set(query.measures.flatMap(quantitiesOf));

  expect(answer.currency).toBe(expected.currency);
  if (query.where === null && Object.keys(query.filter).length === 0) {
    expect(answer.unconverted.toSorted((a, b) => (a.currency < b.currency ? -1 : 1))).toEqual(expected.unconverted);
  }
  const told = new Set<string>();
  for (const { group, numbers } of answer.facts) {
    if (group !== null) continue;
    for (const [model, known] of Object.entries(numbers)) {
      for (const name of Object.keys(known)) if (wanted.has(name as Quantity)) told.add(`${model} ${name}`);
    }
  }
  expect([...told].toSorted()).toEqual([...expected.told].toSorted());

  for (const key of [null, ...groups.keys.map((group) => group!)]) {
    for (const { bucket, previous } of bucketsOf(time)) {
      const place = slot(key, bucket, previous);
      const numbers = groups.facts.get(place)?.numbers;
      for (const name of expected.told) {
        const [model, quantity] = name.split(' ') as [ReportModel, Quantity];
        if (key !== null && !query.dimensions.every((dimension) => isOf(dimension, basisOf(quantity)))) continue;
        const amount = expected.sums.get(place)?.get(name) ?? { value: 0, slack: 0 };
        const value = Number(numbers?.[model]?.[quantity] ?? 0);
        if (!near(value, amount, isMoney(quantity))) {
          throw new Error(`${place} ${name}: ${value}, expected ${amount.value} (within ${amount.slack})`);
        }
      }
    }
    for (const { bucket, previous } of [
      ...bucketsOf(time),
      ...(key === null && query.time ? [false, true].map((previous) => ({ bucket: -1, previous })) : []),
    ]) {
      const place = slot(key, bucket, previous);
      for (const measure of query.measures) {
        const median = medianOf(measure);
        for (const model of median ? query.models : []) {
          const told = groups.facts.get(place)?.numbers[model]?.[median!] ?? null;
          const value = told === null ? null : Number(told);
          const days = expected.medians.get(place)?.get(`${model} ${median}`) ?? null;
          const isSame = value === null || days === null ? value === days : Math.abs(value - days) < 1e-6;
          if (!isSame) throw new Error(`${place} ${model} ${median}: ${value}, expected ${days}`);
        }
      }
    }
  }
  checkGroups(asked, { answer, groups, expected });
  return expected.groups.size > 0;
}

/** That the groups shown are the first ones, in their order, and that the rest are counted. */
function checkGroups(
  { query, time }: Asked,
  { answer, groups, expected }: { answer: ReportFacts; groups: Groups; expected: Expected },
): void {
  const all = [...expected.groups.keys()];
  // What rounding may take away may be nothing.
  const filled = all.filter((key) =>
    bucketsOf(time).some(({ bucket, previous }) =>
      [...(expected.sums.get(slot(key, bucket, previous)) ?? [])].some(
        ([, { value, slack }]) => Math.abs(value) > slack,
      ),
    ),
  );
  const count = groups.count + answer.moreGroups;
  if (query.dimensions.length > 0) {
    expect(count, 'groups there are').toBeLessThanOrEqual(all.length);
    expect(count, 'groups that have something').toBeGreaterThanOrEqual(filled.length);
  } else expect(count).toBe(1);
  if (count > query.limit) expect(groups.count).toBe(query.limit);
  if (answer.moreGroups === 0) {
    expect(
      filled.filter((key) => !groups.keys.includes(key)),
      'groups that are not shown',
    ).toEqual([]);
  }
  const ranks = (key: string) => rankOf(key, { query, time, expected });
  const known = ranks(all[0] ?? '[]');
  if (known === null || query.dimensions.length === 0) return;
  const isShared = !pointModels.some((one) => one === query.models[0]);
  // Groups whose first dimension is unknown stand last.
  const isUnknown = (key: string): boolean => {
    const [first] = expected.groups.get(key)?.shown ?? [];
    return first === null || (Array.isArray(first) && first.length === 0);
  };
  const isByTime = query.sort[0]?.field === query.time?.unit;
  const order = (a: string, b: string): number => {
    if (!isByTime && isUnknown(a) !== isUnknown(b)) return isUnknown(a) ? 1 : -1;
    const [left, right] = [ranks(a)!, ranks(b)!];
    for (const [n, { direction }] of query.sort.entries()) {
      const [x, y] = [left[n]!, right[n]!];
      if (Number.isNaN(x) || Number.isNaN(y)) return 0;
      if (x === null || y === null) {
        if (x === y) continue;
        return x === null ? 1 : -1;
      }
      if (x === y && !isShared) continue;
      // Credit is shared in whole parts: which of two equals is ahead by one part is not to be told here.
      if (typeof x === 'number' && typeof y === 'number' && Math.abs(x - y) < 1e-6) return 0;
      if (x === y) continue;
      const before =
        typeof x === 'string' ? Buffer.compare(Buffer.from(x), Buffer.from(String(y))) < 0 : x < (y as number);
      return before === (direction === 'asc') ? -1 : 1;
    }
    return 0;
  };
  const shown = groups.keys.map((key) => key!);
  for (const [n, key] of shown.slice(1).entries()) {
    expect(order(shown[n]!, key), `${shown[n]} before ${key}`).toBeLessThanOrEqual(0);
  }
  const last = shown.at(-1);
  for (const key of filled) {
    if (last === undefined || shown.includes(key)) continue;
    expect(order(last, key), `${last} rather than ${key}`).toBeLessThanOrEqual(0);
  }
}

/** What a group is ranked by; null where the order is not to be told by the second reading. */
function rankOf(
  key: string,
  { query, time, expected }: { query: ReportQuery; time: ReportTime; expected: Expected },
): Array<number | string | null> | null {
  const group = expected.groups.get(key);
  const [model] = query.models;
  if (!group || query.models.some((one) => one === 'markov' || one === 'shapley')) return null;
  const total = (quantity: Quantity): number | null => {
    if (!group.isCurrent) return null;
    const buckets = [...time.current.keys()];
    const of = quantities[quantity].basis === 'dealOpen' ? buckets.slice(-1) : buckets;
    return of.reduce(
      (sum, n) => sum + (expected.sums.get(slot(key, n, false))?.get(`${model} ${quantity}`)?.value ?? 0),
      0,
    );
  };
  const ranks: Array<number | string | null> = [];
  for (const { field } of query.sort) {
    const place = (query.dimensions as string[]).indexOf(field);
    if (field === 'path') return null;
    if (place >= 0) {
      ranks.push(group.order[place]!);
      continue;
    }
    const measure: Measure = measures[field as keyof typeof measures];
    const of = quantitiesOf(field as keyof typeof measures);
    // Shared money is whole minor units: its order may differ by the rounding.
    const isShared = !pointModels.some((one) => one === model) && of.some(isMoney);
    if (measure.kind === 'median' || isShared) return null;
    if (of.some((one) => !expected.told.has(`${model} ${one}`))) return null;
    if (of.some((one) => !query.dimensions.every((name) => isOf(name, basisOf(one))))) return null;
    if (measure.kind === 'quantity' || measure.kind === 'share') ranks.push(total(measure.of));
    else {
      const below = measure.kind === 'rate' ? measure.denominator : [measure.denominator];
      const denominator = below.reduce<number | null>((sum, one) => {
        const own = total(one);
        return sum === null || own === null ? null : sum + own;
      }, 0);
      const numerator = total(measure.numerator);
      // Of so little credit, nothing may be left in whole parts: whether there is a rate is not to be told here.
      const isTold = !denominator || denominator > 1e-6;
      ranks.push(numerator === null || !denominator ? null : isTold ? numerator / denominator : Number.NaN);
    }
  }
  return ranks;
}

const worlds = 30;
const perWorld = 60;

it.each([
  ['anything', reportArbitrary],
  ['stored totals', storedReportArbitrary],
])('agrees with a second implementation about reports of %s', { timeout: 600_000 }, async (_, arbitrary) => {
  let full = 0;
  await checkWorlds({
    cases: fc
      .tuple(
        reportWorldArbitrary,
        fc.constantFrom(0, 2, 4, 100),
        fc.array(arbitrary, { minLength: perWorld, maxLength: perWorld }),
      )
      .map(([world, dirtyEach, questions]) => ({ world: { ...world, dirtyEach }, questions })),
    tables: reportTables,
    load,
    ask: async ({ dirtyEach: _dirtyEach, ...world }, asked) => {
      if (await agree(world, asked)) full += 1;
    },
    numRuns: worlds,
  });
  if (givenReplay() === null) expect(full).toBeGreaterThan((worlds * perWorld) / 2);
});
