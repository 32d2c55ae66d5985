import { beforeEach, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';
import { adminKey } from '../support/test-app.ts';

let kilde: ReportApp;

beforeEach(async () => {
  kilde = await createReportApp();
});

/** People, deals and forms of several sources, over some months. */
async function fill(): Promise<void> {
  await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
  await kilde.leads([
    {
      email: 'a@firma.no',
      createdAt: '2026-06-10T10:00:00Z',
      createdVia: 'chat',
      journey: [
        { at: '2026-05-01T10:00:00Z', source: 'linkedin', medium: 'social', campaign: 'vår' },
        { at: '2026-06-10T09:00:00Z', source: 'google', medium: 'cpc' },
      ],
    },
    {
      email: 'b@firma.no',
      createdAt: '2026-07-10T10:00:00Z',
      journey: [{ at: '2026-07-10T10:00:00Z', source: 'google', medium: 'cpc' }],
    },
    { email: 'c@annen.no', createdAt: '2026-08-10T10:00:00Z' },
  ]);
  await kilde.submit('demo', {
    email: 'd@ny.no',
    hear: 'en venn',
    _page: 'https://s.no/?utm_source=LinkedIn&utm_medium=social',
  });
  await kilde.submit('demo', { email: 'a@firma.no', _page: 'https://s.no/?utm_source=nyhetsbrev&utm_medium=email' });
  await kilde.deals([
    {
      email: 'a@firma.no',
      amount: 1000,
      status: 'won',
      createdAt: '2026-06-20T10:00:00Z',
      closedAt: '2026-08-20T10:00:00Z',
    },
    {
      email: 'b@firma.no',
      amount: 500,
      status: 'lost',
      createdAt: '2026-07-20T10:00:00Z',
      closedAt: '2026-08-21T10:00:00Z',
    },
    { email: 'd@ny.no', amount: 70, createdAt: '2026-09-01T09:00:00Z' },
    { companyDomain: 'firma.no', amount: 30, createdAt: '2026-09-01T09:00:00Z' },
    { amount: 5, createdAt: '2026-09-01T09:00:00Z' },
  ]);
}

const additive = [
  'leads',
  'leadsWithDeal',
  'submissions',
  'conversions',
  'deals',
  'wonDeals',
  'lostDeals',
  'openDeals',
];
const allDimensions =
  'channel source medium campaign term content utmId referrerDomain landingPage form owner company country category leadStatus createdVia selfReported'.split(
    ' ',
  );

describe('totals', () => {
  it.each(allDimensions)(
    'of a report by %s are those of the report without it, and the sum of its rows',
    async (dimension) => {
      await fill();
      const whole = await kilde.report({ measures: additive });
      const parted = await kilde.report({ measures: additive, dimensions: [dimension] });
      expect(parted.totals).toEqual(whole.totals);
      expect(whole.rows).toEqual([whole.totals]);
      expect(whole.totals).toMatchObject({
        leads: 4,
        leadsWithDeal: 3,
        // Two forms and a chat.
        submissions: 3,
        conversions: 1,
        deals: 5,
        wonDeals: 1,
        lostDeals: 1,
        openDeals: 3,
      });
      for (const name of additive) {
        const sum = parted.rows.reduce((total: number, row: Record<string, number>) => total + row[name]!, 0);
        expect([name, sum]).toEqual([name, whole.totals[name]]);
      }
    },
  );

  it('are told of measures that the dimensions do not part, one of them the landing page', async () => {
    await fill();
    const dimensions = ['value', 'landingPage'];
    const { totals } = await kilde.report({ measures: ['leads', 'deals'], dimensions, attribution: 'linear' });
    expect(totals).toMatchObject({ leads: 4, deals: 5 });
  });

  it.each(['firstTouch', 'lastTouch', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley'])(
    'do not depend on the model: %s',
    async (attribution) => {
      await fill();
      const measures = ['deals', 'wonDeals', 'revenue'];
      const { totals, rows } = await kilde.report({ measures, dimensions: ['source'], attribution });
      expect(totals).toEqual({ deals: 5, wonDeals: 1, revenue: { amount: 1000, currency: 'NOK' } });
      const sum = (of: (row: any) => number) => rows.reduce((total: number, row: unknown) => total + of(row), 0);
      expect(sum((row) => row.revenue.amount)).toBe(1000);
      expect(sum((row) => row.deals)).toBeCloseTo(5, 8);
    },
  );

  it('are the rows shown and the rest', async () => {
    await fill();
    const all = await kilde.report({ measures: additive, dimensions: ['source'] });
    const top = await kilde.report({ measures: additive, dimensions: ['source'], limit: 1 });
    expect(top.rows).toEqual(all.rows.slice(0, 1));
    expect(top.moreGroups).toBe(all.rows.length - 1);
    for (const name of additive) expect(top.rows[0][name] + top.other[name]).toBe(top.totals[name]);
  });

  it('are told where rows cannot be: visits by owner', async () => {
    await fill();
    const { rows, totals, notes } = await kilde.report({ measures: ['leads', 'visits'], dimensions: ['owner'] });
    expect(rows).toEqual([{ owner: null, leads: 4, visits: null }]);
    expect(totals).toEqual({ leads: 4, visits: 0 });
    expect(notes.map(({ code }: { code: string }) => code)).toEqual(['notByDimension']);
  });
});

describe('presets', () => {
  it('run on an empty database and on a filled one, in one round trip each', async () => {
    const { body } = await kilde.api('GET', '/reports');
    const ids = body.items.map(({ id }: { id: string }) => id);
    // An isolate reads the settings before its first report.
    await kilde.report({ measures: ['leads'] });
    expect(ids.length).toBeGreaterThan(15);
    const runAll = async () => {
      for (const id of ids) {
        kilde.roundTrips();
        const { status, body: answer } = await kilde.api('GET', `/reports/${id}`);
        expect([id, status, JSON.stringify(answer).slice(0, 300)]).toEqual([id, 200, expect.any(String)]);
        expect([id, kilde.roundTrips()]).toEqual([id, 1]);
        const csv = await kilde.request(`/api/v1/reports/${id}?format=csv&heads=labels&language=no`, {
          headers: { authorization: `Bearer ${adminKey}` },
        });
        expect(csv.status).toBe(200);
        expect(await csv.text()).not.toMatch(/NaN|undefined|\[object/);
      }
    };
    await runAll();
    await fill();
    await runAll();
    const funnel = await kilde.api('GET', '/reports/lead-qualification-funnel?from=2026-01-01&to=2026-12-31');
    // Every status has its row, also those without leads.
    const [open, ...others] = funnel.body.rows;
    expect(open).toMatchObject({ leadStatus: 'Open', leads: 4, leadsWithDeal: 3, leadsWon: 1 });
    expect(others.map(({ leads }: { leads: number }) => leads)).toEqual([0, 0, 0, 0]);
    const paths = await kilde.api('GET', '/reports/top-paths?from=2026-01-01&to=2026-12-31');
    // Up to the deal's registration the spring is within the look-back window, up to its close it is not.
    expect(paths.body.rows).toContainEqual(
      expect.objectContaining({ path: ['Organic Social', 'Paid Search'], leads: 1, deals: 1, wonDeals: 0 }),
    );
    expect(paths.body.rows).toContainEqual(
      expect.objectContaining({ path: ['Paid Search'], leads: 1, deals: 2, wonDeals: 1 }),
    );
    const values = await kilde.api('GET', '/reports/new-values?from=2026-01-01&to=2026-12-31');
    expect(values.body.rows[0]).toMatchObject({ day: '2026-09-01', newValues: 1 });
    const form = await kilde.api('GET', '/reports/sign-up-share-by-channel?form=demo');
    const shares = form.body.rows.map(({ channel, submissionShare }: any) => [channel, submissionShare.value]);
    expect(Object.fromEntries(shares)).toEqual({ Email: 0.5, 'Organic Social': 0.5 });
  });

  it('cannot be changed; saved reports can, and cost one round trip more', async () => {
    expect((await kilde.api('PATCH', '/reports/top-paths', { name: 'x' })).status).toBe(409);
    expect((await kilde.api('DELETE', '/reports/top-paths')).status).toBe(409);
    expect((await kilde.api('GET', '/reports/no-such')).status).toBe(404);
    const query = { measures: ['leads'], dimensions: ['source'], period: { relative: 'last30Days' } };
    const { status, body: saved } = await kilde.api('POST', '/reports', { name: 'Mine', query });
    expect(status).toBe(201);
    kilde.roundTrips();
    const run = await kilde.api('GET', `/reports/${saved.id}?compare=previousYear`);
    expect(kilde.roundTrips()).toBe(2);
    expect(run.body.query).toMatchObject({ compare: 'previousYear', period: { from: '2026-08-03', to: '2026-09-01' } });
    const renamed = await kilde.api('PATCH', `/reports/${saved.id}`, { name: 'Ours' });
    expect(renamed.body).toMatchObject({ name: { en: 'Ours' }, query });
    expect((await kilde.api('POST', '/reports', { name: 'x', query: { measures: ['leeds'] } })).status).toBe(422);
    expect((await kilde.api('DELETE', `/reports/${saved.id}`)).status).toBe(204);
  });
});

describe('time', () => {
  it('is parted by the days of the time zone, over both changes of its clocks', async () => {
    const created = [
      '2026-03-28T22:59:59Z',
      '2026-03-28T23:00:00Z',
      '2026-03-29T21:59:59Z',
      '2026-03-29T22:00:00Z',
      '2026-10-24T22:00:00Z',
      '2026-10-25T22:59:59Z',
      '2026-10-25T23:00:00Z',
    ];
    kilde.advance(90 * 86_400_000);
    await kilde.leads(created.map((createdAt, n) => ({ email: `p${n}@f${n}.no`, createdAt })));
    const days = async (from: string, to: string) => {
      const { rows } = await kilde.report({
        measures: ['leads'],
        grain: 'day',
        period: { from, to },
        timeZone: 'Europe/Oslo',
      });
      return rows.map(({ day, leads }: Record<string, unknown>) => [day, leads]);
    };
    expect(await days('2026-03-28', '2026-03-31')).toEqual([
      ['2026-03-28', 1],
      ['2026-03-29', 2],
      ['2026-03-30', 1],
      ['2026-03-31', 0],
    ]);
    expect(await days('2026-10-24', '2026-10-26')).toEqual([
      ['2026-10-24', 0],
      ['2026-10-25', 2],
      ['2026-10-26', 1],
    ]);
  });

  it('shows parts with nothing in them with a grain, and not as a dimension', async () => {
    await fill();
    const period = { from: '2026-05-01', to: '2026-09-30' };
    const grain = await kilde.report({ measures: ['leads', 'pipeline'], grain: 'month', period });
    expect(grain.rows.map(({ month, leads, pipeline }: any) => [month, leads, pipeline.amount])).toEqual([
      ['2026-05', 0, 0],
      ['2026-06', 1, 1000],
      ['2026-07', 1, 1500],
      ['2026-08', 1, 0],
      ['2026-09', 1, 105],
    ]);
    expect(grain.totals).toMatchObject({ leads: 4, pipeline: { amount: 105 } });
    const parted = await kilde.report({
      measures: ['leads'],
      dimensions: ['month', 'source'],
      period,
      sort: [{ field: 'month', direction: 'desc' }],
    });
    expect(parted.rows.map(({ month, source, leads }: any) => [month, source, leads])).toEqual([
      ['2026-09', 'linkedin', 1],
      ['2026-08', null, 1],
      ['2026-07', 'google', 1],
      ['2026-06', 'google', 1],
    ]);
  });

  it('is compared with the period before', async () => {
    await fill();
    const { rows, totals } = await kilde.report({
      measures: ['leads', 'deals', 'leadToDealRate'],
      dimensions: ['source'],
      period: { from: '2026-07-01', to: '2026-07-31' },
      compare: 'previousPeriod',
    });
    expect(rows).toMatchObject([
      {
        source: 'google',
        leads: 1,
        previous: { leads: 1, deals: 1, leadToDealRate: { value: 1 } },
        change: { leads: 0 },
      },
    ]);
    expect(totals.previous.leads).toBe(1);
  });

  it('can be as of a day: deals closed since are open, leads since are not there', async () => {
    await fill();
    const { totals } = await kilde.report({
      measures: ['leads', 'deals', 'wonDeals', 'pipeline', 'leadsWithDeal', 'leadsWon'],
      asOf: '2026-07-31',
    });
    expect(totals).toMatchObject({
      leads: 2,
      deals: 2,
      wonDeals: 0,
      leadsWithDeal: 2,
      leadsWon: 0,
      pipeline: { amount: 1500 },
    });
  });

  it('is measured by medians', async () => {
    await fill();
    const { rows, totals } = await kilde.report({
      measures: ['leads', 'daysToLead', 'daysToDeal'],
      dimensions: ['source'],
      attribution: 'firstTouch',
    });
    const linkedin = rows.find((row: any) => row.source === 'linkedin');
    expect(linkedin.daysToLead).toBe(20);
    expect(totals.daysToLead).toBe(0);
  });
});

describe('what is asked for wrongly', () => {
  it.each([
    [{ measures: [] }, 'body.measures'],
    [{ measures: ['leads', 'leads'] }, 'body.measures[1]'],
    [{ measures: ['leeds'] }, 'body.measures[0]'],
    [{ measures: ['leads'], dimensions: ['sauce'] }, 'body.dimensions[0]'],
    [
      { measures: ['leads'], dimensions: ['day'], grain: 'week', period: { from: '2026-01-01', to: '2026-01-02' } },
      'body.grain',
    ],
    [{ measures: ['leads'], period: { from: '2026-02-30', to: '2026-03-01' } }, 'body.period.from'],
    [{ measures: ['leads'], period: { from: '2026-03-02', to: '2026-03-01' } }, 'body.period.to'],
    [{ measures: ['leads'], grain: 'day', period: { from: '2000-01-01', to: '2026-03-01' } }, 'body.grain'],
    [{ measures: ['leads'], grain: 'day', period: { from: '2020-01-01' } }, 'body.grain'],
    [{ measures: ['leads'], attribution: 'lastClick' }, 'body.attribution'],
    [{ measures: ['leads'], attribution: 'markov', dimensions: ['form'] }, 'body.attribution'],
    [{ measures: ['leads'], attribution: 'linear', dimensions: ['path'] }, 'body.attribution'],
    [{ measures: ['leads'], sort: [{ field: 'deals' }] }, 'body.sort[0].field'],
    [{ measures: ['daysToLead'], sort: [{ field: 'daysToLead' }] }, 'body.sort[0].field'],
    [{ measures: ['leads'], filter: { sauce: ['x'] } }, 'body.filter.sauce'],
    [{ measures: ['leads'], filter: { owner: ['x'] } }, 'body.filter.owner[0]'],
    [{ measures: ['leads'], currency: 'kroner' }, 'body.currency'],
    [{ measures: ['leads'], asOf: '2030-01-01' }, 'body.asOf'],
    [{ measures: ['leads'], where: { field: 'sauce', op: 'equals', value: 'x' } }, 'where.field'],
    [{ measures: ['leads'], where: { field: 'leadStatus', op: 'equals', value: 'Nowhere' } }, 'where.value'],
    [{ measures: ['leads'], timeZone: 'Mars/Olympus' }, 'body.timeZone'],
    [{ measures: ['leads'], limit: 0 }, 'body.limit'],
  ])('is told with its place: %j', async (query, location) => {
    const { status, body } = await kilde.api('POST', '/reports/query', query);
    expect([status, body.errors?.map((one: { location: string }) => one.location)]).toEqual([422, [location]]);
  });

  it('in a query string too', async () => {
    for (const [query, location] of [
      ['from=2026-02-30&to=2026-03-01', 'query.from'],
      ['filter={"source":5}', 'query.filter.source'],
      ['where=x', 'query.where'],
      ['attribution=linear,lastClick', 'query.attribution[1]'],
    ]) {
      const { status, body } = await kilde.api('GET', `/reports/new-leads-by-campaign?${query}`);
      expect([query, status, body.errors?.[0]?.location]).toEqual([query, 422, location]);
    }
  });
});

describe('some people alone', () => {
  it('are those that criteria hold for; visits and costs belong to nobody', async () => {
    await fill();
    const where = { field: 'email', op: 'endsWith', value: 'firma.no' };
    kilde.roundTrips();
    const { totals, notes } = await kilde.report({
      measures: ['leads', 'deals', 'submissions', 'visits', 'visitToLeadRate'],
      where,
    });
    expect(kilde.roundTrips()).toBe(1);
    expect(totals).toMatchObject({
      leads: 2,
      deals: 2,
      submissions: 2,
      visits: null,
      visitToLeadRate: { value: null },
    });
    expect(notes).toHaveLength(2);
    const company = await kilde.report({
      measures: ['leads', 'deals'],
      entity: 'company',
      where: { field: 'domain', op: 'equals', value: 'firma.no' },
    });
    expect(company.totals).toEqual({ leads: 2, deals: 3 });
  });

  it('are those in a selection, for one round trip more', async () => {
    await fill();
    const { body: selection } = await kilde.api('POST', '/selections', {
      name: 'S',
      entity: 'person',
      kind: 'dynamic',
      where: { field: 'createdVia', op: 'equals', value: 'chat' },
    });
    kilde.roundTrips();
    const { totals } = await kilde.report({
      measures: ['leads'],
      where: { field: 'selection', op: 'inSelection', value: selection.id },
    });
    expect([totals.leads, kilde.roundTrips()]).toEqual([1, 2]);
  });

  it('are those of a dimension’s value, by any of its spellings; null is unknown', async () => {
    await fill();
    const count = async (filter: unknown) => (await kilde.report({ measures: ['leads'], filter })).totals.leads;
    expect(await count({ source: ['LINKEDIN'] })).toBe(1);
    expect(await count({ source: ['google', null] })).toBe(3);
    expect(await count({ createdVia: ['form'] })).toBe(1);
    expect(await count({ form: ['demo'] })).toBe(1);
    expect(await count({ leadStatus: ['open'] })).toBe(4);
  });

  it('are records by id or by name in any case, and a name that none has is refused with its place', async () => {
    await fill();
    const { id: statusId } = (await kilde.api('POST', '/lead-statuses', { name: 'Ærlig' })).body;
    const { id: personId } = (await kilde.api('GET', '/people?limit=1')).body.items[0];
    await kilde.api('PATCH', `/people/${personId}`, { leadStatusId: statusId });
    const owner = (await kilde.api('POST', '/owners', { name: 'Åse Dahl', email: 'aase@firma.no' })).body;
    await kilde.api('PATCH', `/people/${personId}`, { ownerId: owner.id });
    const run = async (filter: unknown) => kilde.api('POST', '/reports/query', { measures: ['leads'], filter });
    const form = (await kilde.api('GET', '/forms/demo')).body.name;
    for (const filter of [
      { leadStatus: 'ÆRLIG' },
      { leadStatus: ' ærlig ' },
      { owner: 'åse dahl' },
      { owner: owner.id },
      { form: form.toUpperCase() },
    ]) {
      const { status, body } = await run(filter);
      expect([filter, status, body.totals?.leads]).toEqual([filter, 200, 1]);
    }
    for (const [filter, place] of [
      [{ leadStatus: ['open', 'Opne'] }, 'leadStatus[1]'],
      [{ category: 'Custmer' }, 'category[0]'],
      [{ owner: '9999' }, 'owner[0]'],
      [{ form: 'no such' }, 'form[0]'],
      [{ company: 'No such company' }, 'company[0]'],
      [{ createdVia: 'forms' }, 'createdVia[0]'],
    ] as const) {
      const { status, body } = await run(filter);
      expect([filter, status, body.errors?.[0].location]).toEqual([filter, 422, `body.filter.${place}`]);
    }
    const { body } = await run({ createdVia: 'forms' });
    expect(body.errors[0]).toMatchObject({ known: expect.arrayContaining(['form', 'chat']) });
  });

  it('find a landing page by its address as it is shown', async () => {
    await kilde.leads([
      {
        email: 'a@f.no',
        createdAt: '2026-06-10T00:00:00Z',
        journey: [{ at: '2026-06-09T00:00:00Z', source: 'x', landingPage: 'https://blåbær.no/P%C3%B8lse' }],
      },
    ]);
    const { rows } = await kilde.report({ measures: ['leads'], dimensions: ['landingPage'] });
    const shown = rows[0].landingPage;
    expect(shown).toContain('blåbær.no');
    const { totals } = await kilde.report({ measures: ['leads'], filter: { landingPage: [shown] } });
    expect(totals.leads).toBe(1);
  });
});
