import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client, InArgs, InStatement } from '@libsql/client/http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import type { CaptureSettings } from '../../src/services/capture-settings.ts';
import { prepareSegment, runSegment } from '../../src/services/segments/run-segment.ts';
import type { SegmentContext, SegmentQuery } from '../../src/services/segments/run-segment.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { migrate } from '../../tools/migrations.ts';
import { fillLargeWorld } from '../support/large-world.ts';

// How the database finds what criteria ask for, at 100,000 people.

const people = 100_000;
let directory: string;
let server: LibsqlServer;
let client: Client;
let context: SegmentContext;
let statements: InStatement[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kilde-plans-'));
  server = await startLibsqlServer({ path: join(directory, 'kilde.db') });
  await migrate({ url: server.url });
  client = createClient({ url: server.url });
  await fillLargeWorld(client, people);
  const db = openDatabase({ config: { databaseUrl: server.url } as never, fetch });
  const { batch, execute } = db.$client;
  db.$client.batch = (sent, mode) => {
    statements.push(...(sent as InStatement[]));
    return batch.call(db.$client, sent, mode);
  };
  db.$client.execute = ((sent: InStatement, args?: InArgs) => {
    statements.push(typeof sent === 'string' ? { sql: sent, args: args ?? [] } : sent);
    return Reflect.apply(execute, db.$client, args === undefined ? [sent] : [sent, args]);
  }) as typeof execute;
  const clock = () => Date.parse('2025-12-15T12:00:00Z');
  context = {
    db,
    clock,
    settings: { current: async () => ({ defaultSite: { timeZone: 'Europe/Oslo' } }) } as unknown as CaptureSettings,
  };
}, 60_000);

