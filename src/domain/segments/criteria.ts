import type { InputError } from '../errors.ts';
import { invalidInput } from '../errors.ts';
import { refuseCostly } from './cost.ts';
import { isDay } from './days.ts';
import { unknownName } from '../unknown-name.ts';
import {
  entityPlurals,
  findListValue,
  operandOf,
  operators,
  operatorsOfType,
  relations,
  selectionOperators,
  takesNames,
  unknownField,
} from './fields.ts';
import type { ConditionField, Entity, FindField, Operator } from './fields.ts';
import { units } from './relative-date.ts';
import type { RelativeDate } from './relative-date.ts';

/**
 * A value as its operator takes it: text, number, truth; a list for oneOf, noneOf; two for between; `RelativeDate` for
 * this, previous, next, lastDays and their like; none for empty, notEmpty, today, beforeToday, afterToday.
 */
export type CriteriaValue = string | number | boolean | string[] | number[] | RelativeDate | undefined;

export const comparisons = ['gte', 'gt', 'lte', 'lt', 'eq', 'ne'] as const;
export type Comparison = (typeof comparisons)[number];
export type CountCondition = Partial<Record<Comparison, number>>;

export type FieldCondition = { field: string; op: Operator; value?: CriteriaValue };
export type HasCondition = { has: Entity; where?: Criteria; count?: CountCondition };

/** A criteria tree as it is sent and kept: JSON. An empty `all` is everything, an empty `any` nothing. */
export type Criteria = { all: Criteria[] } | { any: Criteria[] } | { not: Criteria } | FieldCondition | HasCondition;

export const maxDepth = 12;
const maxNodes = 500;
export const maxValues = 1_000;
export const maxTextLength = 1_000;
const maxCount = 1_000;
const maxDays = 36_500;

/**
 * Reads a criteria tree. Every mistake is reported at once, each with its place in the tree: `where.all[1].op`.
 * @throws KildeError `invalid_input`, or `too_expensive` where it asks for more work than one query may.
 */
export function parseCriteria(
  input: unknown,
  { entity, findField, location = 'where' }: { entity: Entity; findField: FindField; location?: string },
): Criteria {
  const parser = new CriteriaParser(findField);
  const criteria = parser.read(input, { entity, location, depth: 1 });
  if (parser.errors.length > 0) throw invalidInput(parser.errors);
  refuseCostly(criteria, { entity, location });
  return criteria;
}

type Place = { entity: Entity; location: string; depth: number };

const everything: Criteria = { all: [] };

class CriteriaParser {
  readonly errors: InputError[] = [];
  #nodes = 0;
  #findField: FindField;

  constructor(findField: FindField) {
    this.#findField = findField;
  }

  read(input: unknown, place: Place): Criteria {
    const { location, depth, entity } = place;
    this.#nodes += 1;
    if (this.#nodes > maxNodes) {
      if (this.#nodes === maxNodes + 1) this.#refuse(location, `the tree has more than ${maxNodes} conditions`);
      return everything;
    }
    if (depth > maxDepth) return this.#refuse(location, `the tree is more than ${maxDepth} levels deep`);
    if (!isRecord(input))
      return this.#refuse(location, 'must be a condition: an object with all, any, not, field or has');
    const kinds = ['all', 'any', 'not', 'field', 'has'].filter((kind) => Object.hasOwn(input, kind));
    if (kinds.length !== 1) {
      return this.#refuse(location, 'must have exactly one of all, any, not, field and has');
    }
    const kind = kinds[0] as 'all' | 'any' | 'not' | 'field' | 'has';
    this.#refuseUnknown(input, { location, known: keysOf[kind] });
    const deeper = (value: unknown, path: string, of: Entity = entity) =>
      this.read(value, { entity: of, location: `${location}.${path}`, depth: depth + 1 });
    if (kind === 'all' || kind === 'any') {
      const list = input[kind];
      if (!Array.isArray(list)) return this.#refuse(`${location}.${kind}`, 'must be a list of conditions');
      const read = list.slice(0, maxNodes + 1).map((one, index) => deeper(one, `${kind}[${index}]`));
      return kind === 'all' ? { all: read } : { any: read };
    }
    if (kind === 'not') return { not: deeper(input['not'], 'not') };
    if (kind === 'has') return this.#readHas(input, place, deeper);
    return this.#readField(input, place);
  }

  #readHas(
    input: Record<string, unknown>,
    { entity, location }: Place,
    deeper: (value: unknown, path: string, of: Entity) => Criteria,
  ): Criteria {
    const has = relations[entity].find((one) => one === input['has']);
    if (!has) {
      const known = relations[entity].join(', ');
      if (known === '') return this.#refuse(`${location}.has`, 'is not possible here');
      this.errors.push(
        unknownName({
          location: `${location}.has`,
          what: 'relation',
          name: input['has'],
          known: relations[entity],
          owner: `${entityPlurals[entity]} have`,
        }),
      );
      return everything;
    }
    const condition: HasCondition = { has };
    if (input['where'] !== undefined && input['where'] !== null) condition.where = deeper(input['where'], 'where', has);
    if (input['count'] !== undefined && input['count'] !== null) {
      const count = this.#readCount(input['count'], `${location}.count`);
      if (count) condition.count = count;
    }
    return condition;
  }

