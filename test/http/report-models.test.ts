import { beforeEach, describe, expect, it } from 'vitest';
import { createReportApp } from '../support/report-app.ts';
import type { ReportApp } from '../support/report-app.ts';

let kilde: ReportApp;

beforeEach(async () => {
  kilde = await createReportApp();
});

const all = ['firstTouch', 'lastTouch', 'linear', 'positionBased', 'timeDecay', 'markov', 'shapley'];

/** Credits by source: deals won, and revenue in minor units. */
async function credit(query: Record<string, unknown> = {}) {
  const { rows } = await kilde.report({
    measures: ['wonDeals', 'revenue'],
    dimensions: ['source'],
    attribution: all,
    ...query,
  });
  return Object.fromEntries(
    rows.map(({ source, ...models }: any) => [
      source ?? '(none)',
      Object.fromEntries(
        Object.entries<any>(models).map(([model, { wonDeals, revenue }]) => [
          model,
          [wonDeals, Math.round(revenue.amount * 100)],
        ]),
      ),
    ]),
  );
}

const touch = (at: string, source?: string) => ({ at, ...(source ? { source, medium: 'x' } : {}) });
const won = (email: string, closedAt: string, more: Record<string, unknown> = {}) => ({
  externalId: `${email}${closedAt}`,
  email,
  status: 'won',
  createdAt: '2026-06-20T00:00:00Z',
  closedAt,
  ...more,
});

