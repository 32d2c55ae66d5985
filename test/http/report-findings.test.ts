import { beforeAll, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

// What a report finds, what its presets show, and why a number is missing.

let kilde: ReportApp;
const year = 'from=2026-01-01&to=2026-12-31';

beforeAll(async () => {
  kilde = await createReportApp();
  const lead = (source: string | null, n: number, month = '06') => ({
    email: `${source ?? 'none'}${month}${n}@f${n}${source ?? 'x'}.no`,
    createdAt: `2026-${month}-10T10:00:00Z`,
    ...(source ? { journey: [{ at: `2026-${month}-10T09:00:00Z`, source }] } : {}),
  });
  const times = (count: number, make: (n: number) => any) => Array.from({ length: count }, (_, n) => make(n));
  await kilde.leads([
    ...times(30, (n) => lead('alpha', n)),
    ...times(50, (n) => lead('beta', n)),
    ...times(4, (n) => lead('gamma', n)),
    ...times(60, (n) => lead(null, n)),
    ...times(20, (n) => lead('alpha', n, '04')),
  ]);
  const deal = (email: string) => ({ email, amount: 10, createdAt: '2026-06-20', externalId: email });
  await kilde.deals([
    ...times(2, (n) => deal(lead('alpha', n).email)),
    ...times(30, (n) => deal(lead('beta', n).email)),
    ...times(12, (n) => deal(lead(null, n).email)),
    ...times(1, (n) => ({ ...deal(lead('alpha', n, '04').email), createdAt: '2026-04-20' })),
  ]);
});

describe('findings', () => {
  it('say what differs from the rest, whether it can be chance, and what it would take', async () => {
    const { findings } = await kilde.report({
      measures: ['leads', 'leadToDealRate'],
      dimensions: ['source'],
      period: { from: '2026-06-01', to: '2026-06-30' },
    });
    const differences = findings.filter((one: any) => one.kind === 'difference');
    expect(differences.map(({ group, verdict }: any) => [group.source, verdict])).toEqual([
      ['beta', 'differs'],
      ['alpha', 'differs'],
      [null, 'differs'],
      ['gamma', 'tooFew'],
    ]);
    expect(differences[0]).toMatchObject({
      measure: 'leadToDealRate',
      value: 0.6,
      numerator: 30,
      denominator: 50,
      restNumerator: 14,
      restDenominator: 94,
      rest: 14 / 94,
      uplift: 0.6 / (14 / 94) - 1,
      pValue: expect.any(Number),
      sampleSize: { group: expect.any(Number), rest: expect.any(Number) },
    });
    // The same rates with a fifth of the leads would still be seen: it takes fewer than there are.
    expect(differences[0].sampleSize.group).toBeLessThan(50);
    expect(findings.filter((one: any) => one.kind === 'share')).toEqual([
      { kind: 'share', measure: 'leads', group: { source: null }, value: 60 / 144, numerator: 60, denominator: 144 },
      { kind: 'share', measure: 'leads', group: { source: 'beta' }, value: 50 / 144, numerator: 50, denominator: 144 },
      { kind: 'share', measure: 'leads', group: { source: 'alpha' }, value: 30 / 144, numerator: 30, denominator: 144 },
    ]);
  });

  it('say what has changed, of a rate with the chance of it', async () => {
    const { findings, totals } = await kilde.report({
      measures: ['leads', 'leadToDealRate'],
      period: { from: '2026-06-01', to: '2026-06-30' },
      compare: 'previousPeriod',
    });
    expect(findings).toMatchObject([
      { kind: 'change', measure: 'leads', value: 144, previous: 0, change: null, pValue: null, verdict: null },
    ]);
    expect(totals.leadToDealRate.previousPValue).toBeNull();
    const april = await kilde.report({
      measures: ['leadToDealRate'],
      attribution: ['firstTouch', 'linear'],
      period: { from: '2026-05-10', to: '2026-07-10' },
      compare: 'previousPeriod',
    });
    const [found] = april.findings;
    expect(found).toMatchObject({ kind: 'change', model: 'firstTouch', previous: 1 / 20, verdict: 'differs' });
    expect(april.totals.firstTouch.leadToDealRate.previousPValue).toBe(found.pValue);
  });
});

describe('presets', () => {
  it('show what is unknown last, whatever the order', async () => {
    const { body } = await kilde.api('GET', `/reports/new-leads-by-lead-creation-source?${year}`);
    expect(body.rows.map(({ source, leads }: any) => [source, leads])).toEqual([
      ['alpha', 50],
      ['beta', 50],
      ['gamma', 4],
      [null, 60],
    ]);
    const { rows } = await kilde.report({
      measures: ['leads'],
      dimensions: ['source'],
      sort: [{ field: 'source', direction: 'desc' }],
      limit: 3,
    });
    expect(rows.map(({ source }: any) => source)).toEqual(['gamma', 'beta', 'alpha']);
  });

  it('have a row for every lead status in the qualification funnel, also with none', async () => {
    const { body } = await kilde.api('GET', `/reports/lead-qualification-funnel?${year}`);
    const { body: statuses } = await kilde.api('GET', '/lead-statuses');
    expect(body.rows.map(({ leadStatus }: any) => leadStatus)).toEqual(statuses.items.map(({ name }: any) => name));
    expect(body.rows.map(({ leads }: any) => leads)).toEqual([164, 0, 0, 0, 0]);
    const before = await kilde.api('GET', '/reports/lead-qualification-funnel?to=2025-01-01');
    expect(before.body.rows).toHaveLength(statuses.items.length);
    expect(
      await kilde.api('POST', '/reports/query', { measures: ['leads'], dimensions: ['source'], showEmpty: true }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ location: 'body.showEmpty' }] },
    });
  });

  it('lead from visits to revenue in one answer, each step held against the period before', async () => {
    await kilde.sql(
      "UPDATE person SET lead_status_id = (SELECT id FROM lead_status WHERE name = 'Qualified') WHERE email LIKE 'alpha060%'",
    );
    const { body } = await kilde.api('GET', '/reports/journey-funnel?from=2026-05-10&to=2026-07-10');
    expect(body.rows).toHaveLength(1);
    const [row] = body.rows;
    expect(row).toMatchObject({ visits: 0, leads: 144, leadsQualified: 44, leadsWithDeal: 44, leadsWon: 0 });
    expect(row.revenue).toEqual({ amount: 0, currency: 'NOK' });
    expect(row.leadToQualifiedRate).toMatchObject({
      numerator: 44,
      denominator: 144,
      previousPValue: expect.any(Number),
    });
    expect(row.qualifiedToDealRate).toMatchObject({ value: 1, low: expect.any(Number), high: 1 });
    expect(row.previous.leadToQualifiedRate).toMatchObject({ numerator: 1, denominator: 20 });
    await kilde.sql(
      "UPDATE person SET lead_status_id = (SELECT id FROM lead_status WHERE name = 'Qualified') WHERE email LIKE 'gamma%'",
    );
    const after = await kilde.api('GET', '/reports/journey-funnel?from=2026-05-10&to=2026-07-10');
    expect(after.body.rows[0].leadsQualified).toBe(48);
  });
});