  #readCount(input: unknown, location: string): CountCondition | undefined {
    if (!isRecord(input) || Object.keys(input).length === 0) {
      this.#refuse(location, `must name at least one of ${comparisons.join(', ')}`);
      return undefined;
    }
    this.#refuseUnknown(input, { location, known: comparisons });
    const count: CountCondition = {};
    for (const comparison of comparisons) {
      const number = input[comparison];
      if (number === undefined) continue;
      if (!Number.isSafeInteger(number) || (number as number) < 0) {
        this.#refuse(`${location}.${comparison}`, 'must be a whole number from 0');
      } else count[comparison] = number as number;
    }
    return count;
  }

  #readField(input: Record<string, unknown>, { entity, location }: Place): Criteria {
    const { field: name, op, value } = input;
    if (typeof name !== 'string') return this.#refuse(`${location}.field`, 'must be the name of a field');
    const isSelection = name === 'selection' && relations[entity].includes('selection');
    const field = isSelection ? undefined : this.#findField(entity, name);
    if (!isSelection && !field?.filterable) {
      const others = relations[entity].includes('selection') ? ['selection'] : [];
      const isKnown = ({ filterable }: ConditionField): boolean => filterable;
      this.errors.push(
        unknownField({ location: `${location}.field`, name, entity, findField: this.#findField, isKnown, others }),
      );
      return everything;
    }
    const known = field ? field.operators : selectionOperators;
    const operator = operators.find((one) => one === op);
    if (!operator || !known.includes(operator)) {
      const owner = `'${name.slice(0, 100)}' has`;
      this.errors.push(unknownName({ location: `${location}.op`, what: 'operator', name: op, known, owner }));
      return everything;
    }
    const at = `${location}.value`;
    const before = this.errors.length;
    const read = field ? this.#readValue(field, { op: operator, value, at }) : this.#readId(value, at);
    if (this.errors.length > before) return everything;
    return read === undefined ? { field: name, op: operator } : { field: name, op: operator, value: read };
  }

  #readValue(field: ConditionField, { op, value, at }: { op: Operator; value: unknown; at: string }): CriteriaValue {
    if (operandOf[op] === 'none') {
      if (value !== undefined && value !== null) this.#refuse(at, `${op} takes no value`);
      return undefined;
    }
    switch (field.type) {
      case 'number':
        return operandOf[op] === 'pair'
          ? this.#readPair(value, at, (one, of) => this.#readNumber(one, of))
          : this.#readNumber(value, at);
      case 'boolean':
        if (typeof value !== 'boolean') this.#refuse(at, 'must be true or false');
        return value as boolean;
      case 'date':
        return this.#readDateValue(op, value, at);
      case 'text':
      case 'list':
      case 'reference': {
        const one = (item: unknown, of: string) => this.#readItem(field, op, item, of);
        return operandOf[op] === 'list' ? this.#readList(value, at, one) : one(value, at);
      }
    }
  }

  #readDateValue(op: Operator, value: unknown, at: string): CriteriaValue {
    if (op === 'before' || op === 'after' || op === 'on') return this.#readDate(value, at);
    if (op === 'between') return this.#readPair(value, at, (one, of) => this.#readDate(one, of));
    if (op === 'lastDays' || op === 'nextDays') {
      if (isRecord(value)) return this.#readRelative(op, value, at);
      // A query string says 7: `createdAt[lastDays]=7`.
      if (!isWhole(value, maxDays))
        this.#refuse(at, `must be { "unit": "day", "count": 7 }, with a count from 1 to ${maxDays}`);
      return { unit: 'day', count: value as number };
    }
    if (isRecord(value)) return this.#readRelative(op, value, at);
    this.#refuse(at, 'must be { "unit": "day|week|month|quarter|year", "count": 1 }');
    return undefined;
  }

  #readRelative(op: Operator, value: Record<string, unknown>, at: string): RelativeDate {
    this.#refuseUnknown(value, { location: at, known: ['unit', 'count'] });
    const inDays = op === 'lastDays' || op === 'nextDays';
    const unit = inDays && value['unit'] === undefined ? 'day' : units.find((one) => one === value['unit']);
    if (!unit || (inDays && unit !== 'day')) {
      this.#refuse(`${at}.unit`, inDays ? 'must be day' : `must be one of ${units.join(', ')}`);
    }
    const count = value['count'] ?? (inDays ? undefined : 1);
    const most = op === 'this' ? 1 : unit === 'day' ? maxDays : maxCount;
    if (!isWhole(count, most)) {
      this.#refuse(`${at}.count`, most === 1 ? 'must be 1' : `must be a whole number from 1 to ${most}`);
    }
    return { unit: unit ?? 'day', count: count as number };
  }

  #readNumber(value: unknown, at: string): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) this.#refuse(at, 'must be a number');
    return value as number;
  }

  #readDate(value: unknown, at: string): string {
    if (typeof value !== 'string' || !(isDay(value) || isInstant(value))) {
      this.#refuse(at, 'must be a date such as 2026-09-01, or a time such as 2026-09-01T10:00:00Z');
    }
    return value as string;
  }

  #readPair<T extends number | string>(value: unknown, at: string, read: (one: unknown, at: string) => T): T[] {
    if (!Array.isArray(value) || value.length !== 2) {
      this.#refuse(at, 'must be a list of two: the least and the greatest, both included');
      return [];
    }
    const before = this.errors.length;
    const [least, greatest] = value.map((one, index) => read(one, `${at}[${index}]`)) as [T, T];
    const areAlike = typeof least === 'number' || (isDay(least) && isDay(greatest as string));
    if (this.errors.length === before && areAlike && least > greatest) {
      this.#refuse(at, 'the second must not be less than the first');
    }
    return [least, greatest];
  }

  #readList(value: unknown, at: string, read: (one: unknown, at: string) => string): string[] {
    if (!Array.isArray(value) || value.length === 0 || value.length > maxValues) {
      this.#refuse(at, `must be a list of 1 to ${maxValues} values`);
      return [];
    }
    return value.map((one, index) => read(one, `${at}[${index}]`));
  }

  #readItem(field: ConditionField, op: Operator, value: unknown, at: string): string {
    if (field.type === 'reference' && field.ids === 'number' && !(takesNames(field) && typeof value === 'string')) {
      return this.#readId(value, at);
    }
    if (typeof value !== 'string') {
      this.#refuse(at, 'must be text');
      return '';
    }
    if (value.trim() === '')
      this.#refuse(at, 'must not be empty. To ask for records without a value, use the operator empty');
    else if (value.length > maxTextLength) this.#refuse(at, `must be at most ${maxTextLength} characters`);
    else if (!value.isWellFormed() || value.includes('\0')) this.#refuse(at, 'must be text without broken characters');
    else if (field.values?.kind === 'static' && !isPartial(op) && findListValue(field.values, value) === undefined) {
      const known = field.values.values.map((one) => one.value);
      this.errors.push(unknownName({ location: at, what: 'value', name: value, known, owner: `'${field.name}' has` }));
    }
    return value;
  }

  #readId(value: unknown, at: string): string {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !/^[1-9]\d{0,14}$/.test(text)) this.#refuse(at, 'must be an id');
    return text as string;
  }

  #refuseUnknown(
    input: Record<string, unknown>,
    { location, known }: { location: string; known: readonly string[] },
  ): void {
    for (const key of Object.keys(input)) {
      if (known.includes(key)) continue;
      const at = `${location}.${key.slice(0, 100)}`;
      this.errors.push(unknownName({ location: at, what: 'field', name: key, known }));
    }
  }

  #refuse(location: string, message: string): Criteria {
    this.errors.push({ location, message });
    return everything;
  }
}

