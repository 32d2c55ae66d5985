import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { rulesVersion } from '../../src/domain/attribution/rules-version.ts';
import { forgetUnusedOrigins } from '../../src/jobs/forget-unused-origins.ts';
import { runReclassifications } from '../../src/jobs/run-reclassifications.ts';
import { rollUpReports } from '../../src/jobs/roll-up-reports.ts';
import { continueReclassifications } from '../../src/services/attribution/reclassification/run-reclassification.ts';
import { differences, lost } from '../../tools/totals-sql.ts';
import { Visitor } from '../support/browser-like.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import type { Dump } from '../support/dump-database.ts';
import { storeAsBefore } from '../support/old-origins.ts';
import type { OldOrigin } from '../support/old-origins.ts';
import { adminKey, createTestApp, startOfTime } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const dayMs = 86_400_000;
const direct: OldOrigin = { source: '(direct)', medium: '(none)', channel: 'Unassigned' };
const perplexity: OldOrigin = {
  source: 'perplexity.ai',
  medium: 'referral',
  referrerDomain: 'perplexity.ai',
  channel: 'Referral',
};

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createWorld();
});

async function createWorld(): Promise<TestApp> {
  const app = await createTestApp();
  await app.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  return app;
}

const reclassify = async (app: TestApp, dryRun = false) => app.api('POST', '/origins/reclassify', { dryRun });
const undo = async (app: TestApp, id: string) => app.api('POST', `/origins/reclassifications/${id}/undo`);
const iso = (day: number) => new Date(startOfTime - 30 * dayMs + day * dayMs).toISOString();

/** Leads from elsewhere, each with touches of some sources, one a day. */
async function storeLeads(app: TestApp, leads: Array<{ email: string; sources: string[] }>): Promise<void> {
  for (let start = 0; start < leads.length; start += 500) {
    const items = leads.slice(start, start + 500).map(({ email, sources }) => ({
      email,
      createdVia: 'chat',
      createdAt: iso(sources.length),
      journey: sources.map((source, day) => ({ source, medium: 'email', at: iso(day) })),
    }));
    expect((await app.api('PUT', '/people', { items })).status).toBe(200);
  }
}

/** Every table but what says that something was done: keys, the log of reclassifications, and totals, which are held against the rows. */
async function dump(app: TestApp): Promise<Dump> {
  const all = await dumpDatabase(app);
  for (const table of [
    'annotation',
    'audit_entry',
    'reclassification',
    'settled_total',
    'credit_total',
    'report_total',
    'report_path',
    'lead_fact',
    'deal_fact',
    'unsettled_lead',
    'unsettled_deal',
    'report_state',
  ])
    all.delete(table);
  return all;
}

/** Totals are what the rows say, before and after they are rolled up. */
async function expectTrueTotals(app: TestApp): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    expect(await app.sql(differences)).toEqual([]);
    expect(await app.sql(lost)).toEqual([]);
    await rollUpReports({ db: app.deps.db });
  }
}

const byChannel = async (app: TestApp, attribution: string) => {
  const { body } = await app.api('POST', '/reports/query', {
    measures: ['leads'],
    dimensions: ['channel', 'source'],
    attribution,
    period: { from: '2026-01-01', to: '2026-12-31' },
  });
  return body.rows
    .map((row: { channel: string; source: string; leads: number }) => `${row.channel} ${row.source} ${row.leads}`)
    .toSorted();
};
const journeyOf = async (app: TestApp, email: string) => {
  const { body } = await app.api('GET', `/people?email=${encodeURIComponent(email)}`);
  return (await app.api('GET', `/people/${body.items[0].id}/journey`)).body.items;
};

