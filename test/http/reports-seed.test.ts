import { beforeEach, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

let kilde: ReportApp;

beforeEach(async () => {
  kilde = await createReportApp();
  const { status } = await kilde.api('POST', '/forms', { name: 'Webinar' });
  expect(status).toBe(201);
});

async function signUp(email: string, utm: Record<string, string>) {
  const { body } = await kilde.api('GET', '/forms');
  const query = new URLSearchParams(Object.entries(utm).map(([name, value]) => [`utm_${name}`, value]));
  const response = await kilde.submit(body.items[0].id, { email, _page: `https://firma.no/webinar?${query}` });
  expect(response.status).toBe(201);
}

/** The seed's second use case, with its own numbers: form posts and deals, nothing else. */
it('compares partner activities as the seed’s table does', async () => {
  const activities = [
    { source: 'Partner A', medium: 'E-post', leads: 30, deals: 2 },
    { source: 'Partner B', medium: 'Webinar', leads: 50, deals: 10 },
    { source: 'Partner C', medium: 'Henvisning', leads: 10, deals: 1 },
  ];
  for (const [n, { source, medium, leads }] of activities.entries()) {
    for (let i = 0; i < leads; i += 1) await signUp(`p${n}-${i}@kunde${n}${i}.no`, { source, medium });
  }
  await kilde.deals(
    activities.flatMap(({ deals }, n) =>
      Array.from({ length: deals }, (_, i) => ({ externalId: `${n}-${i}`, email: `p${n}-${i}@kunde${n}${i}.no` })),
    ),
  );
  const answer = await kilde.report({
    measures: ['leads', 'deals', 'leadToDealRate'],
    dimensions: ['source', 'medium'],
    attribution: 'leadCreation',
    period: { from: '2026-01-01', to: '2026-12-31' },
    sort: [{ field: 'source', direction: 'asc' }],
  });
  expect(
    answer.rows.map(({ source, medium, leads, deals }: Record<string, unknown>) => ({ source, medium, leads, deals })),
  ).toEqual(activities);
  const [a] = answer.rows;
  expect(a.leadToDealRate.value).toBeCloseTo(0.0667, 4);
  expect(a.leadToDealRate.low).toBeCloseTo(0.018, 3);
  expect(a.leadToDealRate.high).toBeCloseTo(0.213, 3);
  expect(a.leadToDealRate.uplift).toBeCloseTo(-0.64, 2);
  expect(answer.totals).toMatchObject({ leads: 90, deals: 13 });

  const preset = await kilde.api('GET', '/reports/source-medium-leads-deals?from=2026-01-01&to=2026-12-31');
  expect(preset.body.rows.map((row: { leads: number }) => row.leads)).toEqual([50, 30, 10]);
});

/** The seed's first use case: which channel gave most sign-ups, and whose leads became deals. */
it('tells that half the sign-ups came from LinkedIn, and that newsletter leads convert 30 % better', async () => {
  const sources = [
    { source: 'linkedin', medium: 'social', leads: 200, deals: 40 },
    { source: 'google', medium: 'cpc', leads: 100, deals: 20 },
    { source: 'nyhetsbrev', medium: 'email', leads: 100, deals: 26 },
  ];
  await kilde.leads(
    sources.flatMap(({ source, medium, leads }) =>
      Array.from({ length: leads }, (_, i) => ({
        email: `${source}${i}@${source}${i}.no`,
        createdAt: '2026-08-30T10:00:00Z',
        journey: [{ at: '2026-08-30T09:00:00Z', source, medium }],
      })),
    ),
  );
  await kilde.deals(
    sources.flatMap(({ source, deals }) =>
      Array.from({ length: deals }, (_, i) => ({
        externalId: `${source}${i}`,
        email: `${source}${i}@${source}${i}.no`,
      })),
    ),
  );
  const { rows } = await kilde.report({ measures: ['leadShare', 'leadToDealRate'], dimensions: ['source'] });
  const of = (source: string) => rows.find((row: { source: string }) => row.source === source);
  expect(of('linkedin').leadShare.value).toBe(0.5);
  expect(of('nyhetsbrev').leadToDealRate.uplift).toBeCloseTo(0.3, 10);
  // 26 of 100 against 60 of 300: so great a difference comes by chance one time in five.
  expect(of('nyhetsbrev').leadToDealRate.pValue).toBeCloseTo(0.2064, 3);
});
