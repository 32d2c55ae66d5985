import { beforeAll, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';
import { adminKey } from '../support/test-app.ts';

// Reports by an address: flat rows, periods by words, definitions, and what a caller has already.

let kilde: ReportApp;
const auth = { authorization: `Bearer ${adminKey}` };
const get = (path: string, headers: Record<string, string> = {}) =>
  kilde.request(`/api/v1${path}`, { headers: { ...auth, ...headers } });
const year = 'from=2026-01-01&to=2026-12-31';

beforeAll(async () => {
  kilde = await createReportApp();
  const sources = ['alpha', 'alpha', 'beta', 'gamma', 'delta'];
  await kilde.leads(
    sources.map((source, n) => ({
      email: `p${n}@f${n}.no`,
      createdAt: `2026-0${n + 3}-10T10:00:00Z`,
      journey: [{ at: `2026-0${n + 3}-10T09:00:00Z`, source }],
    })),
  );
  await kilde.deals([
    { email: 'p0@f0.no', amount: 1234.5, status: 'won', createdAt: '2026-04-01', closedAt: '2026-05-01' },
    {
      email: 'p2@f2.no',
      amount: '90071992547409.91',
      status: 'won',
      createdAt: '2026-06-01',
      closedAt: '2026-07-01',
    },
  ]);
});

describe('flat rows', () => {
  const query = `measures=leads,leadToDealRate,revenue&dimensions=source&attribution=leadCreation&${year}`;

  it('hold plain values: a rate as its value, money beside its currency', async () => {
    const { status, body } = await kilde.api('GET', `/reports/query?${query}&sort=source`);
    expect([status, body]).toEqual([
      200,
      {
        rows: [
          { source: 'alpha', leads: 2, leadToDealRate: 0.5, revenue: 1234.5, revenueCurrency: 'NOK' },
          { source: 'beta', leads: 1, leadToDealRate: 1, revenue: '90071992547409.91', revenueCurrency: 'NOK' },
          { source: 'delta', leads: 1, leadToDealRate: 0, revenue: 0, revenueCurrency: 'NOK' },
          { source: 'gamma', leads: 1, leadToDealRate: 0, revenue: 0, revenueCurrency: 'NOK' },
        ],
        nextCursor: null,
      },
    ]);
  });

  it('are read in parts that together are the whole', async () => {
    const sources: string[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page += 1) {
      const { body } = await kilde.api('GET', `/reports/query?${query}&sort=-source&limit=3&cursor=${cursor}`);
      sources.push(...body.rows.map((row: { source: string }) => row.source));
      cursor = body.nextCursor;
      if (cursor === null) break;
    }
    expect(sources).toEqual(['gamma', 'delta', 'beta', 'alpha']);
    const linear = await kilde.api('GET', `/reports/query?${query.replace('leadCreation', 'markov')}&limit=1`);
    const rest = await kilde.api(
      'GET',
      `/reports/query?${query.replace('leadCreation', 'markov')}&limit=9&cursor=${linear.body.nextCursor}`,
    );
    expect([linear.body.rows.length, rest.body.rows.length, rest.body.nextCursor]).toEqual([1, 1, null]);
  });

  it('have the heads of a CSV file by field names; what is more than the file is named', async () => {
    const whole = await get(`/reports/query?${query}&sort=source&format=csv`);
    expect(whole.headers.get('link')).toBeNull();
    expect((await whole.text()).split('\r\n').slice(0, 3)).toEqual([
      'source,leads,leadToDealRate,revenue,revenueCurrency',
      'alpha,2,0.5,1234.5,NOK',
      'beta,1,1,90071992547409.91,NOK',
    ]);
    const part = await get(`/reports/query?${query}&format=csv&limit=2`);
    const next = /^<\/api\/v1(.*)>; rel="next"$/.exec(part.headers.get('link')!)![1]!;
    expect((await (await get(next)).text()).split('\r\n').length).toBe(4);
  });

  it('name models side by side, what is compared, records and parts of time', async () => {
    const { body } = await kilde.api(
      'GET',
      '/reports/query?measures=leads,costPerLead&dimensions=owner,month&attribution=firstTouch,linear&compare=previousYear&period=thisYear',
    );
    const named = (prefix: string) => [`${prefix}.leads`, `${prefix}.costPerLead`, `${prefix}.costPerLeadCurrency`];
    expect(Object.keys(body.rows[0])).toEqual([
      'owner',
      'ownerId',
      'month',
      ...['firstTouch', 'linear', 'previous.firstTouch', 'previous.linear'].flatMap(named),
      ...['change.firstTouch', 'change.linear'].flatMap((prefix) => named(prefix).slice(0, 2)),
    ]);
  });

  it.each([
    ['measures=leads&period=thisYear&from=2026-01-01', 'query.period'],
    ['measures=leads&period=nextYear', 'query.period'],
    ['measures=leeds', 'query.measures[0]'],
    ['dimensions=source', 'query.measures'],
    ['measures=leads&cursor=x', 'query.cursor'],
    ['measures=leads&from=2026-13-01', 'query.from'],
    ['measures=leads&sort=deals', 'query.sort[0].field'],
  ])('are refused with the place of the fault: %s', async (text, location) => {
    const { status, body } = await kilde.api('GET', `/reports/query?${text}`);
    expect([status, body.errors?.[0]?.location]).toEqual([422, location]);
  });
});

describe('periods', () => {
  it.each([
    ['period=last30Days', '2026-08-03', '2026-09-01'],
    ['period=previousQuarter', '2026-04-01', '2026-06-30'],
    ['from=2026-08-01', '2026-08-01', '2026-09-01'],
    ['to=2026-08-01', null, '2026-08-01'],
  ])('of a preset: %s', async (text, from, to) => {
    const { body } = await kilde.api('GET', `/reports/new-leads-by-campaign?${text}`);
    expect(body.query.period).toEqual({ from, to });
  });

  it('in a body are the same words, and all is all time', async () => {
    const ask = async (relative: string) => (await kilde.report({ measures: ['leads'], period: { relative } })).totals;
    expect([await ask('all'), await ask('thisYear'), await ask('previousYear')]).toEqual([
      { leads: 5 },
      { leads: 5 },
      { leads: 0 },
    ]);
    const query = { measures: ['leads'], period: { relative: 'thisYear', from: '2026-01-01' } };
    const { status, body } = await kilde.api('POST', '/reports/query', query);
    expect([status, body.errors[0].location]).toEqual([422, 'body.period.relative']);
  });
});

describe('what a caller has already', () => {
  it('is answered with 304 until a number or the query changes', async () => {
    const path = `/reports/new-leads-by-lead-creation-source?period=thisYear`;
    const first = await get(path);
    const tag = first.headers.get('etag')!;
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    const again = await get(path, { 'if-none-match': `"other", W/${tag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    expect((await get(`${path}&attribution=linear`, { 'if-none-match': tag })).status).toBe(200);
    const flat = await get('/reports/query?measures=leads');
    const flatTag = { 'if-none-match': flat.headers.get('etag')! };
    expect((await get('/reports/query?measures=leads', flatTag)).status).toBe(304);
    await kilde.leads([{ email: 'new@new.no' }]);
    expect((await get(path, { 'if-none-match': tag })).status).toBe(200);
    expect((await get('/reports/query?measures=leads', flatTag)).status).toBe(200);
  });
});

describe('a definition', () => {
  it('is shown without being run', async () => {
    const query = { measures: ['leads'], dimensions: ['source'], period: { relative: 'last30Days' } };
    const { body: saved } = await kilde.api('POST', '/reports', { name: 'Mine', query });
    const { status, body } = await kilde.api('GET', `/reports/${saved.id}/definition`);
    expect([status, body]).toEqual([200, saved]);
    const back = await kilde.api('PATCH', `/reports/${saved.id}`, { query: body.query });
    expect([back.status, back.body.query]).toEqual([200, query]);
    const preset = await kilde.api('GET', '/reports/top-paths/definition');
    expect(preset.body).toMatchObject({ id: 'top-paths', kind: 'preset', query: { dimensions: ['path'] } });
    expect((await kilde.api('GET', '/reports/999/definition')).status).toBe(404);
  });
});

describe('a saved report', () => {
  it('is saved again, and changed, as its definition is shown', async () => {
    const made = (await kilde.api('POST', '/reports', { name: 'Leads', query: { measures: ['leads'] } })).body;
    const { body } = await kilde.api('GET', `/reports/${made.id}/definition`);
    expect((await kilde.api('PATCH', `/reports/${made.id}`, body)).body).toMatchObject({ name: body.name });
    const again = await kilde.api('POST', '/reports', body);
    expect(again).toMatchObject({ status: 201, body: { name: { en: 'Leads', no: 'Leads' }, query: body.query } });
    expect(again.body.id).not.toBe(made.id);
    const renamed = await kilde.api('PATCH', `/reports/${made.id}`, { ...body, name: { en: 'New', no: 'New' } });
    expect(renamed.body.name).toEqual({ en: 'New', no: 'New' });
    expect((await kilde.api('POST', '/reports', { ...body, name: { en: 'A', no: 'B' } })).status).toBe(422);
  });

  it('counts no private selection for whom it is not shown to', async () => {
    const { id } = (
      await kilde.api('POST', '/selections', {
        name: 'Hidden',
        entity: 'person',
        kind: 'dynamic',
        where: { all: [] },
        visibility: 'private',
      })
    ).body;
    const { key } = (await kilde.api('POST', '/api-keys', { name: 'Other', scopes: ['write'] })).body;
    const query = { measures: ['leads'], where: { field: 'selection', op: 'inSelection', value: id } };
    const saved = (await kilde.api('POST', '/reports', { name: 'Of the hidden', query })).body;
    const where = encodeURIComponent(JSON.stringify(query.where));
    for (const [method, path, body] of [
      ['POST', '/reports/query', query],
      ['GET', `/reports/query?measures=leads&where=${where}`, undefined],
      ['GET', `/reports/${saved.id}`, undefined],
      ['POST', '/reports/rows', { query, group: {}, measure: 'leads' }],
    ] as const) {
      const own = await kilde.api(method, path, body);
      const other = await kilde.api(method, path, body, { key });
      expect([path, own.status, other.status]).toEqual([path, 200, 422]);
    }
    // A link is made by an administrator, who may show it.
    const link = (
      await kilde.api('POST', '/api-keys', {
        name: 'Link',
        scopes: [`report:${saved.id}`],
        expiresAt: '2027-01-01T00:00:00Z',
      })
    ).body;
    expect((await kilde.request(`/api/v1/reports/${saved.id}?key=${link.key}`)).status).toBe(200);
  });
});
