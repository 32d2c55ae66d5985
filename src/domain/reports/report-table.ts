import type { Label } from '../segments/fields.ts';
import type { MoneyValue, RateValue, RatioValue, ReportAnswer, ReportLine, Values } from './assemble-report.ts';
import { dimensions, timeDimensions } from './dimensions.ts';
import type { DimensionName, Grain } from './dimensions.ts';
import type { DimensionValue } from './facts.ts';
import { measures, quantities } from './measures.ts';
import type { Measure, MeasureName } from './measures.ts';
import { modelLabels } from './models.ts';
import type { ReportModel } from './models.ts';

export type Cell = string | number | null;

export type Column = {
  head: string;
  kind: 'dimension' | 'count' | 'money' | 'share' | 'ratio' | 'days';
  currency: string | null;
  /** Whether it says how sure the column before it is, or how it stands to something: left out where there is little room. */
  isDetail: boolean;
};

/** A report as lines of cells: money in major units, shares as numbers up to 1. */
export type ReportTable = { columns: Column[]; rows: Cell[][]; other: Cell[] | null; totals: Cell[] };

const words = {
  en: {
    low: 'low',
    high: 'high',
    uplift: 'uplift',
    pValue: 'p',
    previous: 'before',
    other: 'Other',
    total: 'Total',
    unknown: '(unknown)',
  },
  no: {
    low: 'lav',
    high: 'høy',
    uplift: 'løft',
    pValue: 'p',
    previous: 'før',
    other: 'Andre',
    total: 'Totalt',
    unknown: '(ukjent)',
  },
} as const;

type Part = { column: Column; value: (values: Values) => Cell };

/** The table of a report, in one of the two languages. */
export function reportTable(answer: ReportAnswer, language: keyof Label): ReportTable {
  const text = words[language];
  const names = namesOf(answer);
  const parts = partsOf(answer, language);
  const cells = (line: ReportLine) => parts.map(({ value }) => value(line as Values));
  const head = (name: string): string =>
    name in timeDimensions
      ? timeDimensions[name as Grain][language]
      : dimensions[name as DimensionName].label[language];
  const titled = (title: string): Cell[] => names.map((_, n) => (n === 0 ? title : null));
  return {
    columns: [
      ...names.map((name): Column => ({ head: head(name), kind: 'dimension', currency: null, isDetail: false })),
      ...parts.map(({ column }) => column),
    ],
    rows: answer.rows.map((row) => [...names.map((name) => shown(row[name] ?? null, text.unknown)), ...cells(row)]),
    other: answer.other && [...titled(text.other), ...cells(answer.other)],
    totals: [...titled(text.total), ...cells(answer.totals)],
  };
}

function namesOf({ query }: ReportAnswer): Array<DimensionName | Grain> {
  const names = query['dimensions'] as Array<DimensionName | Grain>;
  return query['grain'] ? [...names, query['grain'] as Grain] : names;
}

function shown(value: DimensionValue, unknown: string): string {
  if (value === null) return unknown;
  if (Array.isArray(value)) return value.length === 0 ? unknown : value.join(' > ');
  return typeof value === 'string' ? value : value.name;
}

/** The columns of the measures: under each model in turn, and of the compared period last. */
function partsOf(answer: ReportAnswer, language: keyof Label): Part[] {
  const { query } = answer;
  const names = query['measures'] as MeasureName[];
  const attribution = query['attribution'] as ReportModel | ReportModel[];
  const models: Array<ReportModel | null> = Array.isArray(attribution) ? attribution : [null];
  const ofLine = (find: (line: Values) => Values | undefined, suffix: string): Part[] =>
    models.flatMap((model) =>
      names.flatMap((name) =>
        partsOfMeasure(answer, name, language).map(({ column, value }) => ({
          column: {
            ...column,
            head: `${model === null ? '' : `${modelLabels[model][language]}: `}${column.head}${suffix}`,
          },
          value: (line: Values) => {
            const found = find(line);
            const values =
              model === null ? found : (found as Partial<Record<ReportModel, Values>> | undefined)?.[model];
            return values ? value(values) : null;
          },
        })),
      ),
    );
  const now = ofLine((line) => line, '');
  if (!query['compare']) return now;
  return [...now, ...ofLine((line) => (line as ReportLine).previous as Values, ` (${words[language].previous})`)];
}

function partsOfMeasure(answer: ReportAnswer, name: MeasureName, language: keyof Label): Part[] {
  const measure: Measure = measures[name];
  const text = words[language];
  const currency = answer.query['currency'] as string | null;
  const column = (kind: Column['kind'], detail?: string): Column => ({
    head: `${measure.label[language]}${detail ? ` (${detail})` : ''}${kind === 'money' && currency ? ` (${currency})` : ''}`,
    kind,
    currency: kind === 'money' ? currency : null,
    isDetail: detail !== undefined,
  });
  const money = (values: Values): Cell => {
    const { amount } = (values[name] ?? {}) as MoneyValue;
    return amount == null || currency === null ? null : amount;
  };
  const plain = (values: Values): Cell => (values[name] as number | null | undefined) ?? null;
  switch (measure.kind) {
    case 'quantity':
      return answer.totals && isMoneyMeasure(measure)
        ? [{ column: column('money'), value: money }]
        : [{ column: column('count'), value: plain }];
    case 'median':
      return [{ column: column('days'), value: plain }];
    case 'ratio':
      return measure.denominator === 'cost'
        ? [
            {
              column: column('ratio'),
              value: (values) => (values[name] as RatioValue & { value: number | null }).value,
            },
          ]
        : [{ column: column('money'), value: money }];
    case 'share':
    case 'rate': {
      const details =
        measure.kind === 'rate' ? (['low', 'high', 'uplift', 'pValue'] as const) : (['low', 'high'] as const);
      const part = (key: 'value' | (typeof details)[number]) => (values: Values) =>
        ((values[name] ?? {}) as RateValue)[key] ?? null;
      return [
        { column: column('share'), value: part('value') },
        ...details.map((key) => ({
          column: column(key === 'pValue' ? 'ratio' : 'share', text[key]),
          value: part(key),
        })),
      ];
    }
  }
}

function isMoneyMeasure(measure: Extract<Measure, { kind: 'quantity' }>): boolean {
  return 'money' in quantities[measure.of];
}