describe('notes', () => {
  it.each([
    [{ measures: ['deals', 'leads'], attribution: 'conversion' }, [['notByModel', 'deals']]],
    [{ measures: ['leads', 'deals'], attribution: 'markov' }, [['notByModel', 'leads']]],
    [{ measures: ['daysToDeal'], attribution: 'linear' }, [['notByModel', 'daysToDeal']]],
    [{ measures: ['visits', 'leads'], dimensions: ['owner'] }, [['notByDimension', 'visits']]],
    [{ measures: ['cost'], filter: { owner: [null] } }, [['notByFilter', 'cost']]],
    [{ measures: ['leads', 'deals'], attribution: ['firstTouch', 'linear'] }, []],
  ])('say why a number is missing: %j', async (query, expected) => {
    const { notes } = await kilde.report(query);
    expect(notes.map(({ code, measure }: any) => [code, measure])).toEqual(expected);
  });

  it('are in the files for people, in their language', async () => {
    const csv = await kilde.request('/api/v1/reports/query?measures=leads', { method: 'GET' });
    expect(csv.status).toBe(401);
    const { status, body } = await kilde.api('POST', '/reports', {
      name: 'Paths',
      query: { measures: ['leads', 'deals'], attribution: 'markov', dimensions: ['source'] },
    });
    expect(status).toBe(201);
    const made = await kilde.api('POST', '/schedules', {
      name: 'S',
      reportId: body.id,
      cron: '0 8 * * 1',
      language: 'no',
      targets: [],
    });
    const shown = await kilde.api('POST', `/schedules/${made.body.id}/run`, { dryRun: true });
    expect(shown.status).toBe(200);
    expect(JSON.stringify(shown.body)).toContain('Leads krediteres ikke av modellen Markov.');
  });
});
