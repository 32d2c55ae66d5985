import type { MoneyValue, RateValue, ReportAnswer } from './assemble-report.ts';
import { dimensions } from './dimensions.ts';
import type { DimensionName } from './dimensions.ts';
import type { DimensionValue } from './facts.ts';
import { measures, quantities } from './measures.ts';
import type { MeasureName } from './measures.ts';

export type FlatValue = string | number | null;
/** Rows of plain values, each with every column in this order. */
export type FlatReport = { columns: string[]; rows: Array<Record<string, FlatValue>> };

type FlatColumn = { name: string; read: (row: Record<string, unknown>) => FlatValue };

/**
 * A report as a table by field names, for programs: a rate as its value, money as `revenue` and `revenueCurrency`, a record as
 * `form` and `formId`, a path as one text. Models side by side are `linear.revenue`, what is compared with `previous.revenue` and
 * `change.revenue`. The rest and the totals are no rows.
 */
export function flattenReport({ query, rows }: Pick<ReportAnswer, 'query' | 'rows'>): FlatReport {
  const attribution = query['attribution'] as string | string[];
  const models = Array.isArray(attribution) ? attribution : [null];
  const names = query['measures'] as MeasureName[];
  const groups: Array<string | null> = query['compare'] ? [null, 'previous', 'change'] : [null];
  const columns = [
    ...dimensionColumns(query),
    ...groups.flatMap((group) =>
      models.flatMap((model) =>
        names.flatMap((name) => measureColumns(name, { path: [group, model].filter((step) => step !== null) })),
      ),
    ),
  ];
  return {
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name, read }) => [name, read(row)]))),
  };
}

function dimensionColumns(query: Record<string, unknown>): FlatColumn[] {
  const names = [...(query['dimensions'] as string[]), ...(query['grain'] ? [query['grain'] as string] : [])];
  return names.flatMap((name) => {
    const isRecord = name in dimensions && dimensions[name as DimensionName].kind === 'record';
    const record = (row: Record<string, unknown>) => row[name] as { id: string; name: string } | null;
    if (!isRecord) return [{ name, read: (row) => textOf(row[name] as DimensionValue) }];
    return [
      { name, read: (row) => record(row)?.name ?? null },
      { name: `${name}Id`, read: (row) => record(row)?.id ?? null },
    ];
  });
}

function textOf(value: DimensionValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (!Array.isArray(value)) return value.name;
  return value.length === 0 ? null : value.join(' > ');
}

function measureColumns(measure: MeasureName, { path }: { path: readonly string[] }): FlatColumn[] {
  const find = (row: Record<string, unknown>) => {
    let line: Record<string, unknown> | undefined = row;
    for (const step of path) line = line?.[step] as Record<string, unknown> | undefined;
    return line?.[measure] ?? null;
  };
  const name = [...path, measure].join('.');
  const numberOf = (value: unknown): FlatValue => {
    if (typeof value !== 'object' || value === null) return (value ?? null) as FlatValue;
    return 'amount' in value ? (value.amount as FlatValue) : (value as RateValue).value;
  };
  const value: FlatColumn = { name, read: (row) => numberOf(find(row)) };
  // A change is a number, whatever has changed.
  if (!isMoney(measure) || path[0] === 'change') return [value];
  const currency = (row: Record<string, unknown>) => (find(row) as MoneyValue | null)?.currency ?? null;
  return [value, { name: `${name}Currency`, read: currency }];
}

/** Whether a measure is an amount. */
function isMoney(name: MeasureName): boolean {
  const measure = measures[name];
  if (measure.kind === 'ratio') return measure.denominator !== 'cost';
  return measure.kind === 'quantity' && 'money' in quantities[measure.of];
}
