import { refuseBeyond } from '../bounds.ts';
import type { Criteria, FieldCondition, HasCondition } from './criteria.ts';
import { relations } from './fields.ts';
import type { Entity } from './fields.ts';

/**
 * What criteria cost the database, in points, without what selections that they name cost. A point is
 * a comparison of every record with one value, about a millisecond at 30,000 people; a relation takes 20 to 30
 * milliseconds there, a counted one up to 300 where all related records are counted.
 */
const points = {
  condition: 1,
  /** Each step to what a record belongs to: `person.company.name` of a deal takes two. */
  parent: 5,
  /** `contains`, `endsWith` and their negations: no index helps, and every text is read. */
  partialText: 2,
  /** Related records are read once, and their keys looked for. */
  relation: 25,
  /** A counted relation groups all related records by key. */
  countedRelation: 125,
};

/** Values of a list that cost as much as one condition. */
const valuesPerPoint = 50;

/** Related records that are found by a join of two tables cost so many times as much. */
const joinFactor = 2;
const joined: ReadonlySet<`${Entity}:${Entity}`> = new Set([
  'company:touch',
  'submission:touch',
  'touch:company',
  'touch:submission',
]);

export type CriteriaCost = { points: number; values: number; relationDepth: number };

/** What a criteria tree asks of the database, known before it runs. */
export function costOf(criteria: Criteria, entity: Entity): CriteriaCost {
  if ('all' in criteria) return sumOf(criteria.all.map((one) => costOf(one, entity)));
  if ('any' in criteria) return sumOf(criteria.any.map((one) => costOf(one, entity)));
  if ('not' in criteria) return sumOf([costOf(criteria.not, entity)]);
  if ('has' in criteria) return costOfRelation(criteria, entity);
  return costOfCondition(criteria, entity);
}

function sumOf(parts: CriteriaCost[]): CriteriaCost {
  const sum: CriteriaCost = { points: 0, values: 0, relationDepth: 0 };
  for (const part of parts) {
    sum.points += part.points;
    sum.values += part.values;
    sum.relationDepth = Math.max(sum.relationDepth, part.relationDepth);
  }
  return sum;
}

function costOfRelation({ has, where, count }: HasCondition, entity: Entity): CriteriaCost {
  const inner = where ? costOf(where, has) : { points: 0, values: 0, relationDepth: 0 };
  const own =
    (count && isGrouped(count) ? points.countedRelation : points.relation) *
    (joined.has(`${entity}:${has}`) ? joinFactor : 1);
  return { points: own + inner.points, values: inner.values, relationDepth: inner.relationDepth + 1 };
}

/** "At least one" and "none" are found without counting. */
function isGrouped(count: NonNullable<HasCondition['count']>): boolean {
  const [first, ...rest] = Object.entries(count);
  if (!first || rest.length > 0) return first !== undefined;
  const [comparison, number] = first;
  return !(comparison === 'gte' && number === 1) && !(comparison === 'eq' && number === 0);
}

/** How many steps a field's name takes to what the record belongs to. */
function stepsOf(field: string, entity: Entity): number {
  const dot = field.indexOf('.');
  const parent = dot < 0 ? undefined : relations[entity].find((one) => one === field.slice(0, dot));
  return parent ? 1 + stepsOf(field.slice(dot + 1), parent) : 0;
}

function costOfCondition({ field, op, value }: FieldCondition, entity: Entity): CriteriaCost {
  const values = Array.isArray(value) ? value.length : 1;
  const own = /contains|endsWith/i.test(op) ? points.partialText : points.condition;
  const steps = stepsOf(field, entity);
  return { points: own + steps * points.parent + Math.floor(values / valuesPerPoint), values, relationDepth: 0 };
}

/** @throws KildeError `too_expensive` naming the bound that criteria are beyond. */
export function refuseCostly(criteria: Criteria, { entity, location }: { entity: Entity; location: string }): void {
  const cost = costOf(criteria, entity);
  refuseBeyond('relationDepth', { value: cost.relationDepth, location });
  refuseBeyond('criteriaValues', { value: cost.values, location });
  refuseBeyond('criteriaCost', { value: cost.points, location });
}
