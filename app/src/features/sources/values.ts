import { countOf, moneyOf, rateOf, textOf } from '../../api/report.ts';
import type { Group, Row } from '../../api/report.ts';
import type { Model } from '../../api/scope.ts';
import { moneyMeasures, rateMeasures, withoutModel } from './report-address.ts';
import type { Question } from './report-address.ts';

/** The model of the measures that stand once: lead creation where it is among several. */
export function primaryOf({ attribution }: Pick<Question, 'attribution'>): Model {
  return attribution.includes('leadCreation') ? 'leadCreation' : (attribution[0] ?? 'leadCreation');
}

/** The one measure that stands once for each model: money before counts, counts before rates. */
export function spreadOf({ measures }: Question): string | undefined {
  const credited = measures.filter((measure) => !withoutModel.has(measure));
  return (
    credited.find((measure) => moneyMeasures.has(measure)) ??
    credited.find((measure) => !rateMeasures.has(measure)) ??
    credited[0]
  );
}

/** A row's numbers by one model: side by side they stand under the model's name. */
export function byModel(row: Row | undefined, question: Question, model: Model): Row | undefined {
  if (row === undefined || question.attribution.length === 1) return row;
  return (row[model] ?? row) as Row;
}

export function valueOf(row: Row | undefined, measure: string): number | null {
  if (moneyMeasures.has(measure)) return moneyOf(row, measure)?.amount ?? null;
  return countOf(row, measure) ?? rateOf(row, measure)?.value ?? null;
}

export function groupOf(row: Row, question: Question): Group {
  return Object.fromEntries(question.dimensions.map((name) => [name, textOf(row, name)]));
}

export function isSameGroup(a: Group, b: Group): boolean {
  return Object.keys(a).every((name) => (a[name] ?? null) === (b[name] ?? null));
}

/** The models that a measure has a column for. */
export function modelsOf(question: Question, measure: string): Model[] {
  return measure === spreadOf(question) ? question.attribution : [primaryOf(question)];
}

/** The first value that stands in more than one row, and in how many. */
export function splitValue(values: ReadonlyArray<string | null>): { value: string; count: number } | null {
  for (const value of values) {
    const count = value === null ? 0 : values.filter((one) => one === value).length;
    if (value !== null && count > 1) return { value, count };
  }
  return null;
}