describe('the preview', () => {
  beforeEach(async () => {
    await storeLeads(kilde, [
      { email: 'a@firma.no', sources: ['old-direct', 'linkedin'] },
      { email: 'b@firma.no', sources: ['old-ai'] },
      { email: 'c@annet.no', sources: ['old-ai', 'old-direct'] },
    ]);
    const items = [
      { externalId: 'd', email: 'b@firma.no', amount: 10, currency: 'NOK', status: 'won', closedAt: '2026-08-30' },
    ];
    expect((await kilde.api('PUT', '/deals', { items })).status).toBe(200);
    await storeAsBefore(kilde, 'old-direct', direct);
    await storeAsBefore(kilde, 'old-ai', perplexity);
    await rollUpReports({ db: kilde.deps.db });
  });

  it('says what would change, by count and by example, and stores nothing', async () => {
    const before = await dumpDatabase(kilde);
    const { status, body } = await reclassify(kilde, true);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      rulesVersion,
      changes: { origins: 2, touches: 4, firstTouches: 3, leadCreations: 2, companies: 1, deals: 1, wonDeals: 1 },
      // The chat that created the person is a submission, whose own point moves too.
      movedPoints: { firstTouch: 1, leadCreation: 1, conversion: 1 },
      groupCount: 2,
    });
    const ai = body.groups.find(({ before: was }: any) => was.source === 'perplexity.ai');
    expect(ai).toMatchObject({
      before: { channel: 'Referral', source: 'perplexity.ai', medium: 'referral' },
      after: { channel: 'AI Assistant', source: 'perplexity', medium: 'referral' },
      counts: { origins: 1, touches: 2, firstTouches: 2, wonDeals: 1 },
      examples: [
        { personId: '2', at: iso(0) },
        { personId: '3', at: iso(0) },
      ],
    });
    const after = await dumpDatabase(kilde);
    for (const table of before.keys()) if (table !== 'audit_entry') expect(after.get(table)).toEqual(before.get(table));
  });

  it('is what applying does; undoing gives back every row', async () => {
    const before = await dump(kilde);
    const reports = [await byChannel(kilde, 'firstTouch'), await byChannel(kilde, 'linear')];
    const { body: preview } = await reclassify(kilde, true);
    const applied = await kilde.request('/api/v1/origins/reclassify', {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(applied.status).toBe(201);
    const done = (await applied.json()) as any;
    expect(applied.headers.get('location')).toBe(`/api/v1/origins/reclassifications/${done.id}`);
    expect(done).toMatchObject({
      state: 'applied',
      rulesVersion,
      changes: preview.changes,
      movedPoints: preview.movedPoints,
      undoneAt: null,
    });
    expect((await kilde.api('GET', `/origins/reclassifications/${done.id}`)).body).toEqual(done);
    await expectTrueTotals(kilde);
    expect(await byChannel(kilde, 'firstTouch')).toEqual(['AI Assistant perplexity 2', 'Organic Social linkedin 1']);
    expect((await reclassify(kilde, true)).body).toMatchObject({ changes: { origins: 0 }, groups: [] });

    const undone = await undo(kilde, done.id);
    expect(undone).toMatchObject({ status: 200, body: { state: 'undone' } });
    await expectTrueTotals(kilde);
    expect(await dump(kilde)).toEqual(before);
    expect([await byChannel(kilde, 'firstTouch'), await byChannel(kilde, 'linear')]).toEqual(reports);
  });

  it('keeps what was sent under raw', async () => {
    await reclassify(kilde);
    const [touch] = await journeyOf(kilde, 'a@firma.no');
    expect(touch).toMatchObject({
      source: null,
      medium: null,
      channel: 'Direct',
      raw: { source: '(direct)', medium: '(none)' },
    });
  });

  it('moves a point only where its touch says less now: person, company and deal alike', async () => {
    await reclassify(kilde);
    const points = async (email: string) => {
      const { body } = await kilde.api('GET', `/people?email=${encodeURIComponent(email)}`);
      const { firstTouch, leadCreation } = body.items[0];
      return [firstTouch, leadCreation].map(({ source, at }: any) => `${source} ${at}`);
    };
    expect(await points('a@firma.no')).toEqual([`linkedin ${iso(1)}`, `linkedin ${iso(1)}`]);
    expect(await points('c@annet.no')).toEqual([`perplexity ${iso(0)}`, `perplexity ${iso(0)}`]);
    const company = (await kilde.api('GET', '/companies?domain=annet.no')).body.items[0];
    expect(company.companySource.leadCreation).toMatchObject({ source: 'perplexity', at: iso(0) });
    expect(
      await kilde.sql(
        'SELECT d.id FROM deal d JOIN person p ON p.id = d.person_id WHERE d.lead_creation_origin_id <> p.lead_creation_origin_id',
      ),
    ).toEqual([]);
  });
});