afterAll(async () => {
  client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

type Run = { count: number; ms: number; plans: string[][] };

/** Runs a query with its count; the plan of each of its statements. */
async function run(query: Partial<SegmentQuery> & Pick<SegmentQuery, 'entity'>): Promise<Run> {
  statements = [];
  const started = performance.now();
  const { count } = await runSegment(context, { limit: 50, count: true, timeZone: 'Europe/Oslo', ...query });
  const ms = performance.now() - started;
  const plans: string[][] = [];
  for (const statement of statements) {
    const { sql, args = [] } = statement as { sql: string; args?: InArgs };
    const { rows } = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
    plans.push(rows.map((row) => row['detail'] as string));
  }
  return { count: count!, ms, plans };
}

const is = (field: string, op: string, value?: unknown) => ({ field, op, value });

const selective: Array<[name: string, entity: SegmentQuery['entity'], where: object]> = [
  ['id', 'person', is('id', 'oneOf', ['5', '6'])],
  ['e-mail', 'person', is('email', 'equals', 'P77@c78.no')],
  ['e-mail begins', 'person', is('email', 'startsWith', 'p777')],
  ['last name', 'person', is('lastName', 'equals', 'LAST 5')],
  ['last name begins', 'person', is('lastName', 'startsWith', 'Last 99')],
  ['first name, one of', 'person', is('firstName', 'oneOf', ['First 5', 'First 6'])],
  ['first touch source', 'person', is('firstTouch.source', 'equals', 'source 7')],
  ['first touch campaign begins', 'person', is('firstTouch.campaign', 'startsWith', 'campaign 12')],
  ['lead creation source contains', 'person', is('leadCreation.source', 'contains', 'ce 77')],
  ['lead status', 'person', is('leadStatus', 'equals', 'Qualified')],
  ['owner', 'person', is('owner', 'equals', '1')],
  ['country', 'person', is('country', 'equals', 'se')],
  ['form that created', 'person', is('createdByForm', 'equals', 'webinar')],
  ['created lately', 'person', is('createdAt', 'lastDays', 7)],
  ['company name', 'person', is('company.name', 'equals', 'company 55')],
  ['company domain', 'person', is('company.domain', 'equals', 'c55.no')],
  ['company category', 'person', is('company.category', 'equals', 'Customer')],
  ['ever touched by', 'person', { has: 'touch', where: is('source', 'equals', 'source 7') }],
  ['touched twice by', 'person', { has: 'touch', where: is('campaign', 'equals', 'campaign 7'), count: { gte: 2 } }],
  ['sent a form lately', 'person', { has: 'submission', where: is('at', 'lastDays', 3) }],
  ['sent a form by', 'person', { has: 'submission', where: is('touch.source', 'equals', 'source 7') }],
  ['in a selection', 'person', is('selection', 'inSelection', '1')],
  [
    'all of two',
    'person',
    { all: [is('firstTouch.source', 'equals', 'source 7'), is('leadStatus', 'equals', 'Qualified')] },
  ],
  ['any of two', 'person', { any: [is('owner', 'equals', '1'), is('lastName', 'equals', 'last 7')] }],
  ['company by name', 'company', is('name', 'startsWith', 'company 77')],
  ['company by category', 'company', is('category', 'equals', 'Customer')],
  ['company whose people', 'company', { has: 'person', where: is('leadStatus', 'equals', 'Qualified') }],
  ['company touched by', 'company', { has: 'touch', where: is('source', 'equals', 'source 7') }],
  ['submission by origin', 'submission', is('touch.source', 'equals', 'source 7')],
  ['submission of a form', 'submission', is('form', 'equals', 'webinar')],
  ['submission lately', 'submission', is('at', 'lastDays', 3)],
  ['deal of an owner', 'deal', is('owner', 'equals', '2')],
  ['deal of a person', 'deal', is('person.email', 'equals', 'p100@c101.no')],
  ['deal whose person works at', 'deal', is('person.company.name', 'startsWith', 'company 77')],
  ['deal first touched by', 'deal', is('person.firstTouch.source', 'equals', 'source 101')],
  ['submission of a name', 'submission', is('person.lastName', 'startsWith', 'Last 99')],
  ['submission of a company', 'submission', is('company.domain', 'equals', 'c55.no')],
  ['touch of a person', 'touch', is('person.email', 'oneOf', ['p77@c78.no', 'p78@c79.no'])],
  ['touch of a company', 'touch', is('person.company.name', 'equals', 'company 55')],
  ['touch at a company', 'touch', { has: 'company', where: is('name', 'equals', 'company 55') }],
];

/** Few enough to be read whole: no index is on an amount or a status. The people they lead to are not. */
const throughDeals: typeof selective = [
  [
    'has a deal over',
    'person',
    { has: 'deal', where: { all: [is('status', 'equals', 'won'), is('amount', 'gte', 19_000)] } },
  ],
  [
    'works at a company with a deal',
    'person',
    { has: 'company', where: { has: 'deal', where: is('amount', 'gte', 19_990) } },
  ],
];

/** Lines that read a table of records from end to end. */
const scans = (plan: string[]) =>
  plan.filter((line) => /^SCAN (person|company|submission|touch|deal|t\d+)\b(?!.*USING COVERING INDEX)/.test(line));

const report = ({ count, ms }: Run, name: string) =>
  `${ms.toFixed(1).padStart(7)} ms  ${String(count).padStart(6)} found  ${name}`;

it('scans no records where an index serves', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  const found: string[] = [];
  for (const [name, entity, where] of selective) {
    const one = await run({ entity, where });
    lines.push(report(one, name));
    for (const plan of one.plans)
      for (const line of scans(plan)) found.push(`${name}: ${line}\n   ${plan.join('\n   ')}`);
  }
  for (const [name, entity, where] of throughDeals) {
    const one = await run({ entity, where });
    lines.push(report(one, name));
    for (const plan of one.plans) found.push(...plan.filter((line) => line.startsWith(`SCAN ${entity}`)));
  }
  console.log(lines.join('\n'));
  expect(found).toEqual([]);
});

/** What nearly everybody is in, and orders that no index gives: these are to stay cheap by how a page is found. */
const broad: Array<[name: string, query: Partial<SegmentQuery>]> = [
  ['everyone', {}],
  ['nearly every status', { where: is('leadStatus', 'equals', 'Open') }],
  ['nearly every country', { where: is('country', 'equals', 'NO') }],
  ['a negation', { where: is('leadStatus', 'notEquals', 'Open') }],
  ['part of a name', { where: is('lastName', 'contains', '77') }],
  ['created this year', { where: is('createdAt', 'this', { unit: 'year' }) }],
  ['any submission', { where: { has: 'submission' } }],
  ['a submission of nearly every form', { where: { has: 'submission', where: is('form', 'equals', 'contact') } }],
  ['two touches', { where: { has: 'touch', count: { gte: 2 } } }],
  ['any campaign', { where: { has: 'touch', where: is('campaign', 'notEmpty') } }],
  ['latest conversion', { where: is('latestConversion.source', 'equals', 'source 7') }],
  ['by first touch source', { sort: [{ field: 'firstTouch.source', direction: 'asc' }] }],
  ['by last name', { sort: [{ field: 'lastName', direction: 'asc' }] }],
  ['by company name', { sort: [{ field: 'company.name', direction: 'desc' }] }],
  ['by number of submissions', { sort: [{ field: 'submissionCount', direction: 'desc' }] }],
  ['by least submissions', { sort: [{ field: 'submissionCount', direction: 'asc' }] }],
  ['by latest submission', { sort: [{ field: 'latestSubmissionAt', direction: 'desc' }] }],
];

/** Columns of what a record belongs to, and orders by them. */
const ofParents = [
  'person.email',
  'person.lastName',
  'person.company.name',
  'person.firstTouch.source',
  'person.leadStatus',
];
const withParents: Array<[name: string, query: Partial<SegmentQuery> & Pick<SegmentQuery, 'entity'>]> = [
  ['deals', { entity: 'deal' }],
  ['won deals', { entity: 'deal', where: is('status', 'equals', 'won') }],
  ['deals by company', { entity: 'deal', sort: [{ field: 'company.name', direction: 'asc' }] }],
  ['submissions', { entity: 'submission' }],
  ['submissions of a status', { entity: 'submission', where: is('person.leadStatus', 'equals', 'Open') }],
  ['submissions by e-mail', { entity: 'submission', sort: [{ field: 'person.email', direction: 'desc' }] }],
  ['submissions by source', { entity: 'submission', sort: [{ field: 'person.firstTouch.source', direction: 'asc' }] }],
  ['touches by last name', { entity: 'touch', sort: [{ field: 'person.lastName', direction: 'asc' }] }],
];

it('looks up what a record belongs to for the rows of the page alone', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  for (const [name, query] of withParents) {
    const page = await run({ ...query, columns: ofParents, count: false });
    const both = await run({ ...query, columns: ofParents });
    lines.push(`${page.ms.toFixed(1).padStart(7)} ms a page${report(both, name)}`);
    const plan = page.plans[0]!;
    expect(plan[0], name).toBe('CO-ROUTINE page');
    const after = plan.slice(plan.indexOf('SCAN page') + 1);
    expect(after.filter((line) => line.startsWith('SCAN'))).toEqual([]);
  }
  console.log(lines.join('\n'));
});

