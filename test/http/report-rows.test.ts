import { beforeAll, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

// What POST /reports/rows answers; test/db/report-rows.test.ts holds the counts against reports.

let kilde: ReportApp;
const query = {
  measures: ['leads', 'leadToDealRate', 'revenue', 'visits'],
  dimensions: ['source'],
  attribution: ['leadCreation', 'linear'],
  period: { from: '2026-01-01', to: '2026-12-31' },
};
const rows = async (asked: Record<string, unknown>) => kilde.api('POST', '/reports/rows', { query, ...asked });

beforeAll(async () => {
  kilde = await createReportApp();
  await kilde.leads(
    ['alpha', 'alpha', 'beta'].map((source, n) => ({
      email: `p${n}@f${n}.no`,
      createdAt: `2026-0${n + 3}-10T10:00:00Z`,
      journey: [
        { at: `2026-0${n + 3}-01T09:00:00Z`, source: 'gamma' },
        { at: `2026-0${n + 3}-10T09:00:00Z`, source },
      ],
    })),
  );
  await kilde.deals([
    { email: 'p0@f0.no', amount: 100.01, status: 'won', createdAt: '2026-03-11', closedAt: '2026-03-12' },
  ]);
});

it('are the people of a group, the newest first, and of a rate its denominator', async () => {
  const { status, body } = await rows({ group: { source: 'alpha' }, measure: 'leadToDealRate' });
  expect([status, body.entity, body.count, body.inNumerator, body.nextCursor]).toEqual([200, 'person', 2, 1, null]);
  expect(body.items).toMatchObject([
    { email: 'p1@f1.no', leadCreation: { source: 'alpha' }, inNumerator: false },
    { email: 'p0@f0.no', inNumerator: true },
  ]);
  const first = await rows({ group: { source: 'alpha' }, measure: 'leads', limit: 1 });
  const next = await rows({ group: { source: 'alpha' }, measure: 'leads', limit: 1, cursor: first.body.nextCursor });
  expect([first, next].map((page) => page.body.items[0].email)).toEqual(['p1@f1.no', 'p0@f0.no']);
  expect(next.body.nextCursor).toBeNull();
});

it('have the credit and the money that the group got, where a model shares them', async () => {
  const { body } = await rows({ group: { source: 'gamma' }, measure: 'revenue', model: 'linear' });
  expect(body).toMatchObject({ entity: 'deal', count: 1, credit: 0.5, credited: { amount: 50.01, currency: 'NOK' } });
  expect(body.items).toMatchObject([
    { externalId: 'd0', amount: 100.01, credit: 0.5, credited: { amount: 50.01, currency: 'NOK' } },
  ]);
});

it('of an erased person are there without the person', async () => {
  const app = await createReportApp();
  await app.leads([{ email: 'gone@f.no', createdAt: '2026-03-01T10:00:00Z' }]);
  const { body: found } = await app.api('GET', '/people?email=gone@f.no');
  await app.api('DELETE', `/people/${found.items[0].id}`);
  const { body } = await app.api('POST', '/reports/rows', { query: { measures: ['leads'] }, measure: 'leads' });
  expect([body.count, body.items]).toEqual([1, [{ id: null, erased: true, at: '2026-03-01T10:00:00.000Z' }]]);
});

it.each([
  [{ measure: 'leeds' }, 'body.measure'],
  [{ measure: 'leads', group: { medium: 'x' } }, 'body.group.medium'],
  [{ measure: 'leads', group: { source: ['x'] } }, 'body.group.source'],
  [{ measure: 'leads', model: 'lastClick' }, 'body.attribution'],
  [{ measure: 'revenue', model: 'conversion' }, 'body.model'],
  [{ measure: 'leads', cursor: 'x' }, 'body.cursor'],
  [{ measure: 'leads', limit: 0 }, 'body.limit'],
])('are refused where there is no such number: %j', async (asked, location) => {
  const { status, body } = await rows(asked);
  expect([status, body.errors?.[0]?.location]).toEqual([422, location]);
});
