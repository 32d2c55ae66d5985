import { beforeAll, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

// Reports by site, and periods without a first day.

let kilde: ReportApp;
const shop = { id: 'shop', name: 'The shop' };
const home = { id: 'default', name: 'Default site' };

beforeAll(async () => {
  kilde = await createReportApp();
  await kilde.api('POST', '/sites', { name: 'The shop', slug: 'shop', timeZone: 'Pacific/Auckland' });
  await kilde.api('POST', '/forms', { name: 'Contact', slug: 'contact' });
  await kilde.api('POST', '/forms', { name: 'Order', slug: 'order', siteId: 'shop' });
  // 10:00 in Oslo, 20:00 in Auckland: Kari and Ola at home, Ida at the shop, and Kari there too, a day later in Auckland alone.
  for (const email of ['kari@firma.no', 'ola@annet.no']) await kilde.submit('contact', { email });
  await kilde.submit('order', { email: 'ida@tredje.no', _page: 'https://shop.example/?utm_source=linkedin' });
  kilde.advance(5 * 3_600_000);
  await kilde.submit('order', { email: 'kari@firma.no', _page: 'https://shop.example/?utm_source=newsletter' });
  await kilde.deals([
    { email: 'ida@tredje.no', amount: 900, status: 'won', createdAt: '2026-09-01', closedAt: '2026-09-01' },
    { email: 'nobody@known.no', amount: 100 },
  ]);
  await kilde.api('PUT', '/costs', {
    items: [{ day: '2026-09-01', source: 'linkedin', amount: 50, currency: 'NOK', siteId: 'shop' }],
  });
});

describe('site', () => {
  it('is where a submission was sent, and where a lead and the lead of a deal were created', async () => {
    const { rows, totals } = await kilde.report({
      measures: ['leads', 'submissions', 'deals', 'revenue', 'cost'],
      dimensions: ['site'],
      sort: [{ field: 'site', direction: 'asc' }],
    });
    const money = (amount: number) => ({ amount, currency: 'NOK' });
    expect(rows).toEqual([
      { site: home, leads: 2, submissions: 2, deals: 0, revenue: money(0), cost: money(0) },
      { site: shop, leads: 1, submissions: 2, deals: 1, revenue: money(900), cost: money(50) },
      { site: null, leads: 0, submissions: 0, deals: 1, revenue: money(0), cost: money(0) },
    ]);
    expect(totals).toMatchObject({ leads: 3, submissions: 4, deals: 2 });
  });

  it('is kept by a filter, by id or by name in any case, whatever the model', async () => {
    for (const site of ['shop', ' the SHOP ']) {
      const { rows } = await kilde.report({
        measures: ['submissions', 'leads'],
        dimensions: ['source'],
        attribution: ['conversion', 'firstTouch', 'linear'],
        filter: { site },
      });
      const told = Object.fromEntries(rows.map(({ source, ...models }: any) => [source, models]));
      expect(told['linkedin']).toEqual({
        conversion: { submissions: 1, leads: 1 },
        firstTouch: { submissions: 1, leads: 1 },
        linear: { submissions: 1, leads: 1 },
      });
      expect(told['newsletter'].conversion).toEqual({ submissions: 1, leads: 0 });
    }
    const both = await kilde.report({ measures: ['deals'], filter: { site: ['shop', null] } });
    expect(both.totals).toEqual({ deals: 2 });
  });

  it('stands in an address, with days by its clocks, and is refused where there is none', async () => {
    const ask = async (query: string) => (await kilde.api('GET', `/reports/query?measures=submissions&${query}`)).body;
    expect((await ask('site=shop&from=2026-09-01&to=2026-09-01')).rows).toEqual([{ submissions: 1 }]);
    expect((await ask('site=shop&from=2026-09-01&to=2026-09-01&timeZone=Europe/Oslo')).rows).toEqual([
      { submissions: 2 },
    ]);
    expect((await ask('site=default&to=2026-09-01')).rows).toEqual([{ submissions: 2 }]);
    const unknown = await kilde.api('GET', '/reports/top-forms?site=chop');
    expect(unknown.status).toBe(422);
    expect(unknown.body.errors).toEqual([
      {
        location: 'query.filter.site',
        message: "Unknown site 'chop'. Sites are: shop, default",
        known: ['shop', 'default'],
      },
    ]);
  });

  it('is what the tiles of a dashboard are about', async () => {
    const tiles = [{ query: { measures: ['leads'], dimensions: ['form'] } }];
    const { id } = (await kilde.api('POST', '/dashboards', { name: 'Leads', tiles })).body;
    const { body } = await kilde.api('GET', `/dashboards/${id}/answers?site=shop`);
    expect(body.tiles[0].answer.rows).toEqual([{ form: { id: 'order', name: 'Order' }, leads: 1 }]);
    expect(body.tiles[0].answer.query).toMatchObject({ filter: { site: ['shop'] }, timeZone: 'Pacific/Auckland' });
  });

  it('names the rows behind a number', async () => {
    const { body } = await kilde.api('POST', '/reports/rows', {
      query: { measures: ['leads'], dimensions: ['site'] },
      group: { site: shop },
      measure: 'leads',
    });
    expect([body.count, body.items[0].email]).toEqual([1, 'ida@tredje.no']);
  });
});

describe('a period without a first day', () => {
  it('is divided from the first day that has anything', async () => {
    const { series, query } = await kilde.report({
      measures: ['leads', 'cost'],
      grain: 'day',
      period: { to: '2026-09-02' },
    });
    expect(series.map(({ day, leads }: any) => [day, leads])).toEqual([
      ['2026-09-01', 3],
      ['2026-09-02', 0],
    ]);
    expect(query.period).toEqual({ from: null, to: '2026-09-02' });
    const all = await kilde.report({ measures: ['leads'], dimensions: ['month'] });
    expect(all.rows).toEqual([{ month: '2026-09', leads: 3 }]);
  });

  it('is compared with nothing, which a note says', async () => {
    for (const period of [{ to: '2026-09-02' }, null]) {
      const answer = await kilde.report({ measures: ['leads'], compare: 'previousPeriod', period });
      expect(answer.rows).toEqual([{ leads: 3 }]);
      expect(answer.query).toMatchObject({ compare: null, previousPeriod: null });
      expect(answer.notes).toEqual([{ code: 'notCompared', message: expect.stringContaining('no first day') }]);
    }
    const { status } = await kilde.api('GET', '/reports/query?measures=leads&compare=previousYear&to=2026-09-02');
    expect(status).toBe(200);
  });
});
