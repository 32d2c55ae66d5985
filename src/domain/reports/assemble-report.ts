import { addExact, divideToWhole, subtractExact, writeExact } from '../exact.ts';
import type { Exact, WrittenExact } from '../exact.ts';
import { fromMinor } from '../money.ts';
import type { DimensionName, Grain } from './dimensions.ts';
import type { DimensionValue, Fact, Numbers, ReportFacts } from './facts.ts';
import { measures, quantities, quantitiesOf } from './measures.ts';
import type { Basis, Measure, MeasureName, Median, Quantity } from './measures.ts';
import type { ReportModel } from './models.ts';
import { findingsOf } from './findings.ts';
import type { Finding } from './findings.ts';
import { notesOf } from './notes.ts';
import type { ReportNote } from './notes.ts';
import { areOf, basesOf } from './parse-report.ts';
import type { ReportQuery } from './query.ts';
import { maxBuckets } from './report-time.ts';
import type { Days, ReadTime } from './report-time.ts';
import { isProportion, pValueOf, upliftOf, wilsonInterval } from './statistics.ts';

/** Major units of the currency, decimal text where a number would lose digits; null where there is no such amount. */
export type MoneyValue = { amount: WrittenExact | null; currency: string | null };

/**
 * A share with its 95 % interval, its uplift against all other rows and how likely such a difference is by chance. Without
 * a denominator, or with more than it, all but the two counts are null.
 */
export type RateValue = {
  value: number | null;
  low: number | null;
  high: number | null;
  uplift: number | null;
  pValue: number | null;
  numerator: number | null;
  denominator: number | null;
  /** How likely so great a difference from the compared period is by chance; where there is one. */
  previousPValue?: number | null;
};

/** One number for each of another: money, or a plain number where both are money. */
export type RatioValue = ({ value: number | null } | MoneyValue) & {
  numerator: WrittenExact | null;
  denominator: WrittenExact | null;
};

export type MeasureValue = number | null | MoneyValue | RateValue | RatioValue;
export type Values = Partial<Record<MeasureName, MeasureValue>>;

/** Measures by their names, or by model and name where models stand side by side. */
export type LineValues = Values | Partial<Record<ReportModel, Values>>;

/** The values of a row, of the rest or of the totals. With a comparison also the previous values, and the change of each. */
export type ReportLine = LineValues & { previous?: LineValues; change?: Record<string, unknown> };
export type ReportRow = Partial<Record<DimensionName | Grain, DimensionValue>> & ReportLine;

export type MeasureInfo = {
  label: { en: string; no: string };
  description: string;
  kind: Measure['kind'];
  /** The date that each part of it is counted by. */
  basis: Basis[];
  numerator?: Quantity;
  denominator?: readonly Quantity[];
};

export type ReportAnswer = {
  rows: ReportRow[];
  /** All groups that are not shown, together; null where all are. They have no medians. */
  other: ReportLine | null;
  totals: ReportLine;
  /** The totals of each part of the period, where it has parts. */
  series?: Array<Record<string, unknown>>;
  query: Record<string, unknown>;
  measures: Partial<Record<MeasureName, MeasureInfo>>;
  /** Amounts left out, since no rate is known for their day. */
  unconverted: Array<{ amount: WrittenExact; currency: string; count: number }>;
  notes: ReportNote[];
  /** What differs, what brings most, and what has changed, as numbers. */
  findings: Finding[];
  moreGroups: number;
  generatedAt: string;
};

type Quantities = Partial<Record<Quantity | Median, Exact | null>>;

/** Makes the answer from the facts that the database returned. */
export function assembleReport({
  facts,
  query,
  time,
  now,
}: {
  facts: ReportFacts;
  query: ReportQuery;
  time: ReadTime;
  now: number;
}): ReportAnswer {
  const assembly = new Assembly(facts, query, time);
  const rows = assembly.rows();
  const totals = assembly.line(assembly.totalOf);
  return {
    rows,
    other: facts.moreGroups > 0 ? assembly.line(assembly.otherOf) : null,
    totals,
    ...(query.time ? { series: assembly.series() } : {}),
    query: echo(query, time, facts.currency),
    measures: Object.fromEntries(query.measures.map((name) => [name, infoOf(name)])),
    unconverted: facts.unconverted.map(({ currency, amounts, minor }) => ({
      amount: fromMinor({ minor, currency }),
      currency,
      count: amounts,
    })),
    notes: notesOf(query, { ...facts, isCompared: time.previous !== null }),
    findings: findingsOf({ query, rows, totals }),
    moreGroups: facts.moreGroups,
    generatedAt: new Date(now).toISOString(),
  };
}