describe('conversions', () => {
  it('name the latest known touch in look-back where theirs says nothing any more', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive('https://firma.no/?utm_source=linkedin&utm_medium=paid-social');
    await visitor.send('demo', { email: 'kari@firma.no', message: '1' });
    kilde.advance(dayMs);
    await visitor.arrive('https://firma.no/?utm_source=old-pay&utm_medium=referral');
    kilde.advance(60_000);
    await visitor.send('demo', { email: 'kari@firma.no', message: '2' });
    await storeAsBefore(kilde, 'old-pay', {
      source: 'paypal.com',
      medium: 'referral',
      referrerDomain: 'paypal.com',
      channel: 'Referral',
    });
    const before = await dump(kilde);
    expect((await reclassify(kilde, true)).body.movedPoints).toEqual({ firstTouch: 0, leadCreation: 0, conversion: 1 });
    const { body } = await reclassify(kilde);
    expect(body.movedPoints).toEqual({ firstTouch: 0, leadCreation: 0, conversion: 1 });
    const { items } = (await kilde.api('GET', '/submissions')).body;
    expect(items.map(({ touch }: any) => touch.source)).toEqual(['linkedin', 'linkedin']);
    await expectTrueTotals(kilde);
    await undo(kilde, body.id);
    expect(await dump(kilde)).toEqual(before);
  });
});

describe('who comes back', () => {
  it('has no second touch of an arrival that was read again, and their form names that touch', async () => {
    const visitor = new Visitor(kilde);
    await visitor.arrive('https://firma.no/', { referrer: 'https://www.perplexity.ai/' });
    await visitor.send('demo', { email: 'kari@firma.no', message: '1' });
    await storeAsBefore(kilde, 'perplexity', perplexity);
    const { body } = await reclassify(kilde);
    kilde.advance(dayMs);
    await visitor.send('demo', { email: 'kari@firma.no', message: '2' });
    const journey = await journeyOf(kilde, 'kari@firma.no');
    expect(journey).toMatchObject([{ source: 'perplexity', points: ['firstTouch', 'leadCreation', 'conversion'] }]);
    const { items } = (await kilde.api('GET', '/submissions')).body;
    expect(items.map(({ touch }: any) => touch.source)).toEqual(['perplexity', 'perplexity']);
    // Somebody else's arrival of today has an origin of its own, which undoing leaves alone.
    const other = new Visitor(kilde);
    await other.arrive('https://firma.no/', { referrer: 'https://www.perplexity.ai/' });
    await other.send('demo', { email: 'ola@annet.no' });
    await undo(kilde, body.id);
    expect(await journeyOf(kilde, 'ola@annet.no')).toMatchObject([{ source: 'perplexity', channel: 'AI Assistant' }]);
    expect(await journeyOf(kilde, 'kari@firma.no')).toMatchObject([{ source: 'perplexity.ai', channel: 'Referral' }]);
    await expectTrueTotals(kilde);
  });

  it('takes a key of before without disturbing the undo', async () => {
    await storeLeads(kilde, [{ email: 'a@firma.no', sources: ['old-ai'] }]);
    await storeAsBefore(kilde, 'old-ai', perplexity);
    const { body } = await reclassify(kilde);
    const journey = [{ source: 'perplexity.ai', medium: 'referral', referrerDomain: 'perplexity.ai', at: iso(3) }];
    await kilde.api('PUT', '/people', {
      items: [{ email: 'b@firma.no', createdVia: 'chat', createdAt: iso(4), journey }],
    });
    const [touch] = await journeyOf(kilde, 'b@firma.no');
    expect(touch).toMatchObject({ source: 'perplexity.ai', channel: 'AI Assistant' });
    expect((await undo(kilde, body.id)).body.state).toBe('undone');
    expect(await journeyOf(kilde, 'a@firma.no')).toMatchObject([{ source: 'perplexity.ai', channel: 'Referral' }]);
    expect(await journeyOf(kilde, 'b@firma.no')).toMatchObject([{ source: 'perplexity.ai', channel: 'AI Assistant' }]);
    // And can be read again.
    expect((await reclassify(kilde, true)).body.changes.origins).toBe(1);
  });
});

