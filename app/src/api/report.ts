import { queryOptions } from '@tanstack/react-query';
import { kilde } from './client.ts';
import type { Schemas } from './client.ts';
import type { Compare, Days } from './scope.ts';

/** A report's answer in the shapes that docs/reports.md gives: its rows have the measures and dimensions that were asked for. */
export type Rate = {
  value: number | null;
  low: number | null;
  high: number | null;
  uplift: number | null;
  pValue: number | null;
  numerator: number;
  denominator: number;
  previousPValue?: number | null;
};
export type Ratio = { value: number | null; numerator: number; denominator: number };
export type Money = { amount: number | string; currency: string | null };
export type Group = Record<string, string | null>;
export type Row = { previous?: Row; change?: Record<string, number | null> } & Record<string, unknown>;

export type Difference = {
  kind: 'difference';
  measure: string;
  /** Where several stand side by side. */
  model?: string;
  group: Group;
  value: number;
  rest: number;
  uplift: number | null;
  pValue: number | null;
  verdict: 'differs' | 'chance' | 'tooFew';
  numerator: number;
  denominator: number;
  restNumerator: number;
  restDenominator: number;
  sampleSize: { group: number; rest: number } | null;
};
export type Share = {
  kind: 'share';
  measure: string;
  group: Group;
  value: number;
  numerator: number;
  denominator: number;
};
export type Change = {
  kind: 'change';
  measure: string;
  value: number;
  previous: number;
  change: number | null;
  pValue: number | null;
  verdict: 'differs' | 'chance' | 'tooFew' | null;
};
export type Finding = Difference | Share | Change;

export type Report = {
  rows: Row[];
  other: Row | null;
  totals: Row;
  series?: Row[];
  query: { period: { from: string | null; to: string | null } | null; currency: string | null };
  notes: Array<{ code: string; message: string }>;
  findings: Finding[];
  moreGroups: number;
  generatedAt: string;
};

type Query = Partial<Schemas['NewReportQuery']> & { measures: string[] };

/** One report. The key is the query itself, so that two tiles that ask the same share an answer. */
export function reportQuery(query: Query) {
  return queryOptions({
    queryKey: ['report', query],
    queryFn: async ({ signal }) => {
      const { data } = await kilde().POST('/api/v1/reports/query', { body: query as never, signal });
      return data as unknown as Report;
    },
  });
}

/** The parts of a query that the bar decides. */
export function scopeOfQuery({ days, compare, timeZone }: { days: Days; compare: Compare; timeZone: string }) {
  return {
    period: { from: days.from, to: days.to },
    timeZone,
    ...(compare === 'none' || days.from === null ? {} : { compare }),
  };
}

export function countOf(row: Row | undefined, measure: string): number | null {
  const value = row?.[measure];
  return typeof value === 'number' ? value : null;
}

export function rateOf(row: Row | undefined, measure: string): Rate | null {
  const value = row?.[measure];
  return value !== null && typeof value === 'object' ? (value as Rate) : null;
}

export function moneyOf(row: Row | undefined, measure: string): { amount: number; currency: string | null } | null {
  const value = row?.[measure];
  if (value === null || typeof value !== 'object') return null;
  const { amount, currency } = value as Money;
  return { amount: Number(amount), currency };
}

export function changeOf(row: Row | undefined, measure: string): number | null {
  return row?.change?.[measure] ?? null;
}

export function textOf(row: Row | undefined, dimension: string): string | null {
  const value = row?.[dimension];
  if (value !== null && typeof value === 'object' && 'name' in value) return String(value.name);
  return typeof value === 'string' ? value : null;
}