/** Where numbers are found: of a model, in the period or the compared one. */
type Find = (model: ReportModel, previous: boolean) => { own: Quantities; all: Quantities };

class Assembly {
  #facts: ReportFacts;
  #query: ReportQuery;
  #time: ReadTime;
  #wanted: Quantity[];
  #inRows: Set<Quantity>;
  #medians: Median[];
  /** By group (-1: the totals), period and bucket. */
  #found = new Map<number, Numbers>();
  #dimensions = new Map<number, DimensionValue[]>();
  /** The buckets of each group that have something in them, compared or not. */
  #filled = new Map<number, Set<number>>();
  #foundNames = new Map<ReportModel, Set<string>>();
  #totals = new Map<number, Quantities>();

  constructor(facts: ReportFacts, query: ReportQuery, time: ReadTime) {
    this.#facts = facts;
    this.#query = query;
    this.#time = time;
    this.#wanted = [...new Set(query.measures.flatMap(quantitiesOf))];
    this.#inRows = new Set(this.#wanted.filter((name) => areOf(query.dimensions, quantities[name].basis)));
    this.#medians = query.measures.flatMap((name) => {
      const measure: Measure = measures[name];
      return measure.kind === 'median' ? [measure.of] : [];
    });
    for (const fact of facts.facts) this.#add(fact);
    // Without dimensions there is one row, also where there is nothing in it.
    if (query.dimensions.length === 0 && !this.#dimensions.has(0)) this.#dimensions.set(0, []);
  }

  #add({ group, dimensions: values, bucket, previous, numbers }: Fact): void {
    this.#found.set(keyOf(group ?? -1, previous, bucket), numbers);
    if (group === null) {
      for (const [model, known] of Object.entries(numbers) as Array<[ReportModel, object]>) {
        this.#foundNames.set(model, new Set([...(this.#foundNames.get(model) ?? []), ...Object.keys(known)]));
      }
      return;
    }
    this.#dimensions.set(group, values);
    if (this.#query.time && bucket >= 0 && hasSomething(numbers)) {
      this.#filled.set(group, (this.#filled.get(group) ?? new Set()).add(bucket));
    }
  }

  /** The numbers of a group in one bucket; nothing found is 0 where the measure has a value. */
  #read(group: number, model: ReportModel, previous: boolean, bucket: number): Quantities {
    const known = this.#found.get(keyOf(group, previous, bucket))?.[model];
    const names = this.#foundNames.get(model);
    const read: Quantities = {};
    for (const name of this.#wanted) {
      const hasValue = names?.has(name) && (group < 0 || this.#inRows.has(name));
      read[name] = hasValue ? (known?.[name] ?? 0) : null;
    }
    for (const name of this.#medians) read[name] = known?.[name] ?? null;
    return read;
  }

  /** Numbers of a group over the whole period: what is open is that at its end. */
  #whole(group: number, model: ReportModel, previous: boolean): Quantities {
    const buckets = [...this.#buckets(previous).keys()];
    const read = buckets.map((bucket) => this.#read(group, model, previous, bucket));
    const whole = this.#combine(read[0] ?? {}, (name) =>
      quantities[name].basis === 'dealOpen'
        ? (read.at(-1)?.[name] ?? null)
        : read.reduce<Exact>((sum, one) => addExact(sum, one[name] ?? 0), 0),
    );
    const ofWhole = this.#query.time ? this.#found.get(keyOf(group, previous, -1))?.[model] : undefined;
    for (const name of this.#medians) {
      whole[name] = this.#query.time ? (ofWhole?.[name] ?? null) : (read[0]?.[name] ?? null);
    }
    return whole;
  }

  #combine(like: Quantities, value: (name: Quantity) => Exact | null): Quantities {
    const combined: Quantities = {};
    for (const name of this.#wanted) combined[name] = like[name] == null ? null : value(name);
    return combined;
  }

  #buckets(previous: boolean) {
    return (previous ? this.#time.previous : this.#time.current) ?? [];
  }

  readonly totalOf: Find = (model, previous) => {
    const all = this.#whole(-1, model, previous);
    return { own: all, all };
  };

  readonly otherOf: Find = (model, previous) => {
    const all = this.#whole(-1, model, previous);
    const shown = [...this.#dimensions.keys()].map((group) => this.#whole(group, model, previous));
    const own = this.#combine(all, (name) =>
      this.#inRows.has(name)
        ? clean(
            subtractExact(
              all[name]!,
              shown.reduce<Exact>((sum, one) => addExact(sum, one[name] ?? 0), 0),
            ),
          )
        : null,
    );
    return { own, all };
  };

  #partOf(group: number, bucket: number): Find {
    return (model, previous) => ({
      own: this.#read(group, model, previous, bucket),
      all: this.#totalsIn(bucket, model, previous),
    });
  }

  /** Read once: every row is held against them. */
  #totalsIn(bucket: number, model: ReportModel, previous: boolean): Quantities {
    const key = keyOf(this.#query.models.indexOf(model), previous, bucket);
    const totals = this.#totals.get(key) ?? this.#read(-1, model, previous, bucket);
    this.#totals.set(key, totals);
    return totals;
  }

  rows(): ReportRow[] {
    const { dimensions: names, time } = this.#query;
    const groups = [...this.#dimensions].toSorted(([a], [b]) => a - b);
    return groups.flatMap(([group, values]) =>
      this.#partsOf(group).map((bucket) => {
        const row: ReportRow = {};
        for (const [n, name] of names.entries()) row[name] = values[n] ?? null;
        if (time) row[time.unit] = this.#time.current[bucket]!.key;
        return Object.assign(row, this.line(this.#partOf(group, bucket)));
      }),
    );
  }

  /** The parts of the period that a group has a row for: where a part is a dimension, those with something in them. */
  #partsOf(group: number): number[] {
    const { time } = this.#query;
    if (!time || time.fill) return [...this.#time.current.keys()];
    return [...(this.#filled.get(group) ?? [])].toSorted((a, b) => a - b);
  }

  series(): Array<Record<string, unknown>> {
    return this.#time.current.map(({ key }, bucket) => ({
      [this.#query.time!.unit]: key,
      ...this.line(this.#partOf(-1, bucket)),
    }));
  }

  line(find: Find): ReportLine {
    const values = this.#lineOf(find, false);
    if (this.#time.previous === null) return values;
    const previous = this.#lineOf(find, true);
    comparePValues(values, previous);
    return { ...values, previous, change: changes(values, previous) };
  }

  #lineOf(find: Find, previous: boolean): LineValues {
    const { models, sideBySide } = this.#query;
    const values = models.map((model) => [model, this.#values(find(model, previous), model)] as const);
    return sideBySide ? Object.fromEntries(values) : (values[0]?.[1] ?? {});
  }

  #values({ own, all }: ReturnType<Find>, model: ReportModel): Values {
    const rest = this.#combine(own, (name) => (all[name] == null ? null : clean(subtractExact(all[name], own[name]!))));
    const values: Values = {};
    for (const name of this.#query.measures) values[name] = this.#valueOf(measures[name], { own, all, rest, model });
    return values;
  }

  #valueOf(
    measure: Measure,
    { own, all, rest }: { own: Quantities; all: Quantities; rest: Quantities; model: ReportModel },
  ): MeasureValue {
    const { currency } = this.#facts;
    switch (measure.kind) {
      case 'quantity': {
        const value = own[measure.of] ?? null;
        if (isMoney(measure.of)) return { amount: value === null ? null : amountOf(value, currency), currency };
        return value === null ? null : Number(clean(value));
      }
      case 'median':
        return own[measure.of] == null ? null : Math.round(Number(own[measure.of]) * 1e6) / 1e6;
      case 'ratio': {
        const [numerator, denominator] = [own[measure.numerator] ?? null, own[measure.denominator] ?? null];
        const written = (name: Quantity, value: Exact | null): WrittenExact | null => {
          if (value === null) return null;
          return isMoney(name) ? amountOf(value, currency) : writeExact(clean(value));
        };
        const parts = {
          numerator: written(measure.numerator, numerator),
          denominator: written(measure.denominator, denominator),
        };
        if (isMoney(measure.denominator)) {
          return {
            value: numerator === null || !denominator ? null : Number(numerator) / Number(denominator),
            ...parts,
          };
        }
        const amount = numerator === null || !denominator ? null : divideToWhole(numerator, Number(denominator));
        return { amount: amount === null ? null : amountOf(amount, currency), currency, ...parts };
      }
      case 'share':
        return rateOf({ numerator: plain(own[measure.of]), denominator: plain(all[measure.of]) }, null);
      case 'rate': {
        const part = (from: Quantities) => ({
          numerator: plain(from[measure.numerator]),
          denominator: sumOf(measure.denominator.map((name) => plain(from[name]))),
        });
        return rateOf(part(own), part(rest));
      }
    }
  }
}

/** One number, since it is made for every number that is read; buckets begin at -1, the whole period. */
const keyOf = (group: number, previous: boolean, bucket: number): number =>
  (group * 2 + Number(previous)) * (maxBuckets + 1) + bucket;

const hasSomething = (numbers: Numbers): boolean =>
  Object.values(numbers).some((known) => Object.values(known).some((value) => value !== null && value !== 0));

/** Counts and their parts: only money grows past what a number holds. */
const plain = (value: Exact | null | undefined): number | null => (value == null ? null : Number(value));

/** Minor units as an answer has them. Without any money there is no currency, and nothing but 0. */
const amountOf = (minor: Exact, currency: string | null): WrittenExact =>
  fromMinor({ minor, currency: currency ?? '' });

const isMoney = (name: Quantity): boolean => 'money' in quantities[name];

/** Without what floating point adds: credit is kept in parts of 1e-9. */
function clean<T extends Exact>(value: T): T | number {
  if (typeof value === 'bigint' || Number.isInteger(value)) return value === 0 ? 0 : value;
  const rounded = Math.round(value * 1e9) / 1e9;
  return rounded === 0 ? 0 : rounded;
}

function sumOf(values: Array<number | null>): number | null {
  return values.includes(null) ? null : clean(values.reduce((sum: number, one) => sum + one!, 0));
}

type Parts = { numerator: number | null; denominator: number | null };

const noRate = { value: null, low: null, high: null, uplift: null, pValue: null };

/** @param rest what it is compared with; null where comparing has no sense. */
function rateOf({ numerator, denominator }: Parts, rest: Parts | null): RateValue {
  const one = isKnown({ numerator, denominator });
  if (!one || !isProportion(one)) return { ...noRate, numerator, denominator };
  const others = rest && isKnown(rest);
  return {
    value: one.numerator / one.denominator,
    ...wilsonInterval(one),
    uplift: others ? upliftOf(one, others) : null,
    pValue: others ? pValueOf(one, others) : null,
    numerator: clean(one.numerator),
    denominator: clean(one.denominator),
  };
}

/** Adds to each rate how likely its difference from the compared period is by chance. */
function comparePValues(now: Record<string, unknown>, before: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(now)) {
    const former = before[name];
    if (!(name in measures)) comparePValues(value as Record<string, unknown>, former as Record<string, unknown>);
    else if (measures[name as MeasureName].kind === 'rate') {
      const [one, other] = [isKnown(value as Parts), isKnown(former as Parts)];
      (value as RateValue).previousPValue = one && other ? pValueOf(one, other) : null;
    }
  }
}

function isKnown({ numerator, denominator }: Parts): { numerator: number; denominator: number } | null {
  return numerator === null || denominator === null ? null : { numerator, denominator };
}

/** The number that a measure is about. */
export function mainNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return null;
  if ('amount' in value) return value.amount === null ? null : Number(value.amount);
  return 'value' in value ? (value.value as number | null) : null;
}