describe('what happens in between', () => {
  it('an erased person gets their point back, and the night takes no value that undoing needs', async () => {
    await storeLeads(kilde, [
      { email: 'a@firma.no', sources: ['old-direct', 'linkedin'] },
      { email: 'b@firma.no', sources: ['old-ai'] },
    ]);
    await storeAsBefore(kilde, 'old-direct', direct);
    await storeAsBefore(kilde, 'old-ai', perplexity);
    await kilde.sql("UPDATE origin_value SET first_seen_at = 0 WHERE field <> 'channel'");
    const pointsOf = async () =>
      kilde.sql('SELECT first_touch_origin_id, first_touch_at, lead_creation_origin_id FROM person ORDER BY abs(id)');
    const before = [await kilde.sql('SELECT * FROM origin ORDER BY id'), await pointsOf()];
    const { body } = await reclassify(kilde);
    expect(body.movedPoints).toMatchObject({ firstTouch: 1 });
    const [{ id }] = (await kilde.sql("SELECT id FROM person WHERE email = 'a@firma.no'")) as [{ id: number }];
    expect((await kilde.api('DELETE', `/people/${id}`)).status).toBe(204);
    for (let minute = 0; minute < 60; minute += 1) {
      await forgetUnusedOrigins({ db: kilde.deps.db, now: Date.parse('2026-09-03T03:00:00Z') + minute * 60_000 });
    }
    await undo(kilde, body.id);
    expect([await kilde.sql('SELECT * FROM origin ORDER BY id'), await pointsOf()]).toEqual(before);
    await expectTrueTotals(kilde);
  });
});

describe('rules of a site', () => {
  it('are applied to what is stored, always from what was stored first', async () => {
    await storeLeads(kilde, [{ email: 'a@firma.no', sources: ['old-partner'] }]);
    await storeAsBefore(kilde, 'old-partner', {
      source: 'partner.no',
      medium: 'referral',
      referrerDomain: 'partner.no',
      channel: 'Referral',
    });
    const first = await dump(kilde);
    expect((await reclassify(kilde, true)).body.changes.origins).toBe(0);
    await kilde.api('PATCH', '/sites/default', { ignoredReferrers: ['partner.no'] });
    const ignoring = (await reclassify(kilde)).body;
    expect(await journeyOf(kilde, 'a@firma.no')).toMatchObject([
      { source: null, channel: 'Direct', referrerDomain: null },
    ]);
    const second = (await dump(kilde)).get('origin');
    await kilde.api('PATCH', '/sites/default', { ignoredReferrers: [] });
    const again = (await reclassify(kilde)).body;
    expect(await journeyOf(kilde, 'a@firma.no')).toMatchObject([{ source: 'partner.no', channel: 'Referral' }]);
    await expectTrueTotals(kilde);
    expect(await undo(kilde, ignoring.id)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await undo(kilde, again.id)).status).toBe(200);
    expect((await dump(kilde)).get('origin')).toEqual(second);
    expect((await undo(kilde, ignoring.id)).status).toBe(200);
    const after = await dump(kilde);
    for (const table of ['origin', 'origin_value', 'touch', 'person', 'company', 'origin_group'])
      expect(after.get(table)).toEqual(first.get(table));
    expect((await undo(kilde, again.id)).status).toBe(409);
  });

  it('that changed since then keep the channels that they gave', async () => {
    await storeLeads(kilde, [{ email: 'a@firma.no', sources: ['old-ads'] }]);
    await storeAsBefore(kilde, 'old-ads', { source: 'fb-ads', medium: 'paid', channel: 'Paid Other' });
    const { body } = await reclassify(kilde);
    expect(await journeyOf(kilde, 'a@firma.no')).toMatchObject([{ source: 'fb-ads', channel: 'Paid Social' }]);
    const rule = { channel: 'Own', when: { source: { op: 'equals', value: 'fb-ads' } } };
    await kilde.api('PATCH', '/sites/default', { channelRules: [rule] });
    await undo(kilde, body.id);
    expect(await journeyOf(kilde, 'a@firma.no')).toMatchObject([{ source: 'fb-ads', channel: 'Own' }]);
  });

  it('leave alone what visits beyond the bound are counted as', async () => {
    await storeLeads(kilde, [{ email: 'a@firma.no', sources: ['old-rest'] }]);
    await storeAsBefore(kilde, 'old-rest', { source: 'other', channel: 'Organic Search' });
    expect((await reclassify(kilde, true)).body.changes.origins).toBe(0);
  });
});

