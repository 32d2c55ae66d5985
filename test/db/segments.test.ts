import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { bounds } from '../../src/domain/bounds.ts';
import { costOf } from '../../src/domain/segments/cost.ts';
import type { Criteria } from '../../src/domain/segments/criteria.ts';
import type { CaptureSettings } from '../../src/services/capture-settings.ts';
import { countSegmentBranches } from '../../src/services/segments/count-segment.ts';
import { runSegment } from '../../src/services/segments/run-segment.ts';
import type { SegmentContext } from '../../src/services/segments/run-segment.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';
import {
  anyField,
  conditionOn,
  fieldPlans,
  isSortable,
  sortArbitrary,
  tableOrder,
  treeArbitrary,
  worldArbitrary,
} from '../support/criteria-worlds.ts';
import { Evaluator } from '../support/evaluate-criteria.ts';
import type { Row, World } from '../support/evaluate-criteria.ts';
import { checkWorlds, explainDisagreement, givenReplay } from '../support/failing-property.ts';

// The compiler against a second reading of its rules, over generated records and criteria, on the real endpoint.

const entities = ['person', 'company', 'submission', 'deal', 'touch'] as const;
const timeZones = ['Europe/Oslo', 'Africa/Cairo', 'America/Sao_Paulo', 'Asia/Kolkata'] as const;

let directory: string;
let server: LibsqlServer;
let client: Client;
let context: SegmentContext;
let at = Date.parse('2026-03-29T12:00:00Z');
let requests = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-segments-'));
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
  const settings = { current: async () => ({ defaultSite: { timeZone: 'Europe/Oslo' } }) };
  context = { db, clock: () => at, settings: settings as unknown as CaptureSettings };
});

