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

it('shows it in reports by GET, cards, trials, exports and what a deal waits for', async () => {
  const text = async (path: string) =>
    (await kilde.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${adminKey}` } })).text();
  const made = await kilde.api('POST', '/selections', { name: 'All', entity: 'person', kind: 'static' });
  await kilde.api('POST', `/selections/${made.body.id}/members`, { ids: [person.id] });
  const link = { source: 'a', medium: 'b', page: 'https://blåbær.no/', dryRun: true };
  const deal = { externalId: 'W-1', amount: 1, currency: 'NOK', email: 'sen@lenke-å.no' };
  await kilde.api('PUT', '/deals', { items: [deal] });
  const shown = {
    query: await text('/reports/query?measures=leads&dimensions=landingPage&from=2026-08-01&to=2026-09-30'),
    board: await text(`/selections/${made.body.id}/board?groupBy=leadStatus`),
    export: await text(`/people/${person.id}/export`),
    link: JSON.stringify((await kilde.api('POST', '/links', link)).body),
    deals: await text('/deals'),
  };
  for (const [name, answer] of Object.entries(shown)) {
    const left = /"(?!before|after|url")\w+": ?"[^"]*xn--(?!80ak)[^"]*"/.exec(
      // What was sent stays as it was sent.
      answer.replaceAll(/"raw": ?\{[^}]*\}/g, ''),
    )?.[0];
    expect([name, /blåbær\.no|lenke-å\.no/.test(answer), left]).toEqual([name, true, undefined]);
  }
});
