import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { differences, lost } from '../../tools/totals-sql.ts';
import { Visitor } from '../support/browser-like.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const page = (source: string) => `https://www.example.com/?utm_source=${source}&utm_medium=social&fbclid=Id-${source}`;

let kilde: TestApp;

async function start(): Promise<TestApp> {
  const app = await createTestApp();
  await app.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await app.sql(
    `INSERT INTO selection (id, name, entity, kind, created_at) VALUES
     (1, 'A', 'company', 'static', 0), (2, 'B', 'company', 'static', 0), (3, 'C', 'person', 'static', 0)`,
  );
  return app;
}

beforeEach(async () => {
  kilde = await start();
});

/** Tables that a job computes from the other tables. */
const workedOut = new Set([
  'lead_fact',
  'deal_fact',
  'settled_total',
  'credit_total',
  'unsettled_lead',
  'unsettled_deal',
  'report_state',
  'report_path',
  'saying',
]);

type Dump = Record<string, string[]>;

/** Every table but the records of merges and what is worked out of the others, row by row. */
async function dump(): Promise<Dump> {
  const tables = await kilde.sql(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'
       AND name NOT IN ('company_merge', 'audit_entry', 'record_change') ORDER BY name`,
  );
  const all: Dump = {};
  for (const { name } of tables) {
    if (workedOut.has(name)) continue;
    const rows = await kilde.sql(`SELECT * FROM "${name}"`);
    all[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return all;
}

const idOf = async (domain: string): Promise<string> =>
  (await kilde.api('GET', `/companies?domain=${domain}`)).body.items[0]?.id;
const companyOf = async (email: string): Promise<string | undefined> =>
  (await kilde.api('GET', `/people?email=${encodeURIComponent(email)}`)).body.items[0]?.company?.id;
const companyAt = async (id: string) => (await kilde.api('GET', `/companies/${id}`)).body;

async function merge(id: string, otherId: string): Promise<string> {
  const { status, body } = await kilde.api('POST', `/companies/${id}/merge`, { otherId });
  expect(status).toBe(201);
  return body.id;
}

const undo = (mergeId: string) => kilde.api('POST', `/companies/merges/${mergeId}/undo`);

/** Two companies, each brought by a form of its own, with people, deals, memberships and a proposal. */
async function twoCompanies(): Promise<{ early: string; late: string }> {
  const visitor = new Visitor(kilde);
  await visitor.arrive(page('linkedin'));
  await visitor.send('demo', { email: 'kari@firma.no', name: 'Kari Nordmann', company: 'Firma AS' });
  kilde.advance(dayMs);
  const other = new Visitor(kilde);
  await other.arrive(page('facebook'));
  await other.send('demo', { email: 'ola@old-firma.no', company: 'Old Firma AS' });
  await other.send('demo', { email: 'per@old-firma.no', message: 'x' });
  const [early, late] = [await idOf('firma.no'), await idOf('old-firma.no')];
  await kilde.api('PATCH', `/companies/${late}`, {
    registrationNumber: '923609016',
    country: 'NO',
    category: 'customer',
  });
  await kilde.sql(
    `INSERT INTO selection_member (selection_id, member_id, added_at) VALUES (1, ?, 1), (1, ?, 2), (2, ?, 3), (3, ?, 4)`,
    [early, late, late, late],
  );
  const deals = [
    { externalId: 'd1', companyDomain: 'old-firma.no', amount: 100, currency: 'NOK' },
    { externalId: 'd2', email: 'ola@old-firma.no', amount: 100, currency: 'NOK' },
  ];
  await kilde.api('PUT', '/deals', { items: deals });
  await kilde.sql(
    `INSERT INTO category_proposal (company_id, from_category_id, category_id, cause, at, state)
     VALUES (?, NULL, 1, 'dealWon', 0, 'pending'), (?, (SELECT id FROM category WHERE name = 'Customer'), 1, 'dealWon', 0, 'pending')`,
    [early, late],
  );
  kilde.advance(dayMs);
  return { early, late };
}

describe('a merge of companies', () => {
  it.each([true, false])(
    'lets the earlier source win and moves all else over, as its dry run says (into the earlier: %s)',
    async (intoEarly) => {
      const { early, late } = await twoCompanies();
      const before = await companyAt(early);
      const [kept, removed] = intoEarly ? [early, late] : [late, early];
      const unmerged = await dump();
      kilde.roundTrips();
      const tried = await kilde.api('POST', `/companies/${kept}/merge`, { otherId: removed, dryRun: true });
      expect(kilde.roundTrips()).toBe(1);
      expect(tried.status).toBe(200);
      expect(await dump()).toEqual(unmerged);
      const { status, body, headers } = await send(`/companies/${kept}/merge`, { otherId: removed });
      // The second is the audit log's.
      expect(kilde.roundTrips()).toBe(2);
      expect([status, headers.get('location')]).toEqual([201, `/api/v1/companies/merges/${body.id}`]);
      expect(body).toEqual({
        id: body.id,
        company: { id: kept },
        removedCompany: intoEarly
          ? { id: late, name: 'Old Firma AS', domain: 'old-firma.no' }
          : { id: early, name: 'Firma AS', domain: 'firma.no' },
        moved: intoEarly ? { people: 2, submissions: 2, deals: 2 } : { people: 1, submissions: 1, deals: 0 },
        at: '2026-09-03T10:00:00.000Z',
        undoneAt: null,
        undoableUntil: null,
        undoableBy: 'write',
      });
      const after = await companyAt(kept);
      expect(tried.body).toEqual({ company: after, moved: body.moved });
      expect(after).toMatchObject({
        id: kept,
        name: intoEarly ? 'Firma AS' : 'Old Firma AS',
        domain: intoEarly ? 'firma.no' : 'old-firma.no',
        registrationNumber: '923609016',
        country: 'NO',
        category: { name: 'Customer' },
        createdAt: before.createdAt,
        personCount: 3,
        companySource: before.companySource,
      });
      expect((await kilde.api('GET', `/companies/${removed}`)).status).toBe(404);
      expect((await kilde.api('GET', `/companies/merges/${body.id}`)).body).toEqual(body);
      const listed = await kilde.api('GET', `/companies/${kept}/merges?count=true`);
      expect(listed.body).toEqual({ items: [body], nextCursor: null, count: 1 });
      for (const table of ['person', 'submission', 'deal'])
        expect(await kilde.sql(`SELECT DISTINCT company_id AS id FROM ${table}`)).toEqual([{ id: Number(kept) }]);
      // Whatever created the later one found the other there.
      expect(await kilde.sql('SELECT created_company AS n FROM submission ORDER BY at, id')).toEqual([
        { n: 1 },
        { n: 0 },
        { n: 0 },
      ]);
      expect(await kilde.sql('SELECT selection_id, member_id FROM selection_member ORDER BY 1')).toEqual([
        { selection_id: 1, member_id: Number(kept) },
        { selection_id: 2, member_id: Number(kept) },
        { selection_id: 3, member_id: Number(late) },
      ]);
      // The one about the category that the company has now goes on waiting.
      expect(await kilde.sql('SELECT company_id, state FROM category_proposal ORDER BY id')).toEqual([
        { company_id: Number(kept), state: 'outdated' },
        { company_id: Number(kept), state: 'pending' },
      ]);
    },
  );

  it('leads later forms, leads and deals to the kept company, in the same requests', async () => {
    const { early, late } = await twoCompanies();
    await merge(early, late);
    await kilde.submit('demo', { email: 'warm@firma.no' });
    kilde.roundTrips();
    const scans = await kilde.scansDuring(() => kilde.submit('demo', { email: 'new@old-firma.no' }));
    expect([scans, kilde.roundTrips()]).toEqual([[], 1]);
    const items = [
      { email: 'a@gmail.com', company: { registrationNumber: 'NO 923 609 016 MVA' } },
      { email: 'b@gmail.com', company: { name: 'Old Firma' } },
      { email: 'c@gmail.com', company: { domain: 'www.old-firma.no' } },
      { email: 'd@gmail.com', company: { name: 'Old Firma', domain: 'elsewhere.no' } },
    ];
    await kilde.api('PUT', '/people', { items });
    for (const email of ['new@old-firma.no', 'a@gmail.com', 'b@gmail.com', 'c@gmail.com'])
      expect([email, await companyOf(email)]).toEqual([email, early]);
    // Another domain tells companies of one name apart, as it does without a merge.
    expect(await companyOf('d@gmail.com')).not.toBe(early);
    const deals = [
      { externalId: 'e1', companyDomain: 'old-firma.no', amount: 1, currency: 'NOK' },
      { externalId: 'e2', email: 'unknown@old-firma.no', amount: 1, currency: 'NOK' },
    ];
    await kilde.api('PUT', '/deals', { items: deals });
    expect(await kilde.sql("SELECT DISTINCT company_id AS id FROM deal WHERE external_id LIKE 'e%'")).toEqual([
      { id: Number(early) },
    ]);
    expect(await idOf('old-firma.no')).toBe(early);
    // Nobody else can take what leads to it; the company itself can.
    for (const body of [{ domain: 'old-firma.no' }, { registrationNumber: '923609016' }])
      expect((await kilde.api('POST', '/companies', { name: 'New', ...body })).status).toBe(409);
    expect((await kilde.api('PATCH', `/companies/${early}`, { domain: 'old-firma.no' })).status).toBe(200);
  });

  it('gives a company without a source the source of the other, and a name to one that has none', async () => {
    const { body: made } = await kilde.api('POST', '/companies', { name: 'firma.no' });
    kilde.advance(dayMs);
    const { late } = await twoCompanies();
    await kilde.sql("UPDATE company SET domain = NULL WHERE domain = 'firma.no'");
    await kilde.api('PATCH', `/companies/${made.id}`, { domain: 'firma.no' });
    const source = (await companyAt(late)).companySource;
    await merge(made.id, late);
    expect(await companyAt(made.id)).toMatchObject({
      name: 'Old Firma AS',
      createdAt: made.createdAt,
      createdVia: 'api',
      companySource: source,
    });
  });

  it('moves nobody into a category: people keep their status', async () => {
    const { early, late } = await twoCompanies();
    await kilde.sql("UPDATE category SET resets_lead_status = 1 WHERE name = 'Customer'");
    await kilde.sql("UPDATE person SET lead_status_id = (SELECT id FROM lead_status WHERE name = 'Qualified')");
    await merge(early, late);
    expect(
      await kilde.sql('SELECT DISTINCT s.name FROM person p JOIN lead_status s ON s.id = p.lead_status_id'),
    ).toEqual([{ name: 'Qualified' }]);
  });

  it('brings the journeys of both together at account level', async () => {
    const { early, late } = await twoCompanies();
    const won = { externalId: 'w', email: 'ola@old-firma.no', amount: 100, currency: 'NOK', status: 'won' };
    await kilde.api('PUT', '/deals', { items: [{ ...won, closedAt: new Date(kilde.deps.clock()).toISOString() }] });
    const credit = async () => {
      const query = { measures: ['wonDeals'], dimensions: ['source'], attribution: ['linear'], level: 'account' };
      const { body } = await kilde.api('POST', '/reports/query', { ...query, period: { relative: 'all' } });
      return Object.fromEntries(body.rows.map((row: any) => [row.source, row.linear.wonDeals]));
    };
    const apart = await credit();
    expect(apart).toEqual({ facebook: 1 });
    const mergeId = await merge(early, late);
    expect(await credit()).toEqual({ facebook: 0.666666667, linkedin: 0.333333333 });
    await undo(mergeId);
    expect(await credit()).toEqual(apart);
  });

  it('needs two companies, and a key that may write', async () => {
    const { early, late } = await twoCompanies();
    const before = await dump();
    for (const [id, otherId, status, message] of [
      [early, early, 422, `Company ${early} cannot be merged with itself. Give the id of another company.`],
      [early, '999', 422, 'There is no company with the id 999.'],
      ['999', early, 404, undefined],
      [early, 'x', 422, 'must be an id'],
    ] as const) {
      for (const dryRun of [false, true]) {
        const answer = await kilde.api('POST', `/companies/${id}/merge`, { otherId, dryRun });
        expect([answer.status, answer.body.errors?.[0]?.message]).toEqual([status, message]);
      }
    }
    const { body: key } = await kilde.api('POST', '/api-keys', { name: 'Viewer', scopes: ['read'] });
    const asViewer = { key: key.key as string };
    expect((await kilde.api('POST', `/companies/${early}/merge`, { otherId: late }, asViewer)).status).toBe(403);
    await kilde.api('DELETE', `/api-keys/${key.id}`);
    expect({ ...(await dump()), api_key: [], settings: [] }).toEqual({ ...before, api_key: [], settings: [] });
    await merge(early, late);
    // The same once more: the other is gone.
    expect((await kilde.api('POST', `/companies/${early}/merge`, { otherId: late })).status).toBe(422);
    expect((await kilde.api('GET', '/audit-log')).body.items[0].operation).toBe('POST /companies/:id/merge');
  });

  it('happens once where two ask at the same time', async () => {
    const { early, late } = await twoCompanies();
    const answers = await Promise.all([
      kilde.api('POST', `/companies/${early}/merge`, { otherId: late }),
      kilde.api('POST', `/companies/${late}/merge`, { otherId: early }),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(await kilde.sql('SELECT count(*) AS n FROM company')).toEqual([{ n: 1 }]);
  });
});

describe('undoing a merge of companies', () => {
  it.each([true, false])('leaves every table as it was (into the earlier: %s)', async (intoEarly) => {
    const { early, late } = await twoCompanies();
    const before = await dump();
    const [kept, removed] = intoEarly ? [early, late] : [late, early];
    const mergeId = await merge(kept, removed);
    expect(await dump()).not.toEqual(before);
    kilde.advance(dayMs);
    kilde.roundTrips();
    const { status, body } = await undo(mergeId);
    expect([status, kilde.roundTrips()]).toEqual([200, 2]);
    expect(body).toMatchObject({ id: mergeId, undoneAt: '2026-09-04T10:00:00.000Z' });
    expect(await dump()).toEqual(before);
    expect((await undo(mergeId)).body.detail).toBe('This merge has been undone already.');
    expect((await undo('99')).status).toBe(404);
    // And once more.
    await merge(kept, removed);
    expect(await dump()).not.toEqual(before);
  });

  it('keeps what came in since with the kept company, and what was changed by hand', async () => {
    const { early, late } = await twoCompanies();
    const mergeId = await merge(early, late);
    kilde.advance(60_000);
    await kilde.submit('demo', { email: 'since@old-firma.no' });
    await kilde.api('PATCH', `/companies/${early}`, { country: 'SE', name: 'Renamed' });
    expect((await undo(mergeId)).status).toBe(200);
    expect(await companyOf('since@old-firma.no')).toBe(early);
    expect(await companyAt(early)).toMatchObject({
      name: 'Renamed',
      country: 'SE',
      domain: 'firma.no',
      registrationNumber: null,
      category: null,
      personCount: 2,
    });
    expect(await companyAt(late)).toMatchObject({ name: 'Old Firma AS', country: 'NO', personCount: 2 });
    await kilde.submit('demo', { email: 'later@old-firma.no' });
    expect(await companyOf('later@old-firma.no')).toBe(late);
  });

  it('gives both their domains back where the other became the first', async () => {
    const { early, late } = await twoCompanies();
    const mergeId = await merge(early, late);
    await kilde.api('PATCH', `/companies/${early}`, { domain: 'old-firma.no' });
    expect((await undo(mergeId)).status).toBe(200);
    expect([await idOf('firma.no'), await idOf('old-firma.no')]).toEqual([early, late]);
  });

  it('goes on where people are erased or merged in between', async () => {
    const { early, late } = await twoCompanies();
    const [ola, per] = await Promise.all(
      ['ola@old-firma.no', 'per@old-firma.no'].map(
        async (email) => (await kilde.api('GET', `/people?email=${email}`)).body.items[0].id as string,
      ),
    );
    const mergeId = await merge(early, late);
    const people = (await kilde.api('POST', `/people/${ola}/merge`, { otherId: per })).body.id;
    expect((await undo(mergeId)).status).toBe(200);
    expect((await kilde.api('POST', `/people/merges/${people}/undo`)).status).toBe(200);
    for (const email of ['ola@old-firma.no', 'per@old-firma.no']) expect(await companyOf(email)).toBe(late);

    // The other way round: people are one before the companies are, and two again before those are.
    const again = (await kilde.api('POST', `/people/${ola}/merge`, { otherId: per })).body.id;
    const companies = await merge(early, late);
    expect((await kilde.api('POST', `/people/merges/${again}/undo`)).status).toBe(200);
    expect(await companyOf('per@old-firma.no')).toBe(early);
    await kilde.api('DELETE', `/people/${ola}`);
    expect((await undo(companies)).status).toBe(200);
    expect(await companyOf('per@old-firma.no')).toBe(late);
    // What stays of an erased person stays at the company, which they brought.
    expect(await kilde.sql('SELECT company_id FROM person WHERE id < 0')).toEqual([{ company_id: Number(late) }]);
    expect(await kilde.sql('SELECT source_person_id AS id FROM company WHERE id = ?', [late])).toEqual([{ id: null }]);
  });

  it('sends person.updated for each person who moves, and no company.created', async () => {
    const { early, late } = await twoCompanies();
    await kilde.sql(
      `INSERT INTO webhook (name, url, secret, events, created_at) VALUES ('Hook', 'https://hooks.example.com', 's', ?, 0)`,
      [JSON.stringify(['person.updated', 'company.created'])],
    );
    const told = async () => {
      const rows = await kilde.sql('SELECT type, at FROM event ORDER BY id');
      await kilde.sql('DELETE FROM event_delivery');
      await kilde.sql('DELETE FROM event');
      return rows;
    };
    const mergeId = await merge(early, late);
    const each = { type: 'person.updated', at: kilde.deps.clock() };
    expect(await told()).toEqual([each, each]);
    kilde.advance(dayMs);
    await undo(mergeId);
    expect(await told()).toEqual([
      { ...each, at: each.at + dayMs },
      { ...each, at: each.at + dayMs },
    ]);
  });

  it('leaves nothing of an erased address that a company was called by', async () => {
    const { early, late } = await twoCompanies();
    await kilde.api('PATCH', `/companies/${late}`, { name: 'ola@old-firma.no' });
    const mergeId = await merge(early, late);
    const [{ id }] = (await kilde.api('GET', '/people?email=ola@old-firma.no')).body.items;
    expect((await kilde.api('DELETE', `/people/${id}`)).status).toBe(204);
    const text = async () =>
      JSON.stringify([await kilde.sql('SELECT * FROM company_merge'), await kilde.sql('SELECT * FROM company_alias')]);
    expect(await text()).not.toMatch(/ola@old|ola old firma/);
    expect((await undo(mergeId)).status).toBe(200);
    expect(await kilde.sql('SELECT * FROM company_alias')).toEqual([]);
    expect(JSON.stringify(await kilde.sql('SELECT * FROM company'))).not.toMatch(/ola@old|ola old firma/);
  });

  it('is refused where the kept company is gone', async () => {
    const { early, late } = await twoCompanies();
    const mergeId = await merge(early, late);
    expect((await kilde.api('DELETE', `/companies/${early}`)).status).toBe(204);
    const { status, body } = await undo(mergeId);
    expect([status, body.detail]).toEqual([
      409,
      `Company ${early}, which was kept, has been deleted. Its merges cannot be undone.`,
    ]);
  });
});

async function send(path: string, body: unknown) {
  const response = await kilde.request(`/api/v1${path}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer test-admin-key-of-more-than-32-characters',
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

/** One lead, deal or merge of a random world. */
const world = fc.record({
  leads: fc.array(
    fc.record({
      person: fc.nat({ max: 7 }),
      domain: fc.constantFrom('firma.no', 'annet.no', 'gmail.com', 'tredje.no'),
      company: fc.constantFrom('Firma AS', 'firma', 'Annet AS', undefined),
      number: fc.constantFrom('923609016', undefined, undefined),
      source: fc.constantFrom('linkedin', 'facebook', undefined),
    }),
    { minLength: 6, maxLength: 12 },
  ),
  deals: fc.array(fc.record({ person: fc.nat({ max: 7 }), company: fc.nat({ max: 3 }), isWon: fc.boolean() }), {
    maxLength: 4,
  }),
  merges: fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }), fc.boolean()), { minLength: 1, maxLength: 5 }),
  later: fc.array(
    fc.record({
      domain: fc.constantFrom('firma.no', 'annet.no', 'gmail.com', 'tredje.no'),
      company: fc.constantFrom('Firma AS', 'Annet AS', undefined),
    }),
    { maxLength: 3 },
  ),
});