afterAll(async () => {
  client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function load(world: World): Promise<void> {
  const statements = [
    ...tableOrder.toReversed().map((table) => `DELETE FROM ${table}`),
    ...tableOrder.flatMap((table) => insertRows(table, world[table])),
  ];
  await client.batch(['PRAGMA defer_foreign_keys = ON', ...statements], 'write');
}

function insertRows(table: string, rows: Row[]) {
  if (rows.length === 0) return [];
  const columns = Object.keys(rows[0]!);
  const values = columns.map((column) => `value ->> '${column}'`).join(', ');
  return [
    {
      sql: `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(?)`,
      args: [JSON.stringify(rows)],
    },
  ];
}

type Case = {
  entity: (typeof entities)[number];
  where: object;
  sort: Array<{ field: string; direction: 'asc' | 'desc' }>;
  columns: string[];
  limit: number;
  timeZone: string;
};

const caseArbitrary: fc.Arbitrary<Case> = fc.constantFrom(...entities).chain((entity) =>
  fc.record({
    entity: fc.constant(entity),
    where: treeArbitrary(entity, 3).filter(
      (where) => costOf(where as Criteria, entity).points <= bounds.criteriaCost.most,
    ),
    sort: sortArbitrary(entity),
    columns: fc.uniqueArray(
      anyField(entity).map(({ name }) => name),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    limit: fc.integer({ min: 2, max: 40 }),
    timeZone: fc.constantFrom(...timeZones),
  }),
);

const closeFields: Array<[entity: Case['entity'], field: string]> = [
  ['person', 'lastName'],
  ['person', 'email'],
  ['person', 'phone'],
  ['person', 'country'],
  ['person', 'company.name'],
  ['person', 'firstTouch.source'],
  ['person', 'leadCreation.landingPage'],
  ['company', 'name'],
  ['submission', 'selfReported'],
  ['submission', 'fields.interest'],
  ['submission', 'touch.channel'],
  ['deal', 'externalId'],
  ['person', 'createdAt'],
  ['person', 'latestConversion.at'],
  ['submission', 'at'],
  ['touch', 'at'],
];

type Close = {
  of: [Case['entity'], string];
  op: number;
  record: number;
  from: number;
  to: number;
  near: number;
  unit: string;
  timeZone: string;
};

const closeArbitrary: fc.Arbitrary<Close> = fc.record({
  of: fc.constantFrom(...closeFields),
  op: fc.nat(100),
  record: fc.nat(100),
  from: fc.nat(4),
  to: fc.nat(4),
  near: fc.constantFrom(-1, 0, 0, 0, 1),
  unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
  timeZone: fc.constantFrom(...timeZones),
});

/** A case that is near the edge: its value is cut out of what a record has, or counts to the very day or just beside it. */
function closeCase(
  world: World,
  { of: [entity, field], op, record, from, to, near, unit, timeZone }: Close,
): Case | null {
  const evaluator = new Evaluator(world, { at, timeZone });
  const rows = evaluator.rowsOf(entity);
  const shown = rows.length === 0 ? null : evaluator.show(entity, rows[record % rows.length]!, field);
  if (typeof shown !== 'string' || shown.trim() === '') return null;
  const operators = fieldPlans(entity).find(({ name }) => name === field)!.operators;
  const operator = operators[op % operators.length]!;
  const value = field.endsWith('At') || field.endsWith('at') ? closeDate() : closeText();
  const where = value === undefined ? { field, op: operator } : { field, op: operator, value };
  if (typeof value === 'string' && value.trim() === '') return null;
  return { entity, where, sort: [], columns: [field], limit: 100, timeZone };

  function closeText(): unknown {
    const points = Array.from(shown as string);
    const cut = {
      startsWith: points.slice(0, from + 1),
      endsWith: points.slice(-from - 1),
      contains: points.slice(from, from + to + 1),
    }[operator.replace(/^not([SEC])/, (_, letter: string) => letter.toLowerCase())];
    if (operator === 'empty' || operator === 'notEmpty') return undefined;
    const text = (cut ?? points).join('');
    return operator === 'oneOf' || operator === 'noneOf' ? [text === '' ? 'x' : text, 'x'] : text;
  }

  function closeDate(): unknown {
    const moment = Date.parse(shown as string) + near * (from === 0 ? 1 : 86_400_000);
    const day = (of: number) => evaluator.dayOf(of);
    const away = evaluator.distance(unit, moment);
    switch (operator) {
      case 'empty':
      case 'notEmpty':
      case 'today':
      case 'beforeToday':
      case 'afterToday':
        return undefined;
      case 'between':
        return [day(Math.min(moment, at)), day(Math.max(moment, at))];
      case 'before':
      case 'after':
      case 'on':
        return to < 2 ? new Date(moment).toISOString() : day(moment);
      case 'lastDays':
      case 'nextDays':
        return { unit: 'day', count: Math.min(36_500, Math.abs(evaluator.distance('day', moment)) + 1) };
      case 'this':
        return { unit };
      default:
        return { unit, count: Math.min(1_000, Math.max(1, Math.abs(away))) };
    }
  }
}

/** What is counted by others of a person, where those of the erased are not to be counted. */
const countedByOthers: object[] = [
  { has: 'submission' },
  { has: 'submission', where: { field: 'at', op: 'after', value: '2018-01-01' } },
  { has: 'submission', where: { field: 'at', op: 'on', value: '2026-03-29' } },
  { not: { has: 'submission', where: { field: 'at', op: 'before', value: '2026-01-01' }, count: { gte: 2 } } },
  { has: 'touch', where: { field: 'at', op: 'after', value: '2018-01-01' } },
  { field: 'company.name', op: 'notEmpty' },
  { field: 'company.name', op: 'empty' },
  { has: 'company', count: { eq: 0 } },
  { field: 'latestConversion.source', op: 'notEmpty' },
];

const everyOrder = (of: Array<Case['entity']>) =>
  of.flatMap((entity) =>
    fieldPlans(entity).flatMap(({ name }): Array<[Case['entity'], string]> =>
      isSortable(name) ? [[entity, name]] : [],
    ),
  );

/** Orders by what records belong to: some that an index of the parents gives, one that none gives. */
const ordersOfParents: Array<[entity: Case['entity'], field: string]> = [
  ['deal', 'person.email'],
  ['deal', 'person.lastName'],
  ['deal', 'person.company.name'],
  ['deal', 'company.createdAt'],
  ['deal', 'person.firstTouch.source'],
  ['deal', 'person.leadCreation.term'],
  ['submission', 'person.createdAt'],
  ['submission', 'company.name'],
  ['submission', 'person.leadCreation.channel'],
  ['touch', 'person.company.name'],
  ['touch', 'person.submissionCount'],
];

const many = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 70, maxLength: 70 });

/** Reads every page of a case and holds them against the evaluator; gives how many pages there were. */
async function agree(world: World, { entity, where, sort, columns, limit, timeZone }: Case): Promise<number> {
  const evaluator = new Evaluator(world, { at, timeZone });
  const expected = evaluator.select(entity, where, sort);
  const found: unknown[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    requests = 0;
    const page: Awaited<ReturnType<typeof runSegment>> = await runSegment(context, {
      entity,
      where,
      sort,
      columns,
      limit,
      cursor,
      count: true,
      timeZone,
    });
    // A page and its count are one round trip; a selection is read before, to know how its members are found.
    expect(requests).toBe(JSON.stringify(where).includes('Selection"') ? 2 : 1);
    expect(page.count).toBe(expected.length);
    found.push(...page.items);
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== null && pages < 40);
  expect(found).toEqual(
    expected.map((row) => ({
      id: String(row['id']),
      ...Object.fromEntries(columns.map((name) => [name, evaluator.show(entity, row, name)])),
    })),
  );
  return pages;
}

const agreeOrExplain = async (world: World, question: Case): Promise<number> =>
  agree(world, question).catch(async (error: unknown) => {
    throw await explainDisagreement({ world, question, tables: tableOrder, load, ask: agree }, error);
  });

it('agrees with a second implementation of the rules, pages and order included', { timeout: 240_000 }, async () => {
  let cases = 0;
  let pages = 0;
  let found = 0;
  const worlds = 40;
  const started = performance.now();
  await checkWorlds({
    cases: fc.tuple(worldArbitrary, many(caseArbitrary), many(closeArbitrary)).map(([world, apart, close]) => ({
      world,
      questions: [...apart, ...close.map((given) => closeCase(world, given)).filter((found) => found !== null)],
    })),
    tables: tableOrder,
    load,
    ask: async (world, question) => {
      pages += await agree(world, question);
      cases += 1;
      const evaluator = new Evaluator(world, { at, timeZone: question.timeZone });
      if (evaluator.select(question.entity, question.where, []).length > 0) found += 1;
    },
    numRuns: worlds,
  });
  if (givenReplay() !== null) return;
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  console.log(
    `${cases} criteria over ${worlds} worlds agreed, ${found} of them with records found, ${pages} pages, ${seconds} s`,
  );
  expect(cases).toBeGreaterThan(worlds * 95);
});

/** What is left after each line and in each branch, by going through the records left above it. */
function countsOf(
  evaluator: Evaluator,
  { entity, rows, where, at }: { entity: Case['entity']; rows: Row[]; where: any; at: string },
): Array<[string, number]> {
  const held = rows.filter((row) => evaluator.holds(entity, row, where));
  const inside: Array<[string, number]> = [];
  let left = rows;
  for (const [index, one] of ((where.all ?? []) as any[]).entries()) {
    inside.push(...countsOf(evaluator, { entity, rows: left, where: one, at: `${at}.all[${index}]` }));
    left = left.filter((row) => evaluator.holds(entity, row, one));
  }
  for (const [index, one] of ((where.any ?? []) as any[]).entries())
    inside.push(...countsOf(evaluator, { entity, rows, where: one, at: `${at}.any[${index}]` }));
  if (where.not) inside.push(...countsOf(evaluator, { entity, rows, where: where.not, at: `${at}.not` }));
  return [[at, held.length], ...inside];
}

it('counts what is left after each line and in each branch, in one request', { timeout: 120_000 }, async () => {
  let lines = 0;
  let unknown = 0;
  for (const world of fc.sample(worldArbitrary, { numRuns: 4, seed: 21 })) {
    await load(world);
    const evaluator = new Evaluator(world, { at, timeZone: 'Europe/Oslo' });
    for (const { entity, where } of fc.sample(caseArbitrary, { numRuns: 60, seed: 22 + lines })) {
      requests = 0;
      const counted = await countSegmentBranches(context, { entity, where, timeZone: 'Europe/Oslo' });
      expect(requests).toBe(JSON.stringify(where).includes('Selection"') ? 2 : 1);
      const expected = countsOf(evaluator, { entity, rows: evaluator.rowsOf(entity), where, at: 'where' });
      expect(counted.counts.map(({ location }) => location)).toEqual(expected.map(([location]) => location));
      expect(counted.count).toBe(expected[0]![1]);
      for (const [index, { location, count }] of counted.counts.entries()) {
        if (count === null) unknown += 1;
        else
          expect([JSON.stringify(where), location, count]).toEqual([
            JSON.stringify(where),
            location,
            expected[index]![1],
          ]);
      }
      lines += counted.counts.length;
    }
  }
  console.log(`${lines} lines and branches counted, ${unknown} of them beyond the bound`);
  expect(lines - unknown).toBeGreaterThan(400);
});

it('finds the latest of many conversions, those of one moment too', { timeout: 60_000 }, async () => {
  for (const world of fc.sample(worldArbitrary, { numRuns: 6, seed: 9 })) {
    const submission = world.submission.map((row, n, all): Row => ({
      ...row,
      person_id: (Math.floor(n / 2) % 3) + 1,
      at: all[n - (n % 2)]!['at']!,
      created_person: n % 4 === 1 ? 1 : 0,
    }));
    const stored = { ...world, submission };
    await load(stored);
    for (const { field, label } of world.origin_value) {
      if (field !== 'source' && field !== 'channel') continue;
      for (const op of ['equals', 'notEquals', 'startsWith']) {
        const where = { field: `latestConversion.${field}`, op, value: label };
        await agree(stored, { entity: 'person', where, sort: [], columns: ['id'], limit: 40, timeZone: 'Europe/Oslo' });
      }
    }
  }
});

it(
  'goes through everybody by any one field either way, page by page, and never meets the erased',
  { timeout: 120_000 },
  async () => {
    let cases = 0;
    for (const [index, world] of fc.sample(worldArbitrary, { numRuns: 3, seed: 5 }).entries()) {
      // Some worlds have nobody erased, or nothing that names a person.
      const senders = world.submission.map((row) => Number(row['person_id'])).filter((id) => id > 0);
      const erased = new Set(index === 1 ? [2, ...senders.slice(0, 4)] : []);
      const isBare = index === 2;
      const rename = (rows: Row[], column: string) =>
        rows.map((row) => (erased.has(Number(row[column])) ? { ...row, [column]: -Number(row[column]) } : row));
      const stored: World = {
        ...world,
        person: rename(world.person, 'id'),
        submission: isBare ? [] : rename(world.submission, 'person_id'),
        touch: rename(world.touch, 'person_id'),
        deal: rename(world.deal, 'person_id'),
        // Of whom a company's source came is forgotten with the person.
        company: world.company.map((row) =>
          erased.has(Number(row['source_person_id'])) ? { ...row, source_person_id: null } : row,
        ),
        consent: world.consent.filter((row) => !erased.has(Number(row['person_id']))),
      };
      await load(stored);
      const isLiving = (row: Row, column: string) => row[column] === null || Number(row[column]) > 0;
      const living: World = {
        ...stored,
        person: stored.person.filter((row) => isLiving(row, 'id')),
        submission: stored.submission.filter((row) => isLiving(row, 'person_id')),
        touch: stored.touch.filter((row) => isLiving(row, 'person_id')),
      };
      for (const where of countedByOthers) {
        const one: Case = { entity: 'person', where, sort: [], columns: ['id'], limit: 3, timeZone: 'Europe/Oslo' };
        await agreeOrExplain(living, one);
      }
      for (const [entity, name] of [...everyOrder(['person', 'company']), ...ordersOfParents]) {
        for (const direction of ['asc', 'desc'] as const) {
          const sort = [{ field: name, direction }];
          const one: Case = { entity, where: { all: [] }, sort, columns: [name], limit: 3, timeZone: 'Europe/Oslo' };
          await agreeOrExplain(living, one);
          cases += 1;
        }
      }
    }
    console.log(`${cases} orders agreed`);
  },
);

it('runs every field with every one of its operators', { timeout: 120_000 }, async () => {
  const [world] = fc.sample(worldArbitrary, { numRuns: 1, seed: 7 });
  await load(world!);
  let cases = 0;
  for (const entity of [...entities, 'selection' as const, 'consent' as const]) {
    for (const [index, plan] of fieldPlans(entity).entries()) {
      // Fields of parents are made of the parents' own, which run with all of theirs.
      const some = plan.isOfParent ? [plan.operators[index % plan.operators.length]!] : plan.operators;
      for (const op of some) {
        const [condition] = fc.sample(conditionOn(plan, op), { numRuns: 1, seed: 11 + cases });
        const isAsked = entity === 'selection' || entity === 'consent';
        const asked = isAsked ? { has: entity, where: condition } : condition!;
        const of = isAsked ? 'person' : entity;
        const one: Case = {
          entity: of,
          where: asked,
          sort: [],
          columns: [fieldPlans(of)[0]!.name],
          limit: 1_000,
          timeZone: 'Europe/Oslo',
        };
        await agreeOrExplain(world!, one);
        cases += 1;
      }
    }
  }
  console.log(`${cases} pairs of a field and an operator agreed`);
});
