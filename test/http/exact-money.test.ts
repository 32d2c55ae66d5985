import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';
import { adminKey } from '../support/test-app.ts';

// Money past 2^53 minor units, against arithmetic in BigInt.

let kilde: ReportApp;

beforeEach(async () => {
  kilde = await createReportApp();
});

/** Minor units as the amount that is sent. */
const sent = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
const total = (list: readonly bigint[]) => list.reduce((sum, one) => sum + one, 0n);
/** As an answer has it: text where a number would lose digits. */
const written = (value: bigint) => (value >= 10n ** 15n ? sent(value) : Number(value) / 100);
const minorOf = (amount: number | string | null): bigint =>
  typeof amount === 'string' ? BigInt(amount.replace('.', '')) : BigInt(Math.round((amount ?? 0) * 100));

const bigMinor = fc.bigInt({ min: 1n, max: BigInt(Number.MAX_SAFE_INTEGER) });
const amounts = fc.array(fc.tuple(bigMinor, fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 25 });

/** Every run has people of its own: those of the one before stay. */
let runs = 0;

async function fill(list: ReadonlyArray<readonly [bigint, string]>, status: 'won' | 'open') {
  await kilde.sql('DELETE FROM deal');
  runs += 1;
  const items = list.map(([, source], n) => ({
    email: `p${runs}-${n}@firma${n}.no`,
    createdAt: '2026-08-01T10:00:00Z',
    journey: [
      { at: '2026-07-30T10:00:00Z', source: 'x' },
      { at: '2026-07-31T10:00:00Z', source },
      { at: '2026-08-01T09:00:00Z', source },
    ],
  }));
  await kilde.leads(items);
  await kilde.deals(
    list.map(([minor], n) => ({
      email: `p${runs}-${n}@firma${n}.no`,
      amount: sent(minor),
      status,
      createdAt: '2026-08-02T10:00:00Z',
      ...(status === 'won' ? { closedAt: '2026-08-03T10:00:00Z' } : {}),
    })),
  );
}

