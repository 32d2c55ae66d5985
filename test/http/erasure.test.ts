import { beforeEach, describe, expect, it } from 'vitest';
import { readMentionCandidates } from '../../src/db/queries/people/mentions.ts';
import { findAddresses } from '../../src/domain/people/find-addresses.ts';
import { presets } from '../../src/domain/reports/presets.ts';
import { keepRetention } from '../../src/jobs/keep-retention.ts';
import { applySubmission } from '../../src/services/capture/apply-submission.ts';
import { keepDeadLetter } from '../../src/services/capture/manage-dead-letters.ts';
import { Visitor } from '../support/browser-like.ts';
import { dumpDatabase } from '../support/dump-database.ts';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

const dayMs = 24 * 60 * 60 * 1_000;
let kilde: ReportApp;

beforeEach(async () => {
  kilde = await createReportApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.api('PATCH', '/settings', { reportingCurrency: 'NOK' });
});

/** Three people at two companies, each with a journey, forms and a deal; the first and the second say the same of how they came. */
async function world(): Promise<string[]> {
  const ids: string[] = [];
  for (const [n, email] of ['kari@firma.no', 'ola@firma.no', 'per@annet.no'].entries()) {
    const visitor = new Visitor(kilde);
    await visitor.arrive(`https://www.example.com/?utm_source=s${n}&utm_medium=paid-social&li_fat_id=Ab-${n}`);
    kilde.advance(dayMs);
    await visitor.arrive(`https://www.example.com/b?utm_source=facebook&utm_medium=cpc&utm_campaign=c${n}`);
    await visitor.send('demo', {
      email,
      name: `N${n} E${n}`,
      phone: `1${n}`,
      how_did_you_hear: n < 2 ? 'A friend' : 'My own words',
    });
    kilde.advance(dayMs);
    await visitor.send('demo', { email, message: `again ${n}` });
    kilde.advance(dayMs);
    await kilde.api('PUT', '/deals', {
      items: [
        { externalId: `w${n}`, email, amount: 100 + n, currency: 'NOK', name: `Deal of ${email}` },
        { externalId: `o${n}`, email, amount: 7, currency: 'NOK', status: 'open' },
      ],
    });
    await kilde.api('PUT', '/deals', {
      items: [{ externalId: `w${n}`, status: 'won', closedAt: '2026-09-01', amount: 100 + n, currency: 'NOK' }],
    });
    const { body } = await kilde.api('GET', `/people?email=${email}`);
    ids.push(body.items[0].id);
  }
  return ids;
}

async function reports(): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const { id } of presets) {
    const { status, body } = await kilde.api('GET', `/reports/${id}?from=2026-01-01&to=2026-12-31&format=json`);
    expect([id, status]).toEqual([id, 200]);
    answers.push([id, body.rows ?? body, body.totals]);
  }
  for (const [entity, where] of [
    ['person', { field: 'leadStatus', op: 'equals', value: 'Open' }],
    ['person', { field: 'firstTouch.source', op: 'equals', value: 's0' }],
    ['company', { field: 'domain', op: 'equals', value: 'firma.no' }],
  ] as const) {
    const query = { measures: ['leads', 'deals', 'revenue', 'conversions'], entity, where };
    const { rows, totals } = await kilde.report({
      ...query,
      period: { from: '2026-01-01', to: '2026-12-31' },
      attribution: ['firstTouch', 'linear'],
    });
    answers.push([rows, totals]);
  }
  return answers;
}