describe('a journey of one touch', () => {
  it('gives that touch everything under every model', async () => {
    await kilde.leads([
      { email: 'a@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'alpha')] },
    ]);
    await kilde.deals([won('a@f.no', '2026-06-30T00:00:00Z', { amount: 100.01 })]);
    expect(await credit()).toEqual({ alpha: Object.fromEntries(all.map((model) => [model, [1, 10_001]])) });
  });

  it('gives it half each of two, where position counts', async () => {
    await kilde.leads([
      {
        email: 'a@f.no',
        createdAt: '2026-06-10T00:00:00Z',
        journey: [touch('2026-06-01T00:00:00Z', 'alpha'), touch('2026-06-09T00:00:00Z', 'beta')],
      },
    ]);
    await kilde.deals([won('a@f.no', '2026-06-30T00:00:00Z')]);
    const { alpha, beta } = await credit();
    expect(alpha.positionBased).toEqual([0.5, 5_000]);
    expect(beta.positionBased).toEqual([0.5, 5_000]);
    // Eight days between them: the later weighs 2^(8/7) times the earlier.
    const share = 1 / (1 + 2 ** (8 / 7));
    expect(alpha.timeDecay[0]).toBeCloseTo(share, 8);
    expect(alpha.timeDecay[1]).toBe(Math.round(10_000 * share));
  });
});

describe('credit', () => {
  it('is one for each deal and its money to the cent, counting touches; direct is left out before weighting', async () => {
    await kilde.leads([
      {
        email: 'a@f.no',
        createdAt: '2026-06-10T00:00:00Z',
        journey: [
          touch('2026-06-01T00:00:00Z', 'alpha'),
          touch('2026-06-02T00:00:00Z'),
          touch('2026-06-03T00:00:00Z', 'beta'),
          touch('2026-06-04T00:00:00Z', 'alpha'),
          touch('2026-06-05T00:00:00Z'),
        ],
      },
      { email: 'd@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-01T00:00:00Z')] },
    ]);
    await kilde.deals([
      won('a@f.no', '2026-06-30T00:00:00Z', { amount: 100.01 }),
      won('d@f.no', '2026-06-30T00:00:00Z', { amount: 1 }),
    ]);
    const credits = await credit({ attribution: ['lastTouch', 'linear', 'positionBased'] });
    expect(credits).toEqual({
      alpha: { lastTouch: [1, 10_001], linear: [expect.closeTo(2 / 3, 8), 6_668], positionBased: [0.8, 8_000] },
      beta: { lastTouch: [0, 0], linear: [expect.closeTo(1 / 3, 8), 3_333], positionBased: [0.2, 2_001] },
      '(none)': { lastTouch: [1, 100], linear: [1, 100], positionBased: [1, 100] },
    });
  });

  it('takes touches as old as the look-back window, its last millisecond included, and none older', async () => {
    // The deal closes at midnight; 30 days before is the first of June.
    const leads = (ms: string) => ({
      email: `${ms}@f.no`,
      createdAt: '2026-06-20T00:00:00Z',
      journey: [touch(`2026-05-31T23:59:59.${ms}Z`, 'early'), touch('2026-06-02T00:00:00Z', 'late')],
    });
    await kilde.leads([
      leads('999'),
      {
        ...leads('000'),
        email: 'on@f.no',
        journey: [touch('2026-06-01T00:00:00.000Z', 'edge'), touch('2026-06-02T00:00:00Z', 'late')],
      },
    ]);
    await kilde.deals([won('999@f.no', '2026-07-01T00:00:00Z'), won('on@f.no', '2026-07-01T00:00:00Z')]);
    const credits = await credit({ attribution: ['linear'], lookBackDays: 30 });
    expect(credits).toEqual({ late: { linear: [1.5, 15_000] }, edge: { linear: [0.5, 5_000] } });
  });

  it('goes to the unknown where nothing was touched within the window', async () => {
    await kilde.leads([
      { email: 'a@f.no', createdAt: '2026-01-10T00:00:00Z', journey: [touch('2026-01-09T00:00:00Z', 'alpha')] },
    ]);
    await kilde.deals([won('a@f.no', '2026-08-30T00:00:00Z')]);
    const credits = await credit({ attribution: ['leadCreation', 'linear'] });
    expect(credits).toEqual({
      alpha: { leadCreation: [1, 10_000], linear: [0, 0] },
      '(none)': { leadCreation: [0, 0], linear: [1, 10_000] },
    });
  });

  it('counts touches up to the deal’s close, or its registration, by what is measured', async () => {
    await kilde.leads([
      { email: 'a@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'alpha')] },
    ]);
    await kilde.sql("INSERT INTO form (key, name, site_id, created_at) VALUES ('demo', 'Demo', 1, 0)");
    await kilde.submit('demo', { email: 'a@f.no', _page: 'https://s.no/?utm_source=beta&utm_medium=x' });
    await kilde.deals([
      {
        externalId: '1',
        email: 'a@f.no',
        status: 'won',
        createdAt: '2026-08-20T00:00:00Z',
        closedAt: '2026-09-01T10:00:00Z',
      },
    ]);
    const { rows } = await kilde.report({
      measures: ['deals', 'wonDeals'],
      dimensions: ['source'],
      attribution: 'lastTouch',
    });
    expect(rows).toEqual([
      { source: 'alpha', deals: 1, wonDeals: 0 },
      { source: 'beta', deals: 0, wonDeals: 1 },
    ]);
  });

  it('is shared among everybody at the company at account level', async () => {
    await kilde.leads([
      { email: 'a@firma.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'alpha')] },
      { email: 'b@firma.no', createdAt: '2026-06-11T00:00:00Z', journey: [touch('2026-06-08T00:00:00Z', 'beta')] },
    ]);
    await kilde.deals([won('a@firma.no', '2026-06-30T00:00:00Z')]);
    expect(await credit({ attribution: ['linear'] })).toEqual({ alpha: { linear: [1, 10_000] } });
    expect(await credit({ attribution: ['linear'], level: 'account' })).toEqual({
      alpha: { linear: [0.5, 5_000] },
      beta: { linear: [0.5, 5_000] },
    });
  });

  it('of a deal without a person is its company’s source', async () => {
    await kilde.leads([
      {
        email: 'a@firma.no',
        createdAt: '2026-06-10T00:00:00Z',
        journey: [touch('2026-06-01T00:00:00Z', 'alpha'), touch('2026-06-09T00:00:00Z', 'beta')],
      },
    ]);
    const { email: _, ...deal } = won('x', '2026-06-30T00:00:00Z');
    await kilde.deals([{ ...deal, companyDomain: 'firma.no' }]);
    expect(await credit({ attribution: ['firstTouch', 'leadCreation', 'linear'] })).toEqual({
      alpha: { firstTouch: [1, 10_000], leadCreation: [0, 0], linear: [0.5, 5_000] },
      beta: { firstTouch: [0, 0], leadCreation: [1, 10_000], linear: [0.5, 5_000] },
    });
  });
});

describe('models over all paths', () => {
  const people = (path: string[], count: number, from: number) =>
    Array.from({ length: count }, (_, n) => ({
      email: `p${from + n}@f${from + n}.no`,
      createdAt: '2026-06-10T00:00:00Z',
      journey: path.map((source, at) => touch(`2026-06-0${at + 1}T00:00:00Z`, source)),
    }));
  const deals = (count: number, from: number) =>
    Array.from({ length: count }, (_, n) => won(`p${from + n}@f${from + n}.no`, '2026-06-30T00:00:00Z'));

  it('Shapley: {a: 4, a>b: 6} gives 7 and 3', async () => {
    await kilde.leads([...people(['a'], 4, 0), ...people(['a', 'b'], 6, 4)]);
    await kilde.deals(deals(10, 0));
    const { a, b } = await credit({ attribution: ['shapley'] });
    expect([a.shapley, b.shapley]).toEqual([
      [7, 70_000],
      [3, 30_000],
    ]);
  });

  /**
   * Two paths convert, a and a>b, and one, b, does not. Without a nothing converts: removal effect 1. Without b the path a alone
   * does: of four starts three go to a, from where a third converts at once and the rest is lost with b.
   */
  it('Markov: by the removal effect, leads without a won deal being the paths that came to nothing', async () => {
    await kilde.leads([...people(['a'], 1, 0), ...people(['a', 'b'], 2, 1), ...people(['b'], 1, 3)]);
    await kilde.deals(deals(3, 0));
    const { a, b } = await credit({ attribution: ['markov'] });
    // From b two of three convert: P(conversion) = 3/4 × (1/3 + 2/3 × 2/3) + 1/4 × 2/3 = 3/4.
    const [withoutA, withoutB] = [(1 / 4) * (2 / 3), (3 / 4) * (1 / 3)];
    const [effectA, effectB] = [1 - withoutA / (3 / 4), 1 - withoutB / (3 / 4)];
    expect(a.markov[0]).toBeCloseTo((3 * effectA) / (effectA + effectB), 8);
    expect(b.markov[0]).toBeCloseTo((3 * effectB) / (effectA + effectB), 8);
    expect(a.markov[1] + b.markov[1]).toBe(30_000);
  });
});

describe('money', () => {
  it('of other currencies is converted by the rate of its day, or told as left out', async () => {
    await kilde.leads([
      { email: 'a@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'alpha')] },
    ]);
    await kilde.deals([
      won('a@f.no', '2026-06-30T00:00:00Z', { externalId: '1', amount: 100, currency: 'NOK' }),
      won('a@f.no', '2026-06-30T00:00:00Z', { externalId: '2', amount: 1000, currency: 'JPY' }),
      won('a@f.no', '2026-06-30T00:00:00Z', { externalId: '3', amount: 1.234, currency: 'KWD' }),
      won('a@f.no', '2026-06-30T00:00:00Z', { externalId: '4', amount: 9, currency: 'EUR' }),
    ]);
    await kilde.sql(
      `INSERT INTO exchange_rate (from_currency, to_currency, day, rate) VALUES ('JPY','NOK','2026-06-01',0.07), ('JPY','NOK','2026-07-01',9), ('KWD','NOK','2026-06-30',30), ('EUR','NOK','2026-05-30',11)`,
    );
    const { totals, unconverted, notes } = await kilde.report({ measures: ['revenue'], currency: 'NOK' });
    // 1000 yen × 0.07 = 70 kroner; 1.234 dinar × 30 = 37.02 kroner; the rate of the euro is a month and a day old.
    expect(totals.revenue).toEqual({ amount: 100 + 70 + 37.02, currency: 'NOK' });
    expect(unconverted).toEqual([{ amount: 9, currency: 'EUR', count: 1 }]);
    expect(notes).toMatchObject([{ code: 'unconverted' }]);
  });
});

it('puts the unknown source last also where the first measure is not credited by the model', async () => {
  await kilde.leads([
    { email: 'a@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'alpha')] },
    { email: 'b@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'beta')] },
    { email: 'c@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z', 'beta')] },
    { email: 'd@f.no', createdAt: '2026-06-10T00:00:00Z', journey: [touch('2026-06-09T00:00:00Z')] },
  ]);
  await kilde.deals(['a', 'b', 'c', 'd'].map((name) => won(`${name}@f.no`, '2026-06-30T00:00:00Z', { amount: 10 })));
  for (const attribution of ['markov', 'shapley', ['markov', 'linear']]) {
    const { rows } = await kilde.report({ measures: ['leads', 'deals'], dimensions: ['source'], attribution });
    expect([attribution, rows.map(({ source }: any) => source)]).toEqual([attribution, ['beta', 'alpha', null]]);
  }
});
