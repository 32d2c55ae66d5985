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
  /** The other rows that `uplift` and `pValue` compare with, where they are known. */
  rest?: { numerator: number; denominator: number };
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

/** Why a number is missing: a code and its values; `message` says it in English. */
export type Note = {
  code: string;
  message: string;
  measure?: string;
  dimensions?: string[];
  models?: string[];
  fields?: Array<{ field: string; visits: number }>;
};

export type Report = {
  rows: Row[];
  other: Row | null;
  totals: Row;
  series?: Row[];
  query: { period: { from: string | null; to: string | null } | null; currency: string | null };
  /** What each measure is called and is. */
  measures?: Record<string, { label: { en: string; no: string }; kind: string }>;
  notes: Note[];
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

export type ScopeOfQuery = {
  filter?: Record<string, string[]>;
  period: { from: string | null; to: string };
  timeZone: string;
  compare?: Exclude<Compare, 'none'>;
};

/** A scope with further filters beside its own. */
export function withFilter<Scope extends { filter?: Record<string, string[]> }>(
  scope: Scope,
  filter: Record<string, string[]>,
): Scope {
  const both = { ...scope.filter, ...filter };
  return Object.keys(both).length === 0 ? scope : { ...scope, filter: both };
}

/** The parts of a query that the bar decides. */
export function scopeOfQuery({
  days,
  compare,
  timeZone,
  siteId,
}: {
  days: Days;
  compare: Compare;
  timeZone: string;
  /** Undefined: all sites. */
  siteId: string | undefined;
}): ScopeOfQuery {
  return {
    ...(siteId === undefined ? {} : { filter: { site: [siteId] } }),
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

/** Below ten a count is too small to say how a rate or a change is. */
export const fewBelow = 10;

/** Whether a rate differs from the rest. Null: there is nothing to compare with. */
export type Verdict = 'differs' | 'chance' | null;

export function verdictOf(rate: Rate | null): Verdict {
  if (rate === null || rate.pValue === null) return null;
  return rate.pValue < 0.05 && !isTooFew(rate) ? 'differs' : 'chance';
}

/** The rate of all rows: of those shown, and of those that a filter left out. */
export function wholeOf(rate: Rate | null): number | null {
  if (rate?.rest === undefined) return rate?.value ?? null;
  const denominator = rate.denominator + rate.rest.denominator;
  return denominator === 0 ? null : (rate.numerator + rate.rest.numerator) / denominator;
}

/** Whether either side has so few that nothing can be told. */
export function isTooFew({ denominator, rest }: Rate): boolean {
  return denominator < fewBelow || (rest !== undefined && rest.denominator < fewBelow);
}

/** The change of a measure; null where so few were counted before (`counted`, of money its deals) that it says nothing. */
export function changeOf(row: Row | undefined, measure: string, counted = measure): number | null {
  const before = countOf(row?.previous, counted);
  return before !== null && before < fewBelow ? null : (row?.change?.[measure] ?? null);
}

export function textOf(row: Row | undefined, dimension: string): string | null {
  const value = row?.[dimension];
  if (value !== null && typeof value === 'object' && 'name' in value) return String(value.name);
  return typeof value === 'string' ? value : null;
}