/** A condition on a field, of which entity, and where it stands in the tree. */
export type PlacedCondition = FieldCondition & { entity: Entity; location: string };

/** Every condition of the tree on a field. */
export function* fieldConditions(
  criteria: Criteria,
  { entity, location = 'where' }: { entity: Entity; location?: string },
): Generator<PlacedCondition> {
  if ('has' in criteria) {
    if (criteria.where) yield* fieldConditions(criteria.where, { entity: criteria.has, location: `${location}.where` });
  } else if ('not' in criteria) {
    yield* fieldConditions(criteria.not, { entity, location: `${location}.not` });
  } else if ('field' in criteria) {
    yield { ...criteria, entity, location };
  } else {
    const [kind, list] = 'all' in criteria ? ['all', criteria.all] : ['any', criteria.any];
    for (const [index, one] of list.entries()) {
      yield* fieldConditions(one, { entity, location: `${location}.${kind}[${index}]` });
    }
  }
}

const dayOperators: ReadonlySet<Operator> = new Set(
  operatorsOfType.date.filter((op) => op !== 'empty' && op !== 'notEmpty'),
);

/** Whether any condition of the tree is about days. */
export function countsDays(criteria: Criteria): boolean {
  for (const { op } of fieldConditions(criteria, { entity: 'person' })) if (dayOperators.has(op)) return true;
  return false;
}

const keysOf = {
  all: ['all'],
  any: ['any'],
  not: ['not'],
  field: ['field', 'op', 'value'],
  has: ['has', 'where', 'count'],
} as const;

const isPartial = (op: Operator): boolean => /starts|ends|contains/i.test(op);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

/** ISO 8601 with its offset, on a day that is. */
function isInstant(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  return match !== null && isDay(match[1]!) && !Number.isNaN(Date.parse(text));
}