const domains = ['firma.no', 'annet.no', 'tredje.no', 'fjerde.no'];
const moved = ['company', 'person', 'submission', 'deal', 'company_alias', 'selection_member', 'category_proposal'];

it('leaves every record as it was, for random companies merged in any order, whatever came in meanwhile', async () => {
  let undone = 0;
  await fc.assert(
    fc.asyncProperty(world, async ({ leads, deals, merges, later }) => {
      kilde = await start();
      const hour = 60 * 60 * 1_000;
      for (const { person, domain, company, number, source } of leads) {
        await kilde.submit('demo', {
          email: `p${person}@${domain}`,
          ...(company ? { company } : {}),
          ...(number ? { org_number: number } : {}),
          ...(source ? { _page: page(source) } : {}),
        });
        kilde.advance(hour);
      }
      await kilde.sql('INSERT INTO selection_member SELECT 1 + id % 2, id, id FROM company WHERE id % 3 > 0');
      const items = deals.map(({ person, company, isWon }, index) => ({
        externalId: `d${index}`,
        ...(isWon ? { email: `p${person}@firma.no`, status: 'won', closedAt: '2026-09-02' } : {}),
        companyDomain: domains[company],
        amount: 10,
        currency: 'NOK',
      }));
      await kilde.api('PUT', '/deals', { items });
      await rollUpReports({ db: kilde.deps.db });

      let isAlone = true;
      const states: Array<{ mergeId: string; before: Dump; last: Record<string, unknown> }> = [];
      for (const [first, second, sendsLater] of merges) {
        const ids = (await kilde.sql('SELECT id FROM company ORDER BY id')).map(({ id }) => String(id));
        if (ids.length < 2) break;
        const kept = ids.splice(first % ids.length, 1)[0]!;
        const removed = ids[second % ids.length]!;
        kilde.advance(hour);
        const before = await dump();
        const [last] = await kilde.sql(
          `SELECT (SELECT max(id) FROM company) AS company, (SELECT max(id) FROM person) AS person, (SELECT max(id) FROM deal) AS deal,
            (SELECT group_concat(id) FROM submission) AS submission`,
        );
        states.push({ mergeId: await merge(kept, removed), before, last: last! });
        expect(await kilde.sql(differences)).toEqual([]);
        expect(await kilde.sql(lost)).toEqual([]);
        if (sendsLater)
          for (const [index, { domain, company }] of later.entries()) {
            kilde.advance(hour);
            const email = `later${states.length}${index}@${domain}`;
            await kilde.submit('demo', { email, ...(company ? { company } : {}) });
            isAlone = false;
          }
      }
      await rollUpReports({ db: kilde.deps.db });
      for (const { mergeId, before, last } of states.toReversed()) {
        kilde.advance(hour);
        expect((await undo(mergeId)).status).toBe(200);
        undone += 1;
        const after = await dump();
        if (isAlone) expect(after).toEqual(before);
        for (const table of moved) expect(olderThan(after, table, last), table).toEqual(olderThan(before, table, last));
        expect(await kilde.sql(differences)).toEqual([]);
        expect(await kilde.sql(lost)).toEqual([]);
      }
    }),
    { numRuns: 12 },
  );
  expect(undone).toBeGreaterThan(12);
}, 240_000);

/** The rows of a table that were there before a merge, without what later forms may fill in. */
function olderThan(all: Dump, table: string, last: Record<string, unknown>): unknown[] {
  const submissions = ((last['submission'] as string | null) ?? '').split(',');
  return all[table]!.map((row) => JSON.parse(row) as Record<string, any>)
    .filter((row) => {
      if (table === 'submission') return submissions.includes(row['id']);
      const limit = last[table];
      return typeof limit !== 'number' || row['id'] <= limit;
    })
    .map((row) => (table === 'company' ? { ...row, ...fillable } : row));
}

/** What a later form may fill in. */
const fillable = { name: 0, name_fold: 0, name_key: 0, domain: 0, registration_number: 0, country: 0, updated_at: 0 };
