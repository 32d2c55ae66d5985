import { fieldConditions } from '../../domain/segments/criteria.ts';
import type { Criteria, FieldCondition } from '../../domain/segments/criteria.ts';
import { isNegation } from '../../domain/segments/fields.ts';
import type { Entity } from '../../domain/segments/fields.ts';
import { findField } from './fields.ts';

// What SQLite is not told: the database keeps no statistics, so that of two indexes it may take the one that gives more.

/** Fields of few values, each of which many records have. */
const broad = /(^|\.)(leadStatus|country|category|categoryGroup|createdVia|channel|medium)$/;
const exact = /^(equals|isExactly|oneOf)$/;

/** Whether values are asked for, each whole. */
export const isExact = ({ op }: FieldCondition): boolean => exact.test(op);
const isBroad = (name: string) => broad.test(name);

/** Whether a condition beside others holds for so many that an index of it is worth less than one of theirs. */
export function isWeakBeside(one: Criteria, all: readonly Criteria[]): boolean {
  return 'field' in one && isBroad(one.field) && all.some((other) => 'field' in other && isNarrow(other));
}

function isNarrow({ field, op }: FieldCondition): boolean {
  if (isNegation(op) || isBroad(field)) return false;
  return exact.test(op) || (op === 'startsWith' && !field.startsWith('fields.'));
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
    !isSorted(criteria) &&
    !isNested(criteria)
  );
}

/** Whether all that is found is found by an index of the record's own. */
function findsFew(criteria: Criteria, entity: Entity): boolean {
  if ('all' in criteria) return criteria.all.some((one) => findsFew(one, entity));
  if ('any' in criteria) return criteria.any.every((one) => findsFew(one, entity));
  if (!('field' in criteria)) return false;
  const type = findField(entity, criteria.field)?.type;
  const isOwn = !criteria.field.includes('.');
  return type === 'date' ? isOwn : isOwn && (type === 'text' || type === 'reference') && exact.test(criteria.op);
}

/**
 * Whether the records are those of one value, or of a few, that an index gives in order: SQLite leaves each value where the page has no
 * more room for it.
 */
function isSorted(criteria: Criteria): boolean {
  if ('all' in criteria) return criteria.all.length === 1 && isSorted(criteria.all[0]!);
  return 'field' in criteria && isFoundInOrder(criteria);
}

function isFoundInOrder({ field, op }: FieldCondition): boolean {
  return inOrder.test(field) && exact.test(op) && !/\.(channel|medium|landingPage)$/.test(field);
}

/** The condition that records are found by where others are asked of each: an index counts those it holds for without reading them. */
export function foundBy(criteria: Criteria): FieldCondition | undefined {
  if (!('all' in criteria) || criteria.all.length === 1) return undefined;
  return criteria.all
    .filter((one) => 'field' in one)
    .find((one) => /^(firstTouch|leadCreation)\./.test(one.field) && isFoundInOrder(one));
}

/**
 * Fields whose index has the time of creation too, so that all that are found by one are put in order without reading them; and those
 * that take long to ask of each.
 */
const inOrder =
  /^((firstTouch|leadCreation)\.(?!landingPage|at$)|latestConversion\.|leadStatus$|owner$|createdByForm$)/;

/** How many records are worth trying for each that is wanted: more where all the others would have to be read, or others of another kind. */
export function triesFor(criteria: Criteria): number {
  return isInOrder(criteria) ? 8 : 64;
}

function isInOrder(criteria: Criteria): boolean {
  if ('all' in criteria) return criteria.all.every(isInOrder);
  if ('any' in criteria) return criteria.any.every(isInOrder);
  if ('not' in criteria) return isInOrder(criteria.not);
  return 'field' in criteria && inOrder.test(criteria.field);
}

function isNested(criteria: Criteria, isWithin = false): boolean {
  if ('all' in criteria) return criteria.all.some((one) => isNested(one, isWithin));
  if ('any' in criteria) return criteria.any.some((one) => isNested(one, isWithin));
  if ('not' in criteria) return isNested(criteria.not, isWithin);
  if ('has' in criteria) return isWithin || (criteria.where !== undefined && isNested(criteria.where, true));
  return isWithin && criteria.field.startsWith('latestConversion.');
}
