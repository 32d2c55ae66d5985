import { dimensions } from './dimensions.ts';
import type { DimensionName } from './dimensions.ts';
import type { ReportFacts } from './facts.ts';
import { measures, medians, quantities } from './measures.ts';
import type { Basis, Measure, MeasureName } from './measures.ts';
import { modelLabels, pathSetModels, pointModels } from './models.ts';
import type { ReportModel } from './models.ts';
import { basesOf } from './parse-report.ts';
import type { ReportQuery } from './query.ts';
import type { Label } from '../segments/fields.ts';

/** Why a number is missing, or less than one might expect. */
export type ReportNote = {
  code:
    | 'notOfPeople'
    | 'notByFilter'
    | 'notByDimension'
    | 'notByModel'
    | 'unconverted'
    | 'dividesByAll'
    | 'foldedValues'
    | 'notCompared';
  message: string;
  measure?: MeasureName;
  dimensions?: DimensionName[];
  models?: ReportModel[];
  /** Visits of which new values were counted as "other", by field. */
  fields?: Array<{ field: string; visits: number }>;
};

const ownBases: ReadonlySet<Basis> = new Set(['visit', 'cost', 'newValue']);
/** What Markov and Shapley credit, beside measures of visits and costs. */
const creditedByPaths: ReadonlySet<MeasureName> = new Set([
  'deals',
  'wonDeals',
  'revenue',
  'dealShare',
  'averageWonDeal',
  'costPerWonDeal',
  'returnOnAdSpend',
]);

/** Whether a model has anything to say of a measure. Numbers of visits and costs are the same under every model. */
function isCredited(name: MeasureName, model: ReportModel): boolean {
  const measure: Measure = measures[name];
  const isPoint = pointModels.some((one) => one === model);
  const isOfPeople = (basis: Basis) => basis === 'lead' || basis === 'submission';
  if (measure.kind === 'median') return isPoint && (model !== 'conversion' || medians[measure.of].basis === 'lead');
  const bases = basesOf(name).filter((basis) => !ownBases.has(basis));
  if (bases.length === 0) return true;
  if (model === 'conversion') return bases.every(isOfPeople);
  if (!pathSetModels.some((one) => one === model)) return true;
  return creditedByPaths.has(name);
}

/** Whether a measure divides money by a number of records. */
function isMoneyByCount(name: MeasureName): boolean {
  const measure: Measure = measures[name];
  if (measure.kind !== 'ratio') return false;
  return 'money' in quantities[measure.numerator] && !('money' in quantities[measure.denominator]);
}

/** Why numbers are missing. */
export function notesOf(
  query: ReportQuery,
  { unconverted, folded, isCompared }: Pick<ReportFacts, 'unconverted' | 'folded'> & { isCompared: boolean },
): ReportNote[] {
  const notes: Array<Omit<ReportNote, 'message'>> = [];
  for (const measure of query.measures) {
    const bases = [...new Set(basesOf(measure))];
    if (query.where !== null && bases.some((basis) => ownBases.has(basis)))
      notes.push({ code: 'notOfPeople', measure });
    const without = (names: readonly DimensionName[]) =>
      names.filter((name) => bases.some((basis) => !dimensions[name].bases.includes(basis)));
    const filtered = without(Object.keys(query.filter) as DimensionName[]);
    if (filtered.length > 0) notes.push({ code: 'notByFilter', measure, dimensions: filtered });
    const beyond = without(query.dimensions);
    if (beyond.length > 0) notes.push({ code: 'notByDimension', measure, dimensions: beyond });
    const models = query.models.filter((model) => !isCredited(measure, model));
    if (models.length > 0) notes.push({ code: 'notByModel', measure, models });
  }
  if (unconverted.length > 0) {
    notes.push({ code: 'unconverted' });
    for (const measure of query.measures) if (isMoneyByCount(measure)) notes.push({ code: 'dividesByAll', measure });
  }
  if (folded.length > 0) notes.push({ code: 'foldedValues', fields: folded });
  if (query.compare !== null && !isCompared) notes.push({ code: 'notCompared' });
  return notes.map((note) => ({ ...note, message: noteText(note, 'en') }));
}

type Language = keyof Label;

/** A note as a sentence in one of the two languages. */
export function noteText(note: Omit<ReportNote, 'message'>, language: Language): string {
  const measure = note.measure ? measures[note.measure].label[language] : '';
  const named = (note.dimensions ?? []).map((name) => dimensions[name].label[language]).join(', ');
  const models = (note.models ?? []).map((model) => modelLabels[model][language]).join(', ');
  const fields = (note.fields ?? []).map(({ field, visits }) => texts[language].field(field, visits)).join(', ');
  switch (note.code) {
    case 'notOfPeople':
      return texts[language].notOfPeople(measure);
    case 'notByFilter':
      return texts[language].notByFilter(measure, named);
    case 'notByDimension':
      return texts[language].notByDimension(measure, named);
    case 'notByModel':
      return texts[language].notByModel(measure, models);
    case 'unconverted':
      return texts[language].unconverted;
    case 'dividesByAll':
      return texts[language].dividesByAll(measure);
    case 'foldedValues':
      return texts[language].foldedValues(fields);
    case 'notCompared':
      return texts[language].notCompared;
  }
}

const texts = {
  en: {
    notOfPeople: (measure: string) =>
      `${measure}: the report is about some people or companies alone; visits, costs and new values belong to nobody.`,
    notByFilter: (measure: string, names: string) => `${measure} has no value under a filter on ${names}.`,
    notByDimension: (measure: string, names: string) => `${measure} has no value by ${names}: see the totals.`,
    notByModel: (measure: string, models: string) => `${measure} is not credited by the model ${models}.`,
    dividesByAll: (measure: string) => `${measure} divides by all, also by those whose amount is left out.`,
    unconverted: 'Some amounts are left out: no exchange rate is known for their day.',
    notCompared: 'Nothing is compared: the period has no first day, so nothing lies before it.',
    field: (field: string, visits: number) => `${field} of ${visits} visits`,
    foldedValues: (fields: string) =>
      `More new values came than one site and day may add, and were counted as "other": ${fields}. GET /settings has them by day.`,
  },
  no: {
    notOfPeople: (measure: string) =>
      `${measure}: rapporten gjelder bare noen personer eller firmaer; besøk, kostnader og nye verdier tilhører ingen.`,
    notByFilter: (measure: string, names: string) => `${measure} har ingen verdi når det filtreres på ${names}.`,
    notByDimension: (measure: string, names: string) => `${measure} har ingen verdi etter ${names}: se totalen.`,
    notByModel: (measure: string, models: string) => `${measure} krediteres ikke av modellen ${models}.`,
    dividesByAll: (measure: string) => `${measure} deler på alle, også på dem der beløpet er utelatt.`,
    unconverted: 'Noen beløp er utelatt: ingen valutakurs er kjent for dagen.',
    notCompared: 'Ingenting sammenlignes: perioden har ingen første dag, så ingenting ligger før den.',
    field: (field: string, visits: number) => `${field} for ${visits} besøk`,
    foldedValues: (fields: string) =>
      `Det kom flere nye verdier enn ett nettsted kan legge til på én dag. De ble telt som «other»: ${fields}. GET /settings viser dem etter dag.`,
  },
} as const;
