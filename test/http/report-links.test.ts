import { beforeAll, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

// Links to one report, and what platforms claim beside what Kilde counts.

let kilde: ReportApp;
let link: string;
let id: string;
const inYear = '2027-08-01T00:00:00Z';
const open = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await kilde.request(`/api/v1${path}`, { headers });
  return [answer.status, answer.ok ? '' : ((await answer.json()) as any).code];
};

beforeAll(async () => {
  kilde = await createReportApp();
  await kilde.leads([{ email: 'a@a.no', createdAt: '2026-08-20T10:00:00Z' }]);
  const query = { measures: ['leads'], dimensions: ['source'], period: { relative: 'last30Days' } };
  ({ id } = (await kilde.api('POST', '/reports', { name: 'For partners', query })).body);
  const { status, body } = await kilde.api('POST', '/api-keys', {
    name: 'P',
    scopes: [`report:${id}`],
    expiresAt: inYear,
  });
  expect([status, body.scopes, body.expiresAt]).toEqual([201, [`report:${id}`], '2027-08-01T00:00:00.000Z']);
  link = body.key;
});

describe('a link to one report', () => {
  it('opens that report, by the address or the header', async () => {
    expect(await open(`/reports/${id}?key=${link}`)).toEqual([200, '']);
    expect(await open(`/reports/${id}?key=${link}&format=csv&heads=labels&language=no`)).toEqual([200, '']);
    expect(await open(`/reports/${id}`, { authorization: `Bearer ${link}` })).toEqual([200, '']);
  });

  it.each([
    'filter={"source":["x"]}',
    'where={"all":[]}',
    'period=all',
    'from=2020-01-01',
    'form=demo',
    'limit=1',
    'attribution=linear',
    'asOf=2026-01-01',
  ])('cannot change it: %s', async (text) => {
    expect(await open(`/reports/${id}?key=${link}&${text}`)).toEqual([403, 'forbidden']);
    expect(await open(`/reports/${id}?${text}`, { authorization: `Bearer ${link}` })).toEqual([403, 'forbidden']);
  });

  it.each(['/reports/top-paths', '/reports', '/people', '/reports/query?measures=leads', '/fields', '/settings'])(
    'reaches nothing else: %s',
    async (path) => {
      const [status] = await open(`${path}${path.includes('?') ? '&' : '?'}key=${link}`);
      expect([401, 403]).toContain(status);
      expect(await open(path, { authorization: `Bearer ${link}` })).toEqual([403, 'forbidden']);
    },
  );

  it('is not to its definition, and no other key is accepted in an address', async () => {
    expect(await open(`/reports/${id}/definition?key=${link}`)).toEqual([401, 'unauthorized']);
    expect(await open(`/reports/${id}/definition`, { authorization: `Bearer ${link}` })).toEqual([403, 'forbidden']);
    const { body } = await kilde.api('POST', '/api-keys', { name: 'R', scopes: ['read'] });
    expect(await open(`/reports/${id}?key=${body.key}`)).toEqual([403, 'forbidden']);
    expect(await open(`/reports/${id}?key=nothing`)).toEqual([401, 'unauthorized']);
  });

  it('can be to a preset', async () => {
    const made = await kilde.api('POST', '/api-keys', { name: 'T', scopes: ['report:top-paths'], expiresAt: inYear });
    expect(await open(`/reports/top-paths?key=${made.body.key}`)).toEqual([200, '']);
    expect(await open(`/reports/${id}?key=${made.body.key}`)).toEqual([403, 'forbidden']);
  });

  it.each([
    [{ scopes: ['report:999'], expiresAt: inYear }, 'body.scopes[0]'],
    [{ scopes: ['report:top-paths'] }, 'body.expiresAt'],
    [{ scopes: ['report:top-paths'], expiresAt: '2028-01-01T00:00:00Z' }, 'body.expiresAt'],
    [{ scopes: ['report:top-paths'], expiresAt: '2026-01-01T00:00:00Z' }, 'body.expiresAt'],
    [{ scopes: ['report:top-paths', 'read'], expiresAt: inYear }, 'body.scopes'],
  ])('is refused without an end or a report: %j', async (fields, location) => {
    const { status, body } = await kilde.api('POST', '/api-keys', { name: 'X', ...fields });
    expect([status, body.errors?.[0]?.location]).toEqual([422, location]);
  });

  it('ends when it expires, also where it was just used, and when it is revoked', async () => {
    const app = await createReportApp();
    const make = async (expiresAt: string) =>
      (await app.api('POST', '/api-keys', { name: 'E', scopes: ['report:top-paths'], expiresAt })).body;
    const status = async (key: string) => (await app.request(`/api/v1/reports/top-paths?key=${key}`)).status;
    const [short, long] = [await make('2026-09-01T10:00:10Z'), await make(inYear)];
    expect(await status(short.key)).toBe(200);
    app.advance(11_000);
    expect([await status(short.key), await status(long.key)]).toEqual([401, 200]);
    await app.api('DELETE', `/api-keys/${long.id}`);
    expect(await status(long.key)).toBe(401);
  });
});

it('what a platform claims stands beside what is counted, and is never added to it', async () => {
  const cost = { day: '2026-08-20', source: 'google', medium: 'cpc', amount: 100, currency: 'NOK' };
  const claims = { claimedConversions: 2.5, claimedValue: '90071992547409.91', impressions: 1000, clicks: 30 };
  const put = await kilde.api('PUT', '/costs', {
    items: [
      { ...cost, ...claims },
      { ...cost, day: '2026-08-21' },
    ],
  });
  expect(put.status).toBe(200);
  const { body } = await kilde.api('GET', '/costs');
  expect(body.items.map((one: any) => [one.claimedConversions, one.claimedValue, one.impressions, one.clicks])).toEqual(
    [
      [null, null, null, null],
      [2.5, '90071992547409.91', 1000, 30],
    ],
  );
  const measures = ['cost', 'claimedConversions', 'claimedValue', 'impressions', 'clicks', 'revenue', 'wonDeals'];
  const { rows } = await kilde.report({ measures, dimensions: ['source'] });
  expect(rows).toEqual([
    {
      source: 'google',
      cost: { amount: 200, currency: 'NOK' },
      claimedConversions: 2.5,
      claimedValue: { amount: '90071992547409.91', currency: 'NOK' },
      impressions: 1000,
      clicks: 30,
      revenue: { amount: 0, currency: 'NOK' },
      wonDeals: 0,
    },
  ]);
  const wrong = await kilde.api('PUT', '/costs', { items: [{ ...cost, claimedValue: 1.234, clicks: -1 }] });
  expect(wrong.body.errors.map(({ location }: any) => location)).toEqual(['body.items[0].clicks']);
});
