import type { Exact, WrittenExact } from '../exact.ts';
import type { Median, Quantity } from './measures.ts';
import type { ReportModel } from './models.ts';

/** A part of the period, or the whole of it where there is no grain. `to` and `toDay` are the first not in it. */
export type Bucket = {
  /** `2026-01-05`, `2026-W02`, `2026-01`, `2026-Q1`, `2026`; empty without a grain. */
  key: string;
  fromDay: string;
  toDay: string;
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
};

export type ReportTime = {
  current: Bucket[];
  /** The compared period's parts, each answering to the one of the same place; null without a comparison. */
  previous: Bucket[] | null;
};

/** What a dimension is in one row, as it is shown. */
export type DimensionValue = string | null | { id: string; name: string } | string[];

/** Null: such a row has no value of the measure. */
export type Numbers = Partial<Record<ReportModel, Partial<Record<Quantity | Median, Exact | null>>>>;

/**
 * What the database answers: the numbers of one group in one part of a period, by model. `group` is its place in the
 * order asked for; null is the total of all groups, shown or not.
 */
export type Fact = {
  group: number | null;
  dimensions: DimensionValue[];
  /** The place of the bucket in `ReportTime.current` or `.previous`. */
  bucket: number;
  previous: boolean;
  numbers: Numbers;
};

/** Money that could not be converted, since no rate was there for its day. */
export type Unconverted = { currency: string; amounts: number; minor: WrittenExact };

/** Visits whose value of a field was new and was counted as "other", since their site and day had brought as many as one may. */
export type FoldedValues = { field: string; visits: number };

export type ReportFacts = {
  facts: Fact[];
  /** How many groups there are beyond those shown. */
  moreGroups: number;
  currency: string | null;
  unconverted: Unconverted[];
  /** Only where new values are asked for. */
  folded: FoldedValues[];
};