describe('much at once', () => {
  const count = 130;

  async function createLargeWorld(): Promise<TestApp> {
    const app = await createWorld();
    await storeLeads(
      app,
      Array.from({ length: count }, (_, n) => ({ email: `p${n}@firma.no`, sources: ['old-direct', `old-${n}`] })),
    );
    await storeAsBefore(app, 'old-direct', direct);
    for (let n = 0; n < count; n += 1) {
      const domain = `partner${n}.no`;
      await storeAsBefore(app, `old-${n}`, {
        source: domain,
        medium: 'referral',
        referrerDomain: domain,
        channel: 'Unassigned',
      });
    }
    await rollUpReports({ db: app.deps.db }, { transactions: Infinity });
    return app;
  }

  it(
    'is done once where two work on it in turn, each by what the other has changed',
    { timeout: 120_000 },
    async () => {
      const app = await createLargeWorld();
      const before = await dump(app);
      const { body: preview } = await reclassify(app, true);
      let isOther = false;
      let answers = 0;
      // Between what one has read and what it writes, another one does a step.
      app.afterDatabase(async (response) => {
        if (isOther) return response;
        answers += 1;
        if (answers % 4 !== 0) return response;
        isOther = true;
        await continueReclassifications(app.deps, { milliseconds: -1 });
        isOther = false;
        return response;
      });
      const { body: done } = await reclassify(app);
      expect(done).toMatchObject({ state: 'applied', changes: preview.changes, movedPoints: preview.movedPoints });
      const undone = await undo(app, done.id);
      app.afterDatabase(null);
      expect(undone.body.state).toBe('undone');
      await expectTrueTotals(app);
      expect(await dump(app)).toEqual(before);
    },
  );

  it('goes on after it was cut off anywhere, also while forms arrive', { timeout: 120_000 }, async () => {
    const app = await createLargeWorld();
    const before = await dump(app);
    let isBroken = false;
    const breakAfter = (requests: number) => {
      let left = requests;
      isBroken = false;
      app.breakDatabase(null);
      app.afterDatabase(async (response) => {
        left -= 1;
        if (left >= 0) return response;
        isBroken = true;
        // The request was carried out, and its answer was lost.
        return new Response('gone', { status: 500 });
      });
    };
    /** Works until the wire breaks, again and again, until it ends by itself. */
    const finish = async (requests: number) => {
      for (let rounds = 0; rounds < 500; rounds += 1) {
        breakAfter(requests);
        await runReclassifications(app.deps).catch(() => {});
        if (!isBroken) break;
      }
      app.afterDatabase(null);
    };
    breakAfter(6);
    expect((await reclassify(app)).status).toBeGreaterThanOrEqual(500);
    app.afterDatabase(null);
    const [running] = (await app.api('GET', '/origins/reclassifications')).body.items;
    expect(running.state).toBe('applying');
    expect((await reclassify(app)).status).toBe(409);
    expect((await undo(app, running.id)).status).toBe(409);
    expect(
      (await app.submit('demo', { email: 'new@annet.no', _page: 'https://firma.no/?utm_source=(direct)&utm_medium=x' }))
        .status,
    ).toBe(201);
    await finish(7);
    const done = (await app.api('GET', `/origins/reclassifications/${running.id}`)).body;
    expect(done).toMatchObject({
      state: 'applied',
      changes: { origins: count + 1, touches: 2 * count },
      movedPoints: { firstTouch: count, leadCreation: 0, conversion: 0 },
    });
    expect((await reclassify(app, true)).body).toMatchObject({
      changes: { origins: 0 },
      movedPoints: { firstTouch: 0 },
    });
    await expectTrueTotals(app);
    expect(await journeyOf(app, 'new@annet.no')).toMatchObject([{ source: null, medium: 'x' }]);

    breakAfter(5);
    await undo(app, running.id);
    await finish(6);
    expect((await app.api('GET', `/origins/reclassifications/${running.id}`)).body.state).toBe('undone');
    await expectTrueTotals(app);
    const after = await dump(app);
    for (const table of ['origin', 'touch', 'person', 'company'])
      expect([...before.get(table)!].filter((row) => !after.get(table)!.has(row))).toEqual([]);
    expect(await journeyOf(app, 'new@annet.no')).toMatchObject([{ source: null, medium: 'x' }]);
  });
});

