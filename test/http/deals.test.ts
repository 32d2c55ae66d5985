import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
});

/** A won or lost one is closed at the moment at which the tests begin. */
const deal = (fields: Record<string, unknown> = {}) => ({
  externalId: 'D-1',
  amount: 100,
  currency: 'NOK',
  ...(fields['status'] === 'won' || fields['status'] === 'lost' ? { closedAt: '2026-09-01T10:00:00Z' } : {}),
  ...fields,
});
const put = async (...items: unknown[]) => kilde.api('PUT', '/deals', { items });
const read = async (id: string) => (await kilde.api('GET', `/deals/${id}`)).body;
const locations = (answer: { body: any }) => answer.body.errors.map((error: any) => error.location);
const count = async () => (await kilde.sql('SELECT count(*) AS n FROM deal'))[0]!['n'];

async function addKari() {
  const { body } = await kilde.api('POST', '/people', { email: 'kari@firma.no', company: { name: 'Firma AS' } });
  return body as { id: string; company: { id: string } };
}

const categoryOf = async (companyId: string) =>
  (await kilde.api('GET', `/companies/${companyId}`)).body.category?.name ?? null;

describe('PUT /deals', () => {
  it('is the same the second time', async () => {
    const kari = await addKari();
    const sent = deal({ name: 'Stor sak', status: 'won', amount: '1200.50', email: 'KARI@firma.no' });
    const first = await put(sent);
    expect(first.status).toBe(200);
    const link = { externalId: 'D-1', personId: kari.id, companyId: kari.company.id, linked: true };
    expect(first.body.items).toEqual([{ id: expect.any(String), created: true, ...link }]);
    const { id } = first.body.items[0];
    const shown = await read(id);
    expect(shown).toEqual({
      id,
      externalId: 'D-1',
      name: 'Stor sak',
      status: 'won',
      pipeline: { id: '1', name: 'Sales' },
      stage: { id: '5', name: 'Won' },
      probability: 1,
      amount: 1200.5,
      currency: 'NOK',
      createdAt: '2026-09-01T10:00:00.000Z',
      closedAt: '2026-09-01T10:00:00.000Z',
      expectedCloseDate: null,
      nextStep: null,
      lostReason: null,
      person: { id: kari.id, name: 'kari@firma.no', email: 'kari@firma.no' },
      company: { id: kari.company.id, name: 'Firma AS', domain: 'firma.no' },
      owner: null,
      waitsFor: null,
    });
    kilde.advance(60_000);
    expect((await put(sent)).body.items).toEqual([{ id, created: false, ...link }]);
    expect(await read(id)).toEqual(shown);
  });

  it.each([
    ['amount', { amount: 0.1 + 0.2 }],
    ['amount', { amount: '1.5', currency: 'JPY' }],
    ['amount', { amount: '1.0001', currency: 'BHD' }],
    ['amount', { amount: '90071992547409.92' }],
    ['amount', { amount: -1 }],
    ['amount', { amount: undefined }],
    ['currency', { currency: 'nok' }],
    ['status', { status: 'maybe' }],
    ['externalId', { externalId: '' }],
    ['externalId', { externalId: 'x'.repeat(201) }],
    ['externalId', { externalId: 'D-1' }],
    ['personId', { personId: '99' }],
    ['companyId', { companyId: '99' }],
    ['ownerId', { ownerId: '99' }],
    ['email', { email: 'nobody' }],
    ['companyDomain', { companyDomain: 'nothing' }],
    ['createdAt', { createdAt: '2027-01-01' }],
    ['closedAt', { status: 'won', createdAt: '2026-02-01', closedAt: '2026-01-01' }],
    ['closedAt', { status: 'won', closedAt: undefined }],
    ['closedAt', { status: 'lost', closedAt: null }],
    ['closedAt', { stageId: '5' }],
    ['stageId', { stageId: '99' }],
    ['pipelineId', { pipelineId: '99' }],
    ['status', { stageId: '2', status: 'won' }],
    ['lostReason', { lostReason: 'Price' }],
    ['probability', { probability: 25 }],
    ['probability', { probability: 0.5, status: 'won' }],
    ['expectedCloseDate', { expectedCloseDate: '2026-02-30' }],
    ['nextStep.text', { nextStep: { text: '' } }],
    ['extra', { extra: 1 }],
  ])('says where a wrong %s stands, and stores nothing: %j', async (field, fields) => {
    const answer = await put(deal(), deal({ externalId: 'D-2', ...fields }));
    expect([answer.status, locations(answer), await count()]).toEqual([422, [`body.items[1].${field}`], 0]);
  });

  it('keeps amounts by the decimals of their currency', async () => {
    await put(
      deal({ externalId: 'a', amount: 1500, currency: 'JPY' }),
      deal({ externalId: 'b', amount: '1.005', currency: 'KWD' }),
      deal({ externalId: 'c', amount: '90071992547409.91' }),
    );
    expect(await kilde.sql('SELECT amount_minor AS minor FROM deal ORDER BY external_id')).toEqual([
      { minor: 1500 },
      { minor: 1005 },
      { minor: Number.MAX_SAFE_INTEGER },
    ]);
  });

  it('links by id, further address, domain and the domain of an unknown address', async () => {
    const kari = await addKari();
    await kilde.sql('INSERT INTO person_email (email, person_id) VALUES (?, ?)', ['kari@old.no', Number(kari.id)]);
    const { body } = await put(
      deal({ externalId: 'a', personId: kari.id }),
      deal({ externalId: 'b', email: 'kari@old.no' }),
      deal({ externalId: 'c', companyId: kari.company.id }),
      deal({ externalId: 'd', companyDomain: 'https://www.firma.no/om' }),
      deal({ externalId: 'e', email: 'ola@firma.no' }),
      deal({ externalId: 'f', email: 'ola@gmail.com' }),
      deal({ externalId: 'g', companyDomain: 'ukjent.no' }),
      deal({ externalId: 'h' }),
    );
    const [person, company] = [kari.id, kari.company.id];
    expect(body.items.map((item: any) => [item.personId, item.companyId, item.linked])).toEqual([
      [person, company, true],
      [person, company, true],
      [null, company, true],
      [null, company, true],
      [null, company, false],
      [null, null, false],
      [null, null, false],
      [null, null, false],
    ]);
  });

  it('closes, keeps when it was closed, and opens again', async () => {
    const { body } = await put(deal({ closedAt: '2026-01-01', createdAt: '2026-01-01' }));
    const { id } = body.items[0];
    expect((await read(id)).closedAt).toBeNull();
    await put(deal({ status: 'won' }));
    kilde.advance(1_000);
    await put(deal({ status: 'won', closedAt: undefined }));
    expect(await read(id)).toMatchObject({
      closedAt: '2026-09-01T10:00:00.000Z',
      createdAt: '2025-12-31T23:00:00.000Z',
    });
    // What is lost now was not lost when it was won.
    expect(locations(await put(deal({ status: 'lost', closedAt: undefined })))).toEqual(['body.items[0].closedAt']);
    await put(deal({ status: 'lost', closedAt: '2026-08-01' }));
    expect((await read(id)).closedAt).toBe('2026-07-31T22:00:00.000Z');
    await put(deal({ status: 'open' }));
    expect((await read(id)).closedAt).toBeNull();
  });

  it('takes one round trip for a thousand, and scans no table', async () => {
    await addKari();
    const items = Array.from({ length: 1_000 }, (_, index) =>
      deal({ externalId: `D-${index}`, email: 'kari@firma.no', companyDomain: 'firma.no' }),
    );
    await put(deal());
    kilde.roundTrips();
    expect((await put(...items)).body.items).toHaveLength(1_000);
    expect(kilde.roundTrips()).toBe(1);
    const scans = await kilde.scansDuring(() => put(deal({ email: 'kari@firma.no' })));
    // What was made of the rows sent, and the handful of categories.
    expect(scans.filter((line) => /^SCAN (deal|person|company|d|p|w|m|person_email)\b/.test(line))).toEqual([]);
  });

  it('makes one row of two upserts at once', async () => {
    const answers = await Promise.all([put(deal()), put(deal())]);
    expect(answers.filter(({ body }) => body.items[0].created)).toHaveLength(1);
    expect(await count()).toBe(1);
  });
});