describe('an erased person', () => {
  it('counts in every report as before', async () => {
    const [kari, , per] = await world();
    const before = await reports();
    expect(JSON.stringify(before)).toContain('A friend');
    expect((await kilde.api('DELETE', `/people/${kari}`)).status).toBe(204);
    expect(await reports()).toEqual(before);
    // What nobody else said is no longer told; all other numbers stand.
    expect((await kilde.api('DELETE', `/people/${per}`)).status).toBe(204);
    const after = await reports();
    expect(JSON.stringify(after)).not.toContain('My own words');
    const others = (answers: unknown[]) => answers.filter((one) => !JSON.stringify(one).includes('selfReported'));
    expect(others(after)).toEqual(others(before));
  });

  it('is in no list, count, selection or record', async () => {
    const [kari] = await world();
    const members = await kilde.api('POST', '/selections', { name: 'S', entity: 'person' });
    await kilde.api('POST', `/selections/${members.body.id}/members`, { ids: [kari] });
    const [sent] = (await kilde.api('GET', `/submissions?person=${kari}`)).body.items;
    await kilde.api('DELETE', `/people/${kari}`);

    const count = async (path: string) => (await kilde.api('GET', `${path}?count=true&limit=1`)).body.count;
    expect(await count('/people')).toBe(2);
    expect(await count('/submissions')).toBe(4);
    const segment = async (entity: string, where: unknown) => {
      const { status, body } = await kilde.api('POST', '/segments/query', { entity, where, count: true, limit: 10 });
      expect(status, JSON.stringify(body)).toBe(200);
      return body.count;
    };
    const all = { all: [] };
    expect(await segment('person', all)).toBe(2);
    expect(await segment('person', { field: 'firstTouch.source', op: 'notEquals', value: 's2' })).toBe(1);
    expect(await segment('person', { not: { field: 'email', op: 'contains', value: '@' } })).toBe(0);
    expect(await segment('submission', all)).toBe(4);
    expect(await segment('touch', all)).toBe(4);
    expect(await segment('deal', all)).toBe(6);
    expect(await segment('deal', { has: 'person' })).toBe(4);
    expect(await segment('company', { has: 'person', where: { field: 'phone', op: 'empty' } })).toBe(0);
    expect(await segment('company', { has: 'person', count: { gte: 2 } })).toBe(0);
    expect(await segment('company', { has: 'submission', count: { gte: 3 } })).toBe(0);
    expect(await segment('company', { has: 'touch', count: { gte: 3 } })).toBe(0);
    expect(await segment('company', { field: 'personCount', op: 'eq', value: 1 })).toBe(2);

    expect((await kilde.api('GET', `/selections/${members.body.id}/members?count=true`)).body).toMatchObject({
      items: [],
      count: 0,
    });
    expect((await kilde.api('GET', '/companies?domain=firma.no')).body.items[0]).toMatchObject({ personCount: 1 });
    const deals = (await kilde.api('GET', '/deals')).body.items;
    expect(deals.filter((one: any) => one.person === null).map((one: any) => [one.externalId, one.name])).toEqual([
      ['o0', null],
      ['w0', null],
    ]);
    for (const path of [
      `/people/${kari}`,
      `/people/-${kari}`,
      `/people/${kari}/journey`,
      `/people/${kari}/export`,
      `/submissions/${sent.id}`,
    ]) {
      expect([path, (await kilde.api('GET', path)).status]).toEqual([path, 404]);
    }
    expect((await kilde.api('DELETE', `/people/${kari}`)).status).toBe(404);
  });

  it('is somebody new when they come again, and a lead more', async () => {
    const [kari] = await world();
    await kilde.api('DELETE', `/people/${kari}`);
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const { body } = await kilde.api('GET', '/people?email=kari@firma.no');
    expect(body.items[0]).toMatchObject({ submissionCount: 1, firstTouch: { source: null } });
    expect(body.items[0].id).not.toBe(kari);
    const { totals } = await kilde.report({ measures: ['leads'], period: { from: '2026-01-01', to: '2026-12-31' } });
    expect(totals.leads).toBe(4);
  });

  it('does not come back by what a queue still held', async () => {
    const [kari] = await world();
    const inbound = {
      id: crypto.randomUUID(),
      formKey: 'demo',
      at: kilde.deps.clock() - 1_000,
      fields: { email: ' KARI@firma.no' },
      journey: [],
      page: null,
      referrer: null,
      idempotencyKey: null,
      contentHash: null,
    };
    await kilde.api('DELETE', `/people/${kari}`);
    const message = (at: number) =>
      ({ inbound: { ...inbound, id: crypto.randomUUID(), at }, reasons: [], unjudged: null }) as never;
    await applySubmission(kilde.deps, message(inbound.at));
    expect((await kilde.api('GET', '/people?email=kari@firma.no')).body.items).toEqual([]);
    await applySubmission(kilde.deps, message(kilde.deps.clock() + 1));
    expect((await kilde.api('GET', '/people?email=kari@firma.no')).body.items).toHaveLength(1);
  });

  const address = 'kari@blåbær-firma.no';
  /** Spellings of it: in Unicode, of its domain in ASCII, in capitals, and encoded. */
  const spellings = [
    address,
    'kari@xn--blbr-firma-25an.no',
    'KARI@BLÅBÆR-FIRMA.NO',
    address.normalize('NFD'),
    encodeURIComponent(address),
    encodeURIComponent(encodeURIComponent(address)).toLowerCase(),
    '%6Bari%40bl%c3%a5b%C3%A6r-firma.no',
    'kari&#64;bl&aring;b&aelig;r-firma.no',
  ];
  const dumpText = async () => [...(await dumpDatabase(kilde)).values()].flatMap((rows) => [...rows]).join('\n');
  const left = async () => {
    const text = (await dumpText()).toLowerCase();
    return spellings.filter((one) => text.includes(one.toLowerCase()));
  };
  const idOf = async (email: string) =>
    String((await kilde.sql('SELECT id FROM person WHERE email = ?', [email]))[0]!['id']);

  it('does not come back by a visit that is counted later, in any spelling', async () => {
    const visit = async () => {
      for (const one of spellings) {
        await new Visitor(kilde).arrive(
          `https://www.example.com/for/${one}?utm_source=s&utm_content=${encodeURIComponent(one)}`,
        );
      }
    };
    await kilde.submit('demo', { email: address });
    await visit();
    await kilde.deps.visits.flush();
    expect((await left()).length).toBeGreaterThan(2);
    await visit();
    await kilde.api('DELETE', `/people/${await idOf('kari@xn--blbr-firma-25an.no')}`);
    expect(await left()).toEqual([]);
    await kilde.deps.visits.flush();
    expect(await left()).toEqual([]);
    // Also where the page is visited again, by way of an old mail.
    kilde.advance(10 * dayMs);
    await visit();
    await kilde.deps.visits.flush();
    expect(await left()).toEqual([]);
    expect(await kilde.sql('SELECT sum(visits) AS visits FROM visit_day')).toEqual([{ visits: 3 * spellings.length }]);
  });

  it('is taken out of what others sent before, and stays in what they send after', async () => {
    await kilde.submit('demo', { email: address });
    const message = (at: number, email: string) =>
      ({
        inbound: {
          id: crypto.randomUUID(),
          formKey: 'demo',
          at,
          fields: { email, message: spellings.join(' ') },
          journey: [],
          hiddenOrigin: null,
          page: `https://www.example.com/${encodeURIComponent(address)}`,
          referrer: null,
          idempotencyKey: address,
          contentHash: null,
        },
        reasons: [],
        unjudged: null,
      }) as never;
    const before = kilde.deps.clock();
    kilde.advance(1);
    await kilde.api('DELETE', `/people/${await idOf('kari@xn--blbr-firma-25an.no')}`);
    await applySubmission(kilde.deps, message(before, 'ola@annet.no'));
    await applySubmission(kilde.deps, message(before, 'Kari@BLÅBÆR-firma.no'));
    for (const [id, email] of [
      ['m1', address],
      ['m2', 'per@annet.no'],
    ] as const)
      await keepDeadLetter(kilde.deps, { id, reason: 'undelivered', attempts: 1, payload: message(before, email) });
    expect(await left()).toEqual([]);
    expect((await kilde.api('GET', '/people')).body.items.map(({ email }: { email: string }) => email)).toEqual([
      'ola@annet.no',
    ]);
    await applySubmission(kilde.deps, message(kilde.deps.clock() + 1, address));
    expect((await kilde.api('GET', '/people?count=true')).body.count).toBe(2);
  });

  it('leaves what others wrote readable, whatever stands before the address', async () => {
    await kilde.submit('demo', { email: 'nina@firma.no' });
    await kilde.submit('demo', { email: 'ola@annet.no', message: 'Hei\nina@firma.no\nnina@firma.no.Hilsen Ola' });
    await kilde.api('DELETE', `/people/${await idOf('nina@firma.no')}`);
    const { status, body } = await kilde.api('GET', '/submissions');
    expect([status, body.items[0]?.fields?.message]).toEqual([
      200,
      'Hei\nina@firma.no\nerased@erased.invalid.Hilsen Ola',
    ]);
  });

  it('is found by every character that is another one in an address, or nothing', async () => {
    const texts: string[] = [];
    for (let code = 0x80; code < 0xe0200; code += 1) {
      if (code === 0xd800) code = 0xe000;
      const character = String.fromCodePoint(code);
      if (!/\p{DI}/u.test(character) && !/[a-z0-9]/i.test(character.normalize('NFKC'))) continue;
      for (const text of [`kari@fi${character}rma.no`, `ka${character}ri@firma.no`]) {
        const known = findAddresses(text).some(({ email }) => /^ka(?!.*xn--)[ -~]+$/.test(email));
        if (known) texts.push(text, encodeURIComponent(text), escape(text));
      }
    }
    expect(texts.length).toBeGreaterThan(3_000);
    await kilde.sql(
      `INSERT INTO dead_letter (id, at, reason, attempts, payload)
        SELECT 'm' || key, 0, 'x', 1, json_object('text', value) FROM json_each(?)`,
      [JSON.stringify(texts)],
    );
    const left = new Set(texts);
    // Of no piece of this address, so the characters alone decide.
    const sought = { tables: [{ table: 'dead_letter', columns: ['payload'] }], emails: ['q@q.example'] };
    for await (const { rows } of readMentionCandidates(kilde.deps, sought)) {
      for (const { payload } of rows) left.delete(JSON.parse(payload as string).text);
    }
    expect([...left]).toEqual([]);
  });

  it('is remembered for thirty days, and not by the address', async () => {
    const [kari] = await world();
    await kilde.api('DELETE', `/people/${kari}`);
    expect(await kilde.sql('SELECT length(hash) AS units FROM erasure')).toEqual([{ units: 64 }]);
    await keepRetention({ ...kilde.deps, now: kilde.deps.clock() + 30 * dayMs });
    expect(await kilde.sql('SELECT count(*) AS n FROM erasure')).toEqual([{ n: 1 }]);
    await keepRetention({ ...kilde.deps, now: kilde.deps.clock() + 30 * dayMs + 1 });
    expect(await kilde.sql('SELECT count(*) AS n FROM erasure')).toEqual([{ n: 0 }]);
  });

  it('gets in the file what is quarantined or set aside, in any spelling', async () => {
    await kilde.submit('demo', { email: address });
    for (const one of spellings) await kilde.submit('demo', { email: one, message: one, _gotcha: 'x' });
    await kilde.submit('demo', { email: `x${address}`, _gotcha: 'x' });
    await keepDeadLetter(kilde.deps, {
      id: 'm',
      reason: 'x',
      attempts: 1,
      payload: { inbound: { note: spellings[6] } },
    });
    const id = await idOf('kari@xn--blbr-firma-25an.no');
    const { body } = await kilde.api('GET', `/people/${id}/export`);
    expect(body.quarantine).toHaveLength(spellings.length);
    expect(body.deadLetters).toHaveLength(1);
    await kilde.api('DELETE', `/people/${id}`);
    expect(await kilde.sql('SELECT count(*) AS n FROM quarantine')).toEqual([{ n: 1 }]);
  });

  it('is sent to no webhook', async () => {
    await kilde.sql(
      `INSERT INTO webhook (name, url, secret, events, created_at) VALUES ('w', 'https://x.example', 'whsec_AA==', '["person.created"]', 0)`,
    );
    const [kari] = await world();
    const events = async () => (await kilde.sql('SELECT count(*) AS n FROM event'))[0]!['n'];
    const before = await events();
    expect(before).toBe(3);
    await kilde.api('DELETE', `/people/${kari}`);
    expect(await events()).toBe(before);
  });

  it('keeps no owner and no status from being deleted', async () => {
    const [kari] = await world();
    const { body: owner } = await kilde.api('POST', '/owners', { name: 'Eva' });
    const { body: status } = await kilde.api('POST', '/lead-statuses', { name: 'New' });
    await kilde.api('PATCH', `/people/${kari}`, { ownerId: owner.id, leadStatus: 'New' });
    expect((await kilde.api('DELETE', `/owners/${owner.id}`)).status).toBe(409);
    expect((await kilde.api('DELETE', `/lead-statuses/${status.id}`)).status).toBe(409);
    await kilde.api('DELETE', `/people/${kari}`);
    expect((await kilde.api('DELETE', `/owners/${owner.id}`)).status).toBe(204);
    expect((await kilde.api('DELETE', `/lead-statuses/${status.id}`)).status).toBe(204);
  });

  it('goes in four round trips and the audit log’s, with all who were merged into them', async () => {
    const [kari, ola] = await world();
    await kilde.api('POST', `/people/${kari}/merge`, { otherId: ola });
    kilde.roundTrips();
    await kilde.api('DELETE', `/people/${kari}`);
    // The addresses, what is remembered of them, where they are mentioned, and all that changes.
    expect(kilde.roundTrips()).toBe(5);
    expect(await kilde.sql('SELECT count(*) AS n FROM person_merge')).toEqual([{ n: 0 }]);
    expect(await kilde.sql('SELECT count(*) AS n FROM person_email')).toEqual([{ n: 0 }]);
    expect(await kilde.sql('SELECT email FROM person WHERE id > 0')).toEqual([{ email: 'per@annet.no' }]);
  });
});
