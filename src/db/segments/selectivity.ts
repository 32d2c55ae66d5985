import { fieldConditions } from '../../domain/segments/criteria.ts';
import type { Criteria, FieldCondition } from '../../domain/segments/criteria.ts';
import { isNegation } from '../../domain/segments/fields.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import { noPlan } from './field-plan.ts';
import type { FieldPlan } from './field-plan.ts';
import { findField } from './fields.ts';

const exact: ReadonlySet<string> = new Set(['equals', 'isExactly', 'oneOf']);

/** Whether values are asked for, each whole. */
export const isExact = ({ op }: FieldCondition): boolean => exact.has(op);
const planOf = ({ field }: FieldCondition, entity: Entity): FieldPlan => findField(entity, field)?.plan ?? noPlan;

/** Whether a condition beside the other conditions holds for so many that an index of it is worth less than one of theirs. */
export function isWeakBeside(one: Criteria, all: readonly Criteria[], entity: Entity): boolean {
  return (
    'field' in one && planOf(one, entity).isBroad && all.some((other) => 'field' in other && isNarrow(other, entity))
  );
}

function isNarrow(condition: FieldCondition, entity: Entity): boolean {
  const plan = planOf(condition, entity);
  if (isNegation(condition.op) || plan.isBroad) return false;
  return isExact(condition) || (condition.op === 'startsWith' && plan.isNarrowByBeginning);
}

/** No condition at all. */
export function isEverything(criteria: Criteria): boolean {
  return 'all' in criteria && criteria.all.every(isEverything);
}

const mostConditions = 8;

/**
 * Whether it is worth trying the first records of an order, one by one, before all that criteria hold for are found: not where an
 * index gives few, nor where others would have to be looked up within others, or whole selections found, for each.
 */
export function mayHoldForMany(criteria: Criteria, entity: Entity): boolean {
  if (isEverything(criteria)) return false;
  const conditions = [...fieldConditions(criteria, { entity, location: '' })];
  return (
    conditions.length <= mostConditions &&
    conditions.every(({ op }) => op !== 'inSelection' && op !== 'notInSelection') &&
    !findsFew(criteria, entity) &&
    !isSorted(criteria, entity) &&
    !isNested(criteria, entity)
  );
}

/** Whether everything that is found is found by an index of the record's own. */
function findsFew(criteria: Criteria, entity: Entity): boolean {
  if ('all' in criteria) return criteria.all.some((one) => findsFew(one, entity));
  if ('any' in criteria) return criteria.any.every((one) => findsFew(one, entity));
  if (!('field' in criteria)) return false;
  const type = findField(entity, criteria.field)?.type;
  const isOwn = !criteria.field.includes('.');
  return type === 'date' ? isOwn : isOwn && (type === 'text' || type === 'reference') && isExact(criteria);
}

/**
 * Whether the records are those of one value, or of a few, that an index gives in order: SQLite leaves each value where the page has no
 * more room for it.
 */
function isSorted(criteria: Criteria, entity: Entity): boolean {
  if ('all' in criteria) return criteria.all.length === 1 && isSorted(criteria.all[0]!, entity);
  return 'field' in criteria && isFoundInOrder(criteria, entity);
}

const isFoundInOrder = (condition: FieldCondition, entity: Entity): boolean =>
  isExact(condition) && planOf(condition, entity).order === 'inOrder';

/** The condition that records are found by where others are asked of each: an index counts those it holds for without reading them. */
export function foundBy(criteria: Criteria, entity: Entity): FieldCondition | undefined {
  if (!('all' in criteria) || criteria.all.length === 1) return undefined;
  return criteria.all
    .filter((one) => 'field' in one)
    .find((one) => planOf(one, entity).isCountedByIndex && isFoundInOrder(one, entity));
}

/**
 * How many records are worth trying for each that is wanted: more where all the others would have to be read, or records of another
 * kind.
 */
export function triesFor(criteria: Criteria, entity: Entity): number {
  return isInOrder(criteria, entity) ? 8 : 64;
}

function isInOrder(criteria: Criteria, entity: Entity): boolean {
  if ('all' in criteria) return criteria.all.every((one) => isInOrder(one, entity));
  if ('any' in criteria) return criteria.any.every((one) => isInOrder(one, entity));
  if ('not' in criteria) return isInOrder(criteria.not, entity);
  return 'field' in criteria && planOf(criteria, entity).order !== null;
}

/** Whether other records would have to be looked up within others for each record. */
function isNested(criteria: Criteria, entity: Entity, isWithin = false): boolean {
  if ('all' in criteria) return criteria.all.some((one) => isNested(one, entity, isWithin));
  if ('any' in criteria) return criteria.any.some((one) => isNested(one, entity, isWithin));
  if ('not' in criteria) return isNested(criteria.not, entity, isWithin);
  if ('has' in criteria)
    return isWithin || (criteria.where !== undefined && isNested(criteria.where, criteria.has, true));
  return isWithin && planOf(criteria, entity).isSlow;
}
