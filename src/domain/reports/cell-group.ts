import { invalidInput } from '../errors.ts';
import type { InputError } from '../errors.ts';
import { dimensions } from './dimensions.ts';
import type { DimensionName } from './dimensions.ts';
import type { DimensionValue } from './facts.ts';
import type { ReportQuery } from './query.ts';

export type GivenGroup = Record<string, string | null | string[] | { id: string }>;

/** The group of a cell: the values of some of the report's dimensions, and the part of time. */
export type CellGroup = { names: DimensionName[]; values: DimensionValue[]; part: string | null };

/**
 * Reads a group as a row of a report shows it. Dimensions that are left out hold any value.
 * @throws KildeError `invalid_input` at `body.group.<name>`.
 */
export function readGroup(
  given: GivenGroup,
  { dimensions: known, time }: Pick<ReportQuery, 'dimensions' | 'time'>,
): CellGroup {
  const errors: InputError[] = [];
  const group: CellGroup = { names: [], values: [], part: null };
  for (const [name, value] of Object.entries(given)) {
    const location = `body.group.${name.slice(0, 100)}`;
    const dimension = known.find((one) => one === name);
    if (name === time?.unit) {
      if (typeof value === 'string') group.part = value;
      else errors.push({ location, message: 'must be a part of the period such as 2026-01' });
    } else if (dimension === undefined) {
      const names = [...known, ...(time ? [time.unit] : [])];
      const message = `"${name.slice(0, 100)}" is no dimension of this report. It has: ${names.join(', ') || 'none'}.`;
      errors.push({ location, message });
    } else {
      const read = readValue(dimension, value);
      if (typeof read === 'string') errors.push({ location, message: faults[read] });
      else {
        group.names.push(dimension);
        group.values.push(read.value);
      }
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
  return group;
}

const faults = {
  path: 'must be a list of channels, or null',
  record: 'must be an id, { "id" }, or null',
  text: 'must be text, or null',
} as const;
type Fault = keyof typeof faults;

function readValue(name: DimensionName, value: GivenGroup[string]): { value: DimensionValue } | Fault {
  const { kind } = dimensions[name];
  if (kind === 'path') {
    if (value === null || Array.isArray(value)) return { value: value ?? [] };
    return 'path';
  }
  if (value === null) return { value: null };
  if (kind !== 'record') return typeof value === 'string' ? { value } : 'text';
  const id = typeof value === 'object' && !Array.isArray(value) ? value.id : value;
  if (typeof id !== 'string' || (name !== 'form' && name !== 'site' && !/^[1-9]\d{0,14}$/.test(id))) return 'record';
  return { value: { id, name: '' } };
}