describe('the category of the company', () => {
  it('follows a deal registered, won or lost, out of the group Potential customer alone', async () => {
    const kari = await addKari();
    const company = kari.company.id;
    const to = async (fields: Record<string, unknown>) => {
      await put(deal({ companyId: company, ...fields }));
      return categoryOf(company);
    };
    expect(await to({})).toBe('Potential customer');
    expect(await to({ status: 'won' })).toBe('Customer');
    expect(await to({ externalId: 'D-2', status: 'lost' })).toBe('Customer');
    await kilde.sql('UPDATE company SET category_id = 1');
    expect(await to({ status: 'lost' })).toBe('Lost');
    expect(await to({ externalId: 'D-3' })).toBe('Lost');
    expect(await to({ externalId: 'D-3', status: 'won' })).toBe('Lost');
  });

  it('is decided by the order of the items, and by a won deal before all', async () => {
    const { company } = await addKari();
    const of = (externalId: string, status: string) => deal({ externalId, status, companyId: company.id });
    await put(of('a', 'lost'), of('b', 'open'));
    expect(await categoryOf(company.id)).toBe('Potential customer');
    await put(of('c', 'open'), of('d', 'lost'));
    expect(await categoryOf(company.id)).toBe('Lost');
    await kilde.sql('UPDATE company SET category_id = 1');
    await put(of('e', 'won'), of('f', 'lost'));
    expect(await categoryOf(company.id)).toBe('Customer');
  });

  it('stays when nothing happens to the deal, or one of the request is wrong', async () => {
    const { company } = await addKari();
    await put(deal({ companyId: company.id, status: 'lost' }));
    await kilde.sql('UPDATE company SET category_id = 5');
    await put(deal({ companyId: company.id, status: 'lost', amount: 5 }));
    await put(deal({ externalId: 'x', companyId: company.id }), deal({ externalId: 'y', personId: '99' }));
    expect(await categoryOf(company.id)).toBe('Other');
  });

  it('follows a won deal whose lead comes later', async () => {
    await put(deal({ status: 'won', email: 'kari@firma.no' }));
    const { company } = await addKari();
    expect(await categoryOf(company.id)).toBe('Customer');
  });
});

