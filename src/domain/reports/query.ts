import type { Criteria } from '../segments/criteria.ts';
import type { DimensionName, Grain } from './dimensions.ts';
import type { MeasureName } from './measures.ts';
import type { ReportModel } from './models.ts';

/**
 * Days, both included: without `from` everything before, without `to` up to today. Or a word for days that move with today
 * (relative-period.ts). Null is all time up to now.
 */
export type ReportPeriod = { from: string | null; to: string | null } | { relative: string } | null;

export const comparePeriods = ['previousPeriod', 'previousYear'] as const;
export type ComparePeriod = (typeof comparePeriods)[number];

export type ReportSort = { field: MeasureName | DimensionName | Grain; direction: 'asc' | 'desc' };

/** A report as it is run: read, checked, every default filled in. */
export type ReportQuery = {
  measures: MeasureName[];
  dimensions: DimensionName[];
  /** A time dimension among the dimensions, and whether parts with nothing in them are shown: so with a grain. */
  time: { unit: Grain; fill: boolean } | null;
  models: ReportModel[];
  /** Whether `attribution` was a list: then each model's measures stand under its name. */
  sideBySide: boolean;
  period: ReportPeriod;
  timeZone: string;
  compare: ComparePeriod | null;
  /** Whose records count: people or companies. */
  entity: 'person' | 'company';
  where: Criteria | null;
  /** Values of dimensions that are kept, by label or canonical value, ids of records; null is unknown. */
  filter: Partial<Record<DimensionName, Array<string | null>>>;
  sort: ReportSort[];
  /** Groups shown. The rest stand together as `other`. */
  limit: number;
  /** Whether each value of the one dimension, a list, has a row, also with nothing in it. */
  showEmpty?: boolean;
  /** Groups passed over before the first one shown; none where unset. */
  offset?: number;
  /** Person: the journey of the lead or the deal's person. Account: of everybody at the company. */
  level: 'person' | 'account';
  /** A journey's touches count if they are at most so old. */
  lookBackDays: number;
  halfLifeDays: number;
  /** ISO 4217; null is the reporting currency that is set, else the first deal's. */
  currency: string | null;
  /** The last moment that counts, in milliseconds since the epoch; null is now. */
  asOf: number | null;
};

export const maxDimensions = 5;
export const maxReportRows = 10_000;
export const defaultReportRows = 1_000;

/**
 * Whether each group has values for every part of the period. Else a part of time is a dimension like the other dimensions, and a row is a group:
 * but what is open at the end of a part is added up from the parts before it.
 */
export function hasSeries({ time, measures: names }: Pick<ReportQuery, 'time' | 'measures'>): boolean {
  return (
    time !== null &&
    (time.fill || names.includes('pipeline') || names.includes('weightedPipeline') || names.includes('openDeals'))
  );
}