it('looks up what is shown for the rows of the page alone', { timeout: 60_000 }, async () => {
  const lines: string[] = [];
  for (const [name, query] of broad) {
    const page = await run({ entity: 'person', ...query, count: false });
    const both = await run({ entity: 'person', ...query });
    lines.push(`${page.ms.toFixed(1).padStart(7)} ms a page${report(both, name)}`);
    const [plan] = page.plans as [string[], ...string[][]];
    expect(plan[0]).toBe('CO-ROUTINE page');
    const after = plan.slice(plan.indexOf('SCAN page') + 1);
    expect(after.filter((line) => line.startsWith('SCAN'))).toEqual([]);
  }
  console.log(lines.join('\n'));
});

/** Orders in which everybody is gone through, and what must stand in the plan for no more to be put in order than need be. */
const walks: Array<[entity: SegmentQuery['entity'], field: string, line: RegExp]> = [
  ['person', 'lastName', /person USING .*INDEX person_last_name/],
  ['person', 'firstTouch.source', /USE TEMP B-TREE FOR RIGHT PART OF ORDER BY/],
  ['person', 'leadCreation.channel', /USE TEMP B-TREE FOR RIGHT PART OF ORDER BY/],
  ['submission', 'touch.campaign', /USE TEMP B-TREE FOR RIGHT PART OF ORDER BY/],
  ['person', 'submissionCount', /USING COVERING INDEX submission_person \(person_id>\?\)/],
  ['person', 'latestSubmissionAt', /USING COVERING INDEX submission_person \(person_id>\?\)/],
  ['submission', 'person.email', /t\d+ USING .*INDEX person_email/],
  ['submission', 'person.lastName', /t\d+ USING .*INDEX person_last_name/],
  ['submission', 'company.name', /t\d+ USING .*INDEX company_name_fold/],
  ['company', 'personCount', /USING COVERING INDEX person_company \(company_id>\?\)/],
];

