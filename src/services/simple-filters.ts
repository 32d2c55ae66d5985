import type { SQL } from 'drizzle-orm';
import { compileCriteria } from '../db/segments/compile.ts';
import { findField } from '../db/segments/fields.ts';
import { invalidInput, KildeError } from '../domain/errors.ts';
import type { InputError } from '../domain/errors.ts';
import { refuseCostly } from '../domain/segments/cost.ts';
import { parseCriteria } from '../domain/segments/criteria.ts';
import type { Criteria } from '../domain/segments/criteria.ts';
import { unknownName } from '../domain/unknown-name.ts';
import { operandOf, operators, selectionOperators, unknownField } from '../domain/segments/fields.ts';
import type { ConditionField, FieldType, Operator, QueryEntity } from '../domain/segments/fields.ts';
import { readSelectionCompiler } from './read-definitions.ts';
import { readNow } from './run-segment.ts';
import type { SegmentContext } from './run-segment.ts';

/** What a list takes beside fields. */
const listParameters = ['limit', 'cursor', 'count', 'sort', 'columns'];

/** Filters of one list. */
const maxFilters = 200;

/** Query parameters of a list beside its own: fields, with an operator or without. */
export type FieldParameters = Record<string, unknown>;

/**
 * The condition that query parameters ask for: `leadStatus=Open`, `firstTouch.source[contains]=link`. All must hold.
 * Undefined where there is none.
 * @throws KildeError `invalid_input`, naming the parameter: `query.firstTouch.source[contains]`.
 */
export async function compileFilters(
  context: SegmentContext,
  { entity, parameters }: { entity: QueryEntity; parameters: FieldParameters },
): Promise<SQL | undefined> {
  const names = Object.keys(parameters);
  if (names.length === 0) return undefined;
  const where = readFilters({ entity, parameters });
  const [now, compileSelection] = await Promise.all([
    readNow(context, { criteria: where }),
    readSelectionCompiler(context, { where, entity, location: 'query' }),
  ]);
  return compileCriteria(where, { entity, now, ...(compileSelection ? { compileSelection } : {}) });
}

/** Query parameters as the criteria they stand for. @throws KildeError `invalid_input`. */
export function readFilters({ entity, parameters }: { entity: QueryEntity; parameters: FieldParameters }): Criteria {
  const errors: InputError[] = [];
  const all: Criteria[] = [];
  if (Object.keys(parameters).length > maxFilters) {
    throw invalidInput([{ location: 'query', message: `must hold at most ${maxFilters} filters` }]);
  }
  for (const [parameter, text] of Object.entries(parameters)) {
    const location = `query.${parameter.slice(0, 100)}`;
    const [, name, given] = /^(.*?)(?:\[(\w+)\])?$/s.exec(parameter)!;
    const field = findField(entity, name!);
    if (!field?.filterable && name !== 'selection') {
      const isKnown = ({ filterable }: ConditionField): boolean => filterable;
      errors.push(unknownField({ location, name: name!, entity, findField, isKnown, others: listParameters }));
      continue;
    }
    const type = field?.type ?? 'reference';
    const op = operators.find((one) => one === given) ?? (given === undefined ? plainOperators[type] : undefined);
    if (op === undefined) {
      const known = field?.operators ?? selectionOperators;
      errors.push(unknownName({ location, what: 'operator', name: given!, known, owner: `'${name}' has` }));
      continue;
    }
    const value = readValue({ text: String(text), type, op });
    try {
      all.push(
        parseCriteria(value === undefined ? { field: name, op } : { field: name, op, value }, {
          entity,
          findField,
          location,
        }),
      );
    } catch (error) {
      if (!(error instanceof KildeError) || error.code !== 'invalid_input') throw error;
      errors.push(...error.errors.map((one) => ({ ...one, location })));
    }
  }
  if (errors.length > 0) throw invalidInput(errors);
  refuseCostly({ all }, { entity, location: 'query' });
  return { all };
}

/** What `field=value` asks of a field of each type. */
const plainOperators: Record<FieldType, Operator> = {
  text: 'equals',
  list: 'equals',
  reference: 'equals',
  boolean: 'equals',
  number: 'eq',
  date: 'on',
};

/** A parameter's text as its operator takes it: lists part at commas, `month` or `month:3` is a unit with its count. */
function readValue({ text, type, op }: { text: string; type: FieldType; op: Operator }): unknown {
  switch (operandOf[op]) {
    case 'none':
      return text === '' || text === 'true' ? undefined : text;
    case 'list':
      return text.split(',').map((one) => one.trim());
    case 'pair':
      return text.split(',').map((one) => (type === 'number' ? readNumber(one) : one.trim()));
    case 'days':
      return readNumber(text);
    case 'units': {
      const [unit, count] = text.split(':');
      return count === undefined ? { unit } : { unit, count: readNumber(count) };
    }
    case 'one':
      if (type === 'number') return readNumber(text);
      if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
      return text;
  }
}

/** A number, or the text where it is none, which is told as a mistake. */
function readNumber(text: string): number | string {
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
