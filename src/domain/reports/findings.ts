import type { RateValue, ReportLine, ReportRow, Values } from './assemble-report.ts';
import type { DimensionName, Grain } from './dimensions.ts';
import type { DimensionValue } from './facts.ts';
import { measures } from './measures.ts';
import type { MeasureName } from './measures.ts';
import type { ReportModel } from './models.ts';
import type { ReportQuery } from './query.ts';
import { sampleSizeFor } from './statistics.ts';

/**
 * Whether a difference can be chance: `differs` (p < 0.05), `chance`, or `tooFew` where either side has fewer than ten.
 */
export type Verdict = 'differs' | 'chance' | 'tooFew';

type About = {
  measure: MeasureName;
  /** The model, where several stand side by side. */
  model?: ReportModel;
};
type Group = Partial<Record<DimensionName | Grain, DimensionValue>>;
type Counts = { numerator: number; denominator: number };

/** One thing that a report says, as numbers: whoever shows it makes the sentence. */
export type Finding =
  /** A row's rate against that of all other rows. `sampleSize`: denominators that it takes to see such a difference (power 80 %). */
  | (About & {
      kind: 'difference';
      group: Group;
      value: number;
      rest: number;
      uplift: number | null;
      pValue: number;
      verdict: Verdict;
    } & Counts & {
        restNumerator: number;
        restDenominator: number;
        sampleSize: { group: number; rest: number } | null;
      })
  /** "Source X brought n of N." */
  | (About & { kind: 'share'; group: Group; value: number } & Counts)
  /** The total against the period compared with; of rates also whether it can be chance. */
  | (About & {
      kind: 'change';
      value: number;
      previous: number;
      change: number | null;
      pValue: number | null;
      verdict: Verdict | null;
    });

const fewest = 10;
const most = { differences: 5, shares: 3 };

/** What differs most surely of each rate, which rows bring most of each count, and what has changed. */
export function findingsOf({
  query,
  rows,
  totals,
}: {
  query: ReportQuery;
  rows: readonly ReportRow[];
  totals: ReportLine;
}): Finding[] {
  const models = query.sideBySide ? query.models : [null];
  const names = [...query.dimensions, ...(query.time ? [query.time.unit] : [])];
  return query.measures.flatMap((measure) =>
    models.flatMap((model) => {
      const about: About = { measure, ...(model === null ? {} : { model }) };
      const of = (line: ReportLine | undefined) =>
        (model === null ? line : (line as Partial<Record<ReportModel, Values>> | undefined)?.[model]) as
          | Values
          | undefined;
      const values = rows.map((row) => ({
        group: Object.fromEntries(names.map((name) => [name, row[name] ?? null])) as Group,
        value: of(row)?.[measure],
      }));
      const total = of(totals)?.[measure];
      const change = totals.previous ? changeOf(about, { now: total, before: of(totals.previous)?.[measure] }) : [];
      if (names.length === 0) return change;
      return [
        ...change,
        ...(measures[measure].kind === 'rate'
          ? differences(about, { values, total })
          : shares(about, { values, total })),
      ];
    }),
  );
}

type Rows = { values: Array<{ group: Group; value: unknown }>; total: unknown };

/** The rows whose rate differs most surely from the rest, the surest first. */
function differences(about: About, { values, total }: Rows): Finding[] {
  const all = total as RateValue;
  return values
    .flatMap(({ group, value }) => {
      const { value: rate, uplift, pValue, numerator, denominator } = value as RateValue;
      if (rate === null || pValue === null || numerator === null || denominator === null) return [];
      const restNumerator = all.numerator! - numerator;
      const restDenominator = all.denominator! - denominator;
      const rest = restNumerator / restDenominator;
      return [
        {
          ...about,
          kind: 'difference' as const,
          group,
          value: rate,
          rest,
          uplift,
          pValue,
          verdict: verdictOf(pValue, Math.min(denominator, restDenominator)),
          numerator,
          denominator,
          restNumerator,
          restDenominator,
          sampleSize: sampleSizeFor(
            { numerator, denominator },
            { numerator: restNumerator, denominator: restDenominator },
          ),
        },
      ];
    })
    .toSorted((a, b) => a.pValue - b.pValue)
    .slice(0, most.differences);
}

function verdictOf(pValue: number, smaller: number): Verdict {
  if (smaller < fewest) return 'tooFew';
  return pValue < 0.05 ? 'differs' : 'chance';
}

/** The rows that bring most of a count. */
function shares(about: About, { values, total }: Rows): Finding[] {
  if (measures[about.measure].kind !== 'quantity' || typeof total !== 'number' || total <= 0) return [];
  return values
    .flatMap(({ group, value }) =>
      typeof value === 'number' && value > 0
        ? [{ ...about, kind: 'share' as const, group, value: value / total, numerator: value, denominator: total }]
        : [],
    )
    .toSorted((a, b) => b.numerator - a.numerator)
    .slice(0, most.shares);
}

function changeOf(about: About, { now, before }: { now: unknown; before: unknown }): Finding[] {
  const [value, previous] = [numberOf(now), numberOf(before)];
  if (value === null || previous === null) return [];
  const { previousPValue: pValue = null, denominator = null } = (
    typeof now === 'object' ? now : {}
  ) as Partial<RateValue>;
  const smaller = Math.min(denominator ?? 0, (before as Partial<RateValue> | null)?.denominator ?? 0);
  const change = previous === 0 ? null : (value - previous) / Math.abs(previous);
  return [
    {
      ...about,
      kind: 'change',
      value,
      previous,
      change,
      pValue,
      verdict: pValue === null ? null : verdictOf(pValue, smaller),
    },
  ];
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return null;
  if ('amount' in value) return value.amount === null ? null : Number(value.amount);
  return 'value' in value ? (value.value as number | null) : null;
}
