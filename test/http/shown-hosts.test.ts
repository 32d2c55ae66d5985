import { beforeAll, expect, it } from 'vitest';
import { adminKey, createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

let kilde: TestApp;
let person: any;

const stored = 'xn--blbr-roah.no';
const whole = { from: '2026-08-01', to: '2026-09-30' };
const get = async (path: string) => (await kilde.api('GET', path)).body;

beforeAll(async () => {
  kilde = await createTestApp();
  const { body } = await kilde.api('POST', '/people', {
    email: 'Kari@Blåbær.no',
    phone: '22334455',
    journey: [{ at: '2026-08-31T10:00:00Z', url: 'https://blåbær.no/var', referrer: 'https://tyttebær.no/' }],
  });
  person = await get(`/people/${body.id}`);
  // Looks like apple.com.
  await kilde.api('POST', '/people', { email: 'a@аррӏе.com' });
});

it('shows a domain with letters of its own as people write it, in answers and files', async () => {
  expect(await kilde.sql('SELECT email FROM person ORDER BY id')).toEqual([
    { email: `kari@${stored}` },
    { email: 'a@xn--80ak6aa92e.com' },
  ]);
  expect(person).toMatchObject({
    email: 'kari@blåbær.no',
    company: { name: 'blåbær.no', domain: 'blåbær.no' },
    firstTouch: {
      source: 'tyttebær.no',
      referrerDomain: 'tyttebær.no',
      landingPage: expect.stringMatching(/^https:\/\/blåbær.no\//),
    },
  });
  expect((await get('/people')).items.map(({ email }: any) => email).toSorted()).toEqual([
    'a@xn--80ak6aa92e.com',
    'kari@blåbær.no',
  ]);
  for (const path of ['/companies', '/people?columns=email,company.domain,firstTouch.source']) {
    for (const format of ['json', 'csv', 'ndjson']) {
      const response = await kilde.request(`/api/v1${path}${path.includes('?') ? '&' : '?'}format=${format}`, {
        headers: { authorization: `Bearer ${adminKey}` },
      });
      const text = await response.text();
      expect([path, format, text.includes('blåbær.no'), text.includes(stored)]).toEqual([path, format, true, false]);
    }
  }
});

it('takes back what it shows, and finds by it', async () => {
  const { status } = await kilde.api('PATCH', `/people/${person.id}`, { ...person, title: 'CEO' });
  expect(status).toBe(200);
  expect(
    (await kilde.api('PATCH', `/companies/${person.company.id}`, await get(`/companies/${person.company.id}`))).status,
  ).toBe(200);
  expect((await kilde.api('PUT', '/people', { items: [await get(`/people/${person.id}`)] })).body.items).toMatchObject([
    { id: person.id },
  ]);
  expect(await kilde.sql('SELECT domain FROM company WHERE domain IS NOT NULL ORDER BY id LIMIT 1')).toEqual([
    { domain: stored },
  ]);
  for (const query of [
    'people?email=kari@blåbær.no',
    `people?email=kari@${stored}`,
    'people?firstTouch.source=tyttebær.no',
    `people?firstTouch.landingPage=${encodeURIComponent(person.firstTouch.landingPage)}`,
    'companies?domain=Blåbær.no',
    `companies?domain=${stored}`,
  ]) {
    expect([query, (await get(`/${query}`)).items?.length]).toEqual([query, 1]);
  }
});

it('shows it in reports, takes it as a filter, and gives the records behind it', async () => {
  const query = { measures: ['leads'], dimensions: ['source'], attribution: 'firstTouch', period: whole };
  const where = { field: 'firstTouch.source', op: 'equals', value: 'tyttebær.no' };
  for (const filter of [{}, { where }, { filter: { source: ['tyttebær.no'] } }]) {
    const { body } = await kilde.api('POST', '/reports/query', { ...query, ...filter });
    expect(body.rows[0]).toMatchObject({ source: 'tyttebær.no', leads: 1 });
  }
  const rows = await kilde.api('POST', '/reports/rows', { query, group: { source: 'tyttebær.no' }, measure: 'leads' });
  expect(rows.body.items).toMatchObject([{ email: 'kari@blåbær.no' }]);
  const alias = { field: 'source', values: ['tyttebær.no'], canonical: 'Tyttebær' };
  expect((await kilde.api('POST', '/aliases', alias)).status).toBe(201);
  expect((await get(`/people/${person.id}`)).firstTouch.source).toBe('Tyttebær');
});
