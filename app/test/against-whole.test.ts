import { expect, it } from 'vitest';
import { isTooFew, verdictOf } from '../src/api/report.ts';
import type { Rate, Report } from '../src/api/report.ts';
import { againstWhole } from '../src/features/sources/against-whole.ts';
import { readQuestion } from '../src/features/sources/report-address.ts';

function rate(numerator: number, denominator: number, of: Partial<Rate> = {}): Rate {
  const value = denominator === 0 ? null : numerator / denominator;
  return { value, low: value, high: value, uplift: null, pValue: null, numerator, denominator, ...of };
}

function report(rows: Array<[source: string, rate: Rate]>, totals: Rate): Report {
  return {
    rows: rows.map(([source, leadToDealRate]) => ({ source, medium: 'email', leadToDealRate })),
    other: null,
    totals: { leadToDealRate: totals },
    query: { period: null, currency: null },
    notes: [],
    findings: [],
    moreGroups: 0,
    generatedAt: '2026-09-01T10:00:00Z',
  };
}

const filtered = readQuestion({ 'filter.source': 'newsletter' });

it('compares the only row of a filter with the rest of the question without it', () => {
  // Alone in its filter a row has no rest, so the API gives neither uplift nor p.
  const own = report([['newsletter', rate(130, 500)]], rate(130, 500));
  const whole = report([], rate(330, 1_500));
  const { rows, totals, findings } = againstWhole({ report: own, whole, question: filtered });
  const compared = rows[0]!['leadToDealRate'] as Rate;
  expect(compared).toMatchObject({
    uplift: expect.closeTo(0.3, 9) as number,
    rest: { numerator: 200, denominator: 1_000 },
  });
  expect(compared.pValue).toBeLessThan(0.05);
  expect(verdictOf(compared)).toBe('differs');
  // The foot of the table is the same leads: it says the same.
  expect(verdictOf(totals['leadToDealRate'] as Rate)).toBe('differs');
  expect(findings).toMatchObject([
    { group: { source: 'newsletter', medium: 'email' }, value: 0.26, rest: 0.2, verdict: 'differs' },
  ]);
});

it('draws no verdict where a filter leaves nothing out', () => {
  const own = report([['newsletter', rate(130, 500, { uplift: 0.1, pValue: 0.5 })]], rate(130, 500));
  const compared = againstWhole({ report: own, whole: own, question: filtered });
  expect(verdictOf(compared.rows[0]!['leadToDealRate'] as Rate)).toBeNull();
  expect(compared.findings).toEqual([]);
  // Credit that models share adds up to the whole but for rounding: nothing is left over either.
  const shared = report([['newsletter', rate(1.3, 10.4)]], rate(1.3, 10.4));
  const almost = report([], rate(1.3 + 1e-12, 10.4 + 2e-12));
  const { rows } = againstWhole({ report: shared, whole: almost, question: filtered });
  expect((rows[0]!['leadToDealRate'] as Rate).uplift).toBeNull();
});

it('reads models that stand side by side each by itself', () => {
  const question = readQuestion({ 'filter.source': 'newsletter', attribution: 'firstTouch,leadCreation' });
  const sides = (first: Rate, lead: Rate) => ({
    firstTouch: { leadToDealRate: first },
    leadCreation: { leadToDealRate: lead },
  });
  const own: Report = {
    ...report([], rate(0, 0)),
    rows: [{ source: 'newsletter', medium: 'email', ...sides(rate(10, 100), rate(60, 100)) }],
    totals: sides(rate(10, 100), rate(60, 100)),
  };
  const whole: Report = { ...own, totals: sides(rate(20, 200), rate(70, 200)) };
  const [row] = againstWhole({ report: own, whole, question }).rows;
  const rateBy = (model: string): Rate => (row![model] as { leadToDealRate: Rate }).leadToDealRate;
  expect([verdictOf(rateBy('firstTouch')), verdictOf(rateBy('leadCreation'))]).toEqual(['chance', 'differs']);
});

it('never fills the dot of what is too few to tell', () => {
  const few = rate(5, 5, { uplift: 4, pValue: 0.001 });
  expect([isTooFew(few), verdictOf(few)]).toEqual([true, 'chance']);
  const fewElse = rate(50, 50, { uplift: 4, pValue: 0.001, rest: { numerator: 0, denominator: 4 } });
  expect([isTooFew(fewElse), verdictOf(fewElse)]).toEqual([true, 'chance']);
});
