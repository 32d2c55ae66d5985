import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;

beforeEach(async () => {
  kilde = await createTestApp();
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.sql("INSERT INTO owner (id, name, created_at) VALUES (5, 'Eva', 0)");
});

const names = async (query: string): Promise<string[]> =>
  (await kilde.api('GET', `/companies?${query}`)).body.items.map((one: any) => one.name);

describe('a company', () => {
  it('is added by hand, with no source', async () => {
    kilde.roundTrips();
    const { status, body } = await kilde.api('POST', '/companies', {
      name: ' Blåbær AS ',
      domain: 'https://www.Blåbær.no/om-oss',
      registrationNumber: 'NO 987 654 321 MVA',
      country: 'NO',
      ownerId: '5',
      category: 'partner',
    });
    expect(kilde.roundTrips()).toBe(1);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'Blåbær AS',
      domain: 'blåbær.no',
      registrationNumber: '987654321',
      country: 'NO',
      owner: { id: '5', name: 'Eva' },
      category: { id: '4', name: 'Partner', group: 'Partner' },
      createdVia: 'api',
      createdAt: '2026-09-01T10:00:00.000Z',
      personCount: 0,
      companySource: null,
    });
    expect((await kilde.api('GET', `/companies/${body.id}`)).body).toEqual(body);
  });

  it('shows the submission that brought it together with its person, and no other', async () => {
    await kilde.submit('demo', {
      email: 'kari@firma.no',
      _page: 'https://www.example.com/?utm_source=linkedin&gclid=Ab',
    });
    await kilde.submit('demo', { email: 'ola@firma.no', _page: 'https://www.example.com/?utm_source=facebook' });
    await kilde.submit('demo', { email: 'kari@firma.no', company: 'Annet AS', company_domain: 'annet.no' });
    const [firma] = (await kilde.api('GET', '/companies?domain=firma.no')).body.items;
    expect(firma).toMatchObject({ personCount: 2, createdVia: 'form' });
    expect(firma.companySource.firstTouch).toEqual(firma.companySource.leadCreation);
    expect(firma.companySource.firstTouch).toMatchObject({
      source: 'linkedin',
      clickId: { name: 'gclid', value: 'Ab' },
    });
    const [annet] = (await kilde.api('GET', '/companies?name[contains]=annet')).body.items;
    expect(annet.companySource).toBeNull();
  });

  it('may share neither domain nor registration number', async () => {
    const one = await kilde.api('POST', '/companies', { name: 'A', domain: 'a.no', registrationNumber: '1' });
    const two = await kilde.api('POST', '/companies', { name: 'B', domain: 'b.no', registrationNumber: '2' });
    for (const fields of [{ domain: 'www.a.no' }, { registrationNumber: 'Org.nr. 1' }]) {
      const created = await kilde.api('POST', '/companies', { name: 'C', ...fields });
      expect([created.status, created.body.code]).toEqual([409, 'conflict']);
      const changed = await kilde.api('PATCH', `/companies/${two.body.id}`, { name: 'C', ...fields });
      expect([changed.status, changed.body.code]).toEqual([409, 'conflict']);
    }
    expect(await names('')).toEqual(['B', 'A']);
    // Its own are no conflict.
    const same = { domain: 'a.no', registrationNumber: '1' };
    expect((await kilde.api('PATCH', `/companies/${one.body.id}`, same)).body).toEqual(one.body);
  });

  it('is one where two add it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => kilde.api('POST', '/companies', { name: 'A', domain: 'a.no' })),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
  });

  it('is changed as far as given', async () => {
    const { body } = await kilde.api('POST', '/companies', { name: 'A', domain: 'a.no', country: 'NO', ownerId: '5' });
    kilde.roundTrips();
    const changed = await kilde.api('PATCH', `/companies/${body.id}`, {
      name: 'Ærlig',
      country: null,
      categoryId: '2',
    });
    expect(kilde.roundTrips()).toBe(1);
    expect(changed.body).toEqual({
      ...body,
      name: 'Ærlig',
      country: null,
      category: { id: '2', name: 'Customer', group: 'Customer' },
    });
    expect(await names('name[contains]=%C3%A6RL')).toEqual(['Ærlig']);
  });

  it('leaves people, submissions and deals when deleted', async () => {
    await kilde.submit('demo', { email: 'kari@firma.no' });
    const [firma] = (await kilde.api('GET', '/companies?domain=firma.no')).body.items;
    await kilde.sql(
      `INSERT INTO deal (external_id, company_id, status, amount_minor, currency, registered_at, updated_at)
       VALUES ('d1', ?, 'won', 100, 'NOK', 0, 0)`,
      [firma.id],
    );
    expect((await kilde.api('DELETE', `/companies/${firma.id}`)).status).toBe(204);
    expect((await kilde.api('GET', '/people?email=kari@firma.no')).body.items[0].company).toBeNull();
    expect((await kilde.api('GET', '/submissions')).body.items[0].company).toBeNull();
    expect(await kilde.sql('SELECT company_id FROM deal')).toEqual([{ company_id: null }]);
    expect((await kilde.api('DELETE', `/companies/${firma.id}`)).status).toBe(404);
    expect((await kilde.api('GET', `/companies/${firma.id}`)).status).toBe(404);
    expect((await kilde.api('PATCH', `/companies/${firma.id}`, { name: 'x' })).status).toBe(404);
  });

  it.each([
    [{}, ['body.name']],
    [{ name: ' ' }, ['body.name']],
    [{ name: 'A', domain: 'nowhere' }, ['body.domain']],
    [{ name: 'A', registrationNumber: 'none' }, ['body.registrationNumber']],
    [{ name: 'A', ownerId: '9', categoryId: '9' }, ['body.ownerId', 'body.categoryId']],
    [{ name: 'A', companySource: 'x' }, ['body.companySource']],
  ])('says what is wrong with %j', async (fields, locations) => {
    const { status, body } = await kilde.api('POST', '/companies', fields);
    expect([status, body.errors.map((error: any) => error.location)]).toEqual([422, locations]);
    expect(await names('')).toEqual([]);
  });
});