it('goes through everybody in order by an index', { timeout: 60_000 }, async () => {
  for (const [entity, field, line] of walks) {
    for (const direction of ['asc', 'desc'] as const) {
      const { plans } = await run({ entity, sort: [{ field, direction }], columns: ['id'], count: false });
      const plan = plans[0]!;
      const found = plan.slice(0, plan.indexOf('SCAN page'));
      expect(found, `${entity} by ${field} ${direction}`).toContainEqual(expect.stringMatching(line));
    }
  }
});

/** Criteria, which of their statements is meant, and what must stand in the plan of it, or must not. */
const ways: Array<[name: string, where: object, of: 'page' | 'count', line: RegExp, stands: boolean]> = [
  ['of one source', is('firstTouch.source', 'equals', 'source 7'), 'page', /near/, false],
  ['of a channel', is('firstTouch.channel', 'equals', 'channel 7'), 'page', /near/, true],
  [
    'of a source and a status',
    { all: [is('firstTouch.source', 'equals', 'source 7'), is('leadStatus', 'equals', 'Open')] },
    'page',
    /person_lead_status \(lead_status_id=\? AND created_at>\?\)/,
    true,
  ],
  [
    'sent a form lately',
    { has: 'submission', where: is('at', 'lastDays', 300) },
    'count',
    /USING COVERING INDEX submission_person \(person_id>\?\)/,
    true,
  ],
  ['of a company', is('company.name', 'startsWith', 'company 7'), 'count', /^LIST SUBQUERY/, false],
];

it('takes the way that reads least', { timeout: 60_000 }, async () => {
  for (const [name, where, of, line, stands] of ways) {
    const { plans } = await run({ entity: 'person', where });
    const plan = plans[of === 'page' ? 0 : 1]!;
    expect(
      plan.some((one) => line.test(one)),
      `${name}\n${plan.join('\n')}`,
    ).toBe(stands);
  }
});

it('finds the same in the same order however long a page is', { timeout: 60_000 }, async () => {
  const people = selective
    .filter(([, entity]) => entity === 'person')
    .map(([name, entity, where]) => ({ name, entity, where }));
  const queries = [...people, ...broad.map(([name, query]) => ({ name, entity: 'person' as const, ...query }))];
  const idsOf = async (query: SegmentQuery, pages: number): Promise<unknown[]> => {
    const found: unknown[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < pages; page += 1) {
      const answer = await runSegment(context, { ...query, cursor });
      found.push(...answer.items.map((item) => item['id']));
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    return found;
  };
  for (const { name, ...query } of queries) {
    const asked = { timeZone: 'Europe/Oslo', ...query };
    // Long pages try other records one by one than short ones do, or none.
    expect(await idsOf({ ...asked, limit: 15 }, 4), name).toEqual(await idsOf({ ...asked, limit: 60 }, 1));
  }
});

it('says how a page is found', async () => {
  const pagingOf = async (query: Partial<SegmentQuery>) => {
    const prepared = await prepareSegment(context, { entity: 'person', ...query });
    return prepared.explain({ limit: 50 }).paging;
  };
  const byName = [{ field: 'lastName', direction: 'asc' as const }];
  expect(await pagingOf({ sort: byName })).toBe('walkInOrder');
  expect(await pagingOf({ where: is('country', 'equals', 'NO') })).toBe('tryFirstRecords');
  expect(await pagingOf({ where: is('email', 'equals', 'a@b.no') })).toBe('findAndSort');
});