/** How far each value has changed from what it was, as a part of that; null where there is nothing to compare. */
function changes(now: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(now).map(([name, value]) => {
      const former = before[name];
      if (!(name in measures))
        return [name, changes(value as Record<string, unknown>, former as Record<string, unknown>)];
      const [one, other] = [mainNumber(value), mainNumber(former)];
      return [name, one === null || other === null || other === 0 ? null : (one - other) / Math.abs(other)];
    }),
  );
}

function infoOf(name: MeasureName): MeasureInfo {
  const measure: Measure = measures[name];
  return {
    label: measure.label,
    description: measure.description,
    kind: measure.kind,
    basis: [...new Set(basesOf(name))],
    ...(measure.kind === 'rate' ? { numerator: measure.numerator, denominator: measure.denominator } : {}),
    ...(measure.kind === 'ratio' ? { numerator: measure.numerator, denominator: [measure.denominator] } : {}),
    ...(measure.kind === 'share' ? { numerator: measure.of, denominator: [measure.of] } : {}),
  };
}

/** The report as it ran. */
function echo(query: ReportQuery, time: ReadTime, currency: string | null): Record<string, unknown> {
  const { models, sideBySide, time: parts, where, asOf, period: _period, offset: _offset, ...rest } = query;
  return {
    ...rest,
    compare: time.previous === null ? null : query.compare,
    dimensions: [...query.dimensions, ...(parts && !parts.fill ? [parts.unit] : [])],
    grain: parts?.fill ? parts.unit : null,
    attribution: sideBySide ? models : models[0],
    period: time.period,
    previousPeriod: time.previousPeriod satisfies Days | null,
    currency,
    where,
    asOf: asOf === null ? null : new Date(asOf).toISOString(),
  };
}