describe('the list', () => {
  beforeEach(async () => {
    for (let i = 0; i < 5; i += 1) {
      await kilde.api('POST', '/companies', { name: `Firma ${i}`, domain: `f${i}.no`, categoryId: i < 2 ? '4' : null });
      if (i % 2) kilde.advance(24 * 60 * 60_000);
    }
  });

  it('pages without gap or repeat, newest first, one round trip each', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    kilde.roundTrips();
    while (cursor !== null) {
      const { body }: any = await kilde.api('GET', `/companies?limit=2&count=true${cursor ? `&cursor=${cursor}` : ''}`);
      expect(kilde.roundTrips()).toBe(1);
      expect(body.count).toBe(5);
      seen.push(...body.items.map((one: any) => one.name));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(['Firma 4', 'Firma 3', 'Firma 2', 'Firma 1', 'Firma 0']);
  });

  it('filters', async () => {
    expect(await names('domain=https://www.F3.no/')).toEqual(['Firma 3']);
    expect(await names('domain=f9.no')).toEqual([]);
    expect(await names('name[contains]=MA%203')).toEqual(['Firma 3']);
    expect(await names('category=Partner')).toEqual(['Firma 1', 'Firma 0']);
    expect(await names('from=2026-09-02T00:00:00Z&to=2026-09-02')).toEqual(['Firma 3', 'Firma 2']);
    expect(await names('domain=nowhere')).toEqual([]);
  });

  it('walks an index as far as the page goes, and looks up the rest', async () => {
    // The settings, which hold the time zone that days are of, are read once.
    await kilde.api('GET', '/companies?from=2026-09-02');
    for (const [query, expected] of [
      ['', ['SCAN company USING COVERING INDEX company_created_at']],
      ['domain=f1.no', []],
      ['from=2026-09-02', []],
    ] as const) {
      const scans = await kilde.scansDuring(() => kilde.api('GET', `/companies?${query}`));
      expect([query, scans.map((line) => line.split(' in select')[0])]).toEqual([query, expected]);
    }
  });
});
