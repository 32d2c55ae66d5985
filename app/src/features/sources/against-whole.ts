import { pValueOf, upliftOf } from '../../../../src/domain/reports/statistics.ts';
import { fewBelow, rateOf } from '../../api/report.ts';
import type { Difference, Rate, Report, Row } from '../../api/report.ts';
import { rateMeasures } from './report-address.ts';
import type { Question } from './report-address.ts';
import { byModel, groupOf, primaryOf } from './values.ts';

/**
 * Sets each rate beside the rest of the question as it is without its filters. Within a filter a row would be compared with what the
 * filter left over: with nothing, where it is the only row. `whole` has the totals of the question without filters.
 */
export function againstWhole({
  report,
  whole,
  question,
}: {
  report: Report;
  whole: Report;
  question: Question;
}): Report {
  const compare = (row: Row): Row => compareRow({ row, whole: whole.totals, question });
  const compared = { ...report, rows: report.rows.map(compare), totals: compare(report.totals) };
  return Object.keys(question.filter).length === 0
    ? compared
    : { ...compared, findings: differencesOf({ report: compared, question }) };
}

function compareRow({ row, whole, question }: { row: Row; whole: Row; question: Question }): Row {
  const compared = compareRates(row, whole);
  if (question.attribution.length === 1) return compared;
  for (const model of question.attribution) {
    const own = row[model] as Row | undefined;
    if (own !== undefined) compared[model] = compareRates(own, byModel(whole, question, model) ?? {});
  }
  return compared;
}

function compareRates(row: Row, whole: Row): Row {
  const compared: Row = { ...row };
  for (const measure of rateMeasures) {
    const [rate, all] = [rateOf(row, measure), rateOf(whole, measure)];
    if (rate !== null && all !== null) compared[measure] = compareRate(rate, all);
  }
  return compared;
}

function compareRate(rate: Rate, all: Rate): Rate {
  const rest = { numerator: all.numerator - rate.numerator, denominator: all.denominator - rate.denominator };
  // Credit that models share leaves rests such as 1e-12.
  if (rate.value === null || rest.denominator < 1e-6) return { ...rate, uplift: null, pValue: null };
  return { ...rate, rest, uplift: upliftOf(rate, rest), pValue: pValueOf(rate, rest) };
}

const most = 5;

/** The rows whose rate differs most surely from the rest, in the shape of the API's own findings. */
function differencesOf({ report, question }: { report: Report; question: Question }): Difference[] {
  const model = primaryOf(question);
  return report.rows
    .flatMap((row): Difference[] => {
      const rate = rateOf(byModel(row, question, model), 'leadToDealRate');
      if (rate?.rest === undefined || rate.value === null || rate.pValue === null) return [];
      const { numerator, denominator, rest, value, uplift, pValue } = rate;
      const isFew = Math.min(denominator, rest.denominator) < fewBelow;
      return [
        {
          kind: 'difference',
          measure: 'leadToDealRate',
          group: groupOf(row, question),
          value,
          rest: rest.numerator / rest.denominator,
          uplift,
          pValue,
          verdict: isFew ? 'tooFew' : pValue < 0.05 ? 'differs' : 'chance',
          numerator,
          denominator,
          restNumerator: rest.numerator,
          restDenominator: rest.denominator,
          sampleSize: null,
        },
      ];
    })
    .toSorted((a, b) => (a.pValue ?? 1) - (b.pValue ?? 1))
    .slice(0, most);
}