describe('a deal whose lead is not known yet', () => {
  const linksOf = async (id: string) => {
    const { person, company, waitsFor } = await read(id);
    return [person?.email ?? null, company?.domain ?? null, waitsFor];
  };
  const sentDeal = async (fields: object) => (await put(deal({ ...fields }))).body.items[0].id as string;

  it.each(['a form', 'the API', 'an import'])(
    'links itself when the lead comes by %s, in one round trip',
    async (way) => {
      await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
      await kilde.submit('demo', { email: 'first@annet.no' });
      const id = await sentDeal({ email: 'Kari@Firma.no' });
      expect(await linksOf(id)).toEqual([null, null, { email: 'kari@firma.no', companyDomain: 'firma.no' }]);
      const sent = { email: 'kari@firma.no' };
      kilde.roundTrips();
      if (way === 'a form') await kilde.submit('demo', sent);
      else if (way === 'the API') await kilde.api('POST', '/people', sent);
      else await kilde.api('PUT', '/people', { items: [{ ...sent, createdVia: 'import' }] });
      // The API reads the person it answers with.
      expect(kilde.roundTrips()).toBe(way === 'the API' ? 2 : 1);
      expect(await linksOf(id)).toEqual(['kari@firma.no', 'firma.no', null]);
    },
  );

  it('links itself to a company that is added, and to a person who gets the address', async () => {
    const id = await sentDeal({ email: 'kari@firma.no' });
    await kilde.api('POST', '/companies', { name: 'Firma AS', domain: 'firma.no' });
    expect(await linksOf(id)).toEqual([null, 'firma.no', { email: 'kari@firma.no', companyDomain: null }]);
    const ola = (await kilde.api('POST', '/people', { email: 'ola@annet.no' })).body;
    await kilde.api('PATCH', `/people/${ola.id}`, { email: 'kari@firma.no' });
    expect(await linksOf(id)).toEqual(['kari@firma.no', 'firma.no', null]);
  });

  it('stays with whoever it linked itself to when a merge is undone', async () => {
    const ola = (await kilde.api('POST', '/people', { email: 'ola@annet.no' })).body;
    const kari = (await kilde.api('POST', '/people', { email: 'kari@gmail.com' })).body;
    const merge = await kilde.api('POST', `/people/${kari.id}/merge`, { otherId: ola.id });
    const id = await sentDeal({ email: 'ny@firma.no' });
    await kilde.api('PATCH', `/people/${kari.id}`, { email: 'ny@firma.no' });
    await kilde.api('POST', `/people/merges/${merge.body.id}/undo`);
    expect((await linksOf(id))[0]).toBe('ny@firma.no');
    expect((await kilde.api('GET', `/people/${ola.id}`)).status).toBe(200);
  });

  it('waits for what was sent last, and for nobody where that is taken back', async () => {
    const id = await sentDeal({ email: 'kari@firma.no' });
    await put(deal({ email: 'ola@gmail.com', companyDomain: 'annet.no' }));
    expect(await linksOf(id)).toEqual([null, null, { email: 'ola@gmail.com', companyDomain: 'annet.no' }]);
    await put(deal({ email: null, companyId: null }));
    expect(await linksOf(id)).toEqual([null, null, null]);
  });

  it('is found by an index, and listed by one', async () => {
    const plan = async (where: string) =>
      (await kilde.sql(`EXPLAIN QUERY PLAN SELECT id FROM deal WHERE ${where}`)).map(({ detail }) => detail);
    expect(await plan("link_email = 'x' AND person_id IS NULL")).toEqual([
      'SEARCH deal USING INDEX deal_link_email (link_email=?)',
    ]);
    expect(await plan("link_domain = 'x' AND company_id IS NULL")).toEqual([
      'SEARCH deal USING INDEX deal_link_domain (link_domain=?)',
    ]);
    expect(await plan('person_id IS NULL AND company_id IS NULL ORDER BY registered_at DESC, id DESC')).toEqual([
      'SEARCH deal USING INDEX deal_company (company_id=?)',
    ]);
  });
});

