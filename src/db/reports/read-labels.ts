import { dimensions } from '../../domain/reports/dimensions.ts';
import type { DimensionName } from '../../domain/reports/dimensions.ts';
import type { DimensionValue } from '../../domain/reports/facts.ts';
import type { Row } from '../packed-rows.ts';

/** The values of a row's dimensions, from its columns `label<n>`. */
export function readLabels(names: readonly DimensionName[], row: Row): DimensionValue[] {
  return names.map((name, n) => readLabel(name, row[`label${n}`] ?? null));
}

function readLabel(name: DimensionName, label: Row[string]): DimensionValue {
  const { kind } = dimensions[name];
  if (label === null) return kind === 'path' ? [] : null;
  if (kind === 'record' || kind === 'path') return JSON.parse(String(label)) as DimensionValue;
  return String(label);
}