it('tells by which version of the rules origins were read', async () => {
  const rules = async () => (await kilde.api('GET', '/settings')).body.attributionRules;
  expect(await rules()).toEqual({ version: rulesVersion, readBy: null });
  await storeLeads(kilde, [{ email: 'a@firma.no', sources: ['x', 'old'] }]);
  expect(await rules()).toEqual({ version: rulesVersion, readBy: rulesVersion });
  await kilde.sql('UPDATE origin SET rules_version = 0');
  expect(await rules()).toEqual({ version: rulesVersion, readBy: 0 });
  const { body } = await reclassify(kilde);
  expect(await rules()).toEqual({ version: rulesVersion, readBy: rulesVersion });
  await undo(kilde, body.id);
  expect(await rules()).toEqual({ version: rulesVersion, readBy: 0 });
});

it('is for administrators alone, and stands in the audit log', async () => {
  for (const scope of ['read', 'write']) {
    const { key } = (await kilde.api('POST', '/api-keys', { name: scope, scopes: [scope] })).body;
    for (const [method, path, sent] of [
      ['POST', '/origins/reclassify', { dryRun: true }],
      ['GET', '/origins/reclassifications', undefined],
      ['GET', '/origins/reclassifications/x', undefined],
      ['POST', '/origins/reclassifications/x/undo', undefined],
    ] as const)
      expect((await kilde.api(method, path, sent, { key })).status).toBe(403);
  }
  const { id } = (await reclassify(kilde)).body;
  await undo(kilde, id);
  const { items } = (await kilde.api('GET', '/audit-log')).body;
  expect(items.slice(0, 2)).toMatchObject([
    { operation: 'POST /origins/reclassifications/:id/undo', target: { id }, status: 200 },
    { operation: 'POST /origins/reclassify', status: 201 },
  ]);
  expect((await undo(kilde, 'none')).status).toBe(404);
  expect((await kilde.api('GET', '/origins/reclassifications/none')).status).toBe(404);
  expect((await kilde.api('POST', '/origins/reclassify', { dryRun: 'yes' })).status).toBe(422);
});

const pick = fc.constantFrom;
const oldOrigin: fc.Arbitrary<OldOrigin> = fc.record({
  channel: pick('Direct', 'Referral', 'Organic Search', 'Unassigned', 'Paid Other'),
  source: pick(null, '(direct)', 'google', 'linkedin', 'paypal.com', 'perplexity.ai', 'nrk.no', 'fb-ads'),
  medium: pick(null, '(none)', 'referral', 'organic', 'cpc', 'social'),
  campaign: pick(null, null, '(not set)', 'x'),
  term: pick(null, null, 'null', 'y'),
  referrerDomain: pick(null, 'google.com', 'paypal.com', 'perplexity.ai', 'linkedin.com', 'nrk.no'),
  clickIdName: pick(null, null, 'gclid', 'fbclid'),
});
const world = fc.record({
  origins: fc.uniqueArray(oldOrigin, {
    minLength: 2,
    maxLength: 6,
    selector: (one) => JSON.stringify({ ...one, channel: '' }),
  }),
  journeys: fc.array(fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
  ignored: fc.subarray(['nrk.no', 'linkedin.com', 'google.com']),
});

it(
  'shows what it does, does it once, and gives it back, whatever earlier rules stored',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ origins, journeys, ignored }) => {
        const app = await createWorld();
        await storeLeads(
          app,
          journeys.map((journey, n) => ({
            email: `p${n}@firma${n % 2}.no`,
            sources: [...new Set(journey.map((one) => `old-${one % origins.length}`))],
          })),
        );
        const items = journeys.map((_, n) => ({
          externalId: `${n}`,
          email: `p${n}@firma${n % 2}.no`,
          amount: n,
          currency: 'NOK',
        }));
        await app.api('PUT', '/deals', { items });
        for (const [n, old] of origins.entries()) await storeAsBefore(app, `old-${n}`, old).catch(() => {});
        await app.api('PATCH', '/sites/default', { ignoredReferrers: ignored });
        await rollUpReports({ db: app.deps.db });
        const before = await dump(app);
        const { body: preview } = await reclassify(app, true);
        const { body: done } = await reclassify(app);
        expect(done).toMatchObject({ state: 'applied', changes: preview.changes, movedPoints: preview.movedPoints });
        await expectTrueTotals(app);
        expect((await reclassify(app, true)).body).toMatchObject({
          changes: { origins: 0 },
          movedPoints: { firstTouch: 0, leadCreation: 0, conversion: 0 },
        });
        await undo(app, done.id);
        await expectTrueTotals(app);
        expect(await dump(app)).toEqual(before);
      }),
      { numRuns: 10 },
    );
  },
);