const models = ['firstTouch', 'leadCreation', 'lastTouch', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley'];

describe('sums of amounts up to 2^53', () => {
  it(
    'are exact in revenue, under every model, and their credit adds up to the whole',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(amounts, async (list) => {
          await fill(list, 'won');
          const all = total(list.map(([minor]) => minor));
          const answer = await kilde.report({
            measures: ['revenue', 'averageWonDeal'],
            dimensions: ['source'],
            attribution: models,
          });
          for (const model of models) {
            expect([model, answer.totals[model].revenue.amount]).toEqual([model, written(all)]);
            const parts = answer.rows.map((row: any) => minorOf(row[model].revenue.amount));
            expect([model, total(parts)]).toEqual([model, all]);
          }
          const average = (2n * all + BigInt(list.length)) / (2n * BigInt(list.length));
          expect(answer.totals.firstTouch.averageWonDeal.amount).toBe(written(average));
          for (const row of answer.rows) {
            const own = total(list.flatMap(([minor, source]) => (source === row.source ? [minor] : [])));
            expect(row.leadCreation.revenue.amount).toBe(written(own));
          }
          const limited = await kilde.report({ measures: ['revenue'], dimensions: ['source'], limit: 1 });
          const rest = all - minorOf(limited.rows[0].revenue.amount);
          if (limited.other) expect(limited.other.revenue.amount).toBe(written(rest));
        }),
        { numRuns: 8 },
      );
    },
  );

  it('are exact in what is open, by parts of the period, in CSV and on a board', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(amounts, async (list) => {
        await fill(list, 'open');
        const all = total(list.map(([minor]) => minor));
        const query = { measures: ['pipeline'], grain: 'month', period: { from: '2026-07-01', to: '2026-09-30' } };
        const answer = await kilde.report(query);
        expect(answer.rows.map((row: any) => row.pipeline.amount)).toEqual([0, written(all), written(all)]);
        const csv = await kilde.request('/api/v1/reports/query', {
          method: 'POST',
          headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', accept: 'text/csv' },
          body: JSON.stringify(query),
        });
        const text = all >= 10n ** 15n ? sent(all) : String(Number(all) / 100);
        expect(await csv.text()).toContain(`,${text}`);
        const { body: made } = await kilde.api('POST', '/selections', {
          name: `S${crypto.randomUUID()}`,
          entity: 'person',
          kind: 'dynamic',
          where: { all: [] },
        });
        const { body: board } = await kilde.api('GET', `/selections/${made.id}/board?groupBy=leadStatus`);
        const open = board.columns.flatMap((column: any) =>
          column.totals.deals.map((deal: any) => minorOf(deal.open.amount)),
        );
        expect(total(open)).toBe(all);
      }),
      { numRuns: 6 },
    );
  });

  it('are exact where they cannot be converted, and are named', async () => {
    await kilde.deals(
      [
        { externalId: 'n', amount: 1 },
        ...Array.from({ length: 3 }, (_, n) => ({ externalId: `e${n}`, amount: '90071992547409.91', currency: 'EUR' })),
      ].map((one) => ({
        ...one,
        status: 'won',
        createdAt: '2026-08-02T10:00:00Z',
        closedAt: '2026-08-03T10:00:00Z',
      })),
    );
    const amount = sent(3n * BigInt(Number.MAX_SAFE_INTEGER));
    const left = await kilde.report({ measures: ['revenue'], currency: 'NOK' });
    expect(left.unconverted).toEqual([{ amount, currency: 'EUR', count: 3 }]);
    // A rate that takes them past 2^53 leaves them out too: the product would not be exact.
    await kilde.api('PUT', '/exchange-rates', {
      items: [{ day: '2026-08-03', base: 'EUR', quote: 'NOK', rate: 1000000 }],
    });
    const past = await kilde.report({ measures: ['revenue'], currency: 'NOK' });
    expect([past.totals.revenue.amount, past.unconverted]).toEqual([1, [{ amount, currency: 'EUR', count: 3 }]]);
  });

  it('are exact in costs, and in what is divided by them', async () => {
    const items = Array.from({ length: 5 }, (_, n) => ({
      day: `2026-08-0${n + 1}`,
      source: 'a',
      amount: '90071992547409.91',
      currency: 'NOK',
    }));
    expect((await kilde.api('PUT', '/costs', { items })).status).toBe(200);
    await fill([[10n, 'a']], 'won');
    const { totals } = await kilde.report({ measures: ['cost', 'costPerLead', 'returnOnAdSpend'], currency: 'NOK' });
    const cost = sent(5n * BigInt(Number.MAX_SAFE_INTEGER));
    expect([totals.cost.amount, totals.costPerLead.amount]).toEqual([cost, cost]);
    expect(totals.returnOnAdSpend.denominator).toBe(cost);
  });
});

it('refuses sums past 2^63 minor units, and says why', { timeout: 60_000 }, async () => {
  for (let page = 0; page < 2; page += 1) {
    await kilde.deals(
      Array.from({ length: 600 }, (_, n) => ({
        externalId: `d${page}-${n}`,
        amount: '90071992547409.91',
        status: 'won',
        createdAt: '2026-08-02T10:00:00Z',
        closedAt: '2026-08-03T10:00:00Z',
      })),
    );
  }
  for (const query of [
    { measures: ['revenue'] },
    {
      measures: ['revenue'],
      where: { all: [{ not: { field: 'email', op: 'equals', value: 'x' } }] },
      entity: 'person',
    },
    { measures: ['averageWonDeal'], attribution: ['linear', 'markov'], dimensions: ['channel'] },
    { measures: ['revenue'], currency: 'EUR' },
  ]) {
    const { status, body } = await kilde.api('POST', '/reports/query', query);
    if (status === 200) expect(minorOf(body.totals.revenue.amount) <= 2n ** 63n).toBe(true);
    else expect([status, body.code, body.detail]).toEqual([422, 'too_expensive', expect.stringContaining('2^63')]);
  }
});