describe('GET and DELETE /deals', () => {
  it('pages the latest first, counts and filters', async () => {
    const kari = await addKari();
    await put(
      deal({ externalId: 'a', createdAt: '2026-01-01', status: 'won' }),
      deal({ externalId: 'b', createdAt: '2026-03-01', personId: kari.id }),
      deal({ externalId: 'c', createdAt: '2026-02-01', companyId: kari.company.id }),
    );
    const first = (await kilde.api('GET', '/deals?limit=2&count=true')).body;
    expect([first.count, first.items.map((one: any) => one.externalId)]).toEqual([3, ['b', 'c']]);
    const next = (await kilde.api('GET', `/deals?limit=2&cursor=${first.nextCursor}`)).body;
    expect([next.nextCursor, next.items.map((one: any) => one.externalId)]).toEqual([null, ['a']]);
    for (const [query, found] of [
      ['status=won', ['a']],
      [`person=${kari.id}`, ['b']],
      [`company=${kari.company.id}`, ['b', 'c']],
      ['externalId=c', ['c']],
      ['from=2026-02-01&to=2026-02-28', ['c']],
      ['from=2026-02-01&to=2026-03-01', ['b', 'c']],
    ] as const) {
      const { body } = await kilde.api('GET', `/deals?${query}`);
      expect(body.items.map((one: any) => one.externalId)).toEqual(found);
    }
  });

  it('deletes, and then there is none', async () => {
    const { id } = (await put(deal())).body.items[0];
    expect((await kilde.api('DELETE', `/deals/${id}`)).status).toBe(204);
    expect((await kilde.api('GET', `/deals/${id}`)).status).toBe(404);
    expect((await kilde.api('DELETE', `/deals/${id}`)).status).toBe(404);
  });

  it('asks for a key that reaches', async () => {
    const { body } = await kilde.api('POST', '/api-keys', { name: 'reader', scopes: ['read'] });
    expect((await kilde.api('PUT', '/deals', { items: [] }, { key: null })).status).toBe(401);
    expect((await kilde.api('PUT', '/deals', { items: [] }, { key: body.key })).status).toBe(403);
    expect((await kilde.api('GET', '/deals', undefined, { key: body.key })).status).toBe(200);
  });
});

describe('what a deal is asked for and cannot be', () => {
  const patch = async (id: string, body: unknown) => kilde.api('PATCH', `/deals/${id}`, body);
  const stored = async (given: Record<string, unknown>) => (await put(deal(given))).body.items[0];

  it('is refused: a closedAt that is taken away, that an open deal would have, or that lies before createdAt', async () => {
    const { id } = await stored({ status: 'won', createdAt: '2026-08-01T10:00:00Z', closedAt: '2026-08-20T10:00:00Z' });
    const before = await read(id);
    for (const body of [
      { closedAt: null },
      { status: 'open', closedAt: '2026-08-25T10:00:00Z' },
      { createdAt: '2026-08-01T10:00:00Z', closedAt: '2026-07-01T10:00:00Z' },
    ]) {
      const answer = await patch(id, body);
      expect([body, answer.status, answer.body.errors?.[0].location]).toEqual([body, 422, 'body.closedAt']);
      expect(await read(id)).toEqual(before);
    }
    expect((await patch(id, { status: 'open', closedAt: before.closedAt })).status).toBe(200);
    expect((await read(id)).closedAt).toBe(null);
    // Won before it was entered here: it is stored, and taken back as it is read.
    expect((await patch(id, { status: 'won', closedAt: '2026-07-01T10:00:00Z' })).status).toBe(200);
    const early = await read(id);
    expect([early.createdAt > early.closedAt, (await patch(id, early)).status]).toEqual([true, 200]);
    expect((await put(early)).status).toBe(200);
    expect(await read(id)).toEqual(early);
  });

  it('is refused: a currency that ISO 4217 does not have', async () => {
    const answer = await put(deal({ currency: 'QQQ' }));
    expect([answer.status, locations(answer)]).toEqual([422, ['body.items[0].currency']]);
    expect((await kilde.api('PATCH', '/settings', { reportingCurrency: 'XYZ' })).status).toBe(422);
    const report = await kilde.api('POST', '/reports/query', { measures: ['revenue'], currency: 'NKO' });
    expect([report.status, locations(report)]).toEqual([422, ['body.currency']]);
  });

  it('is not called linked while it belongs to nobody', async () => {
    expect(await stored({})).toMatchObject({ personId: null, companyId: null, linked: false });
  });
});
