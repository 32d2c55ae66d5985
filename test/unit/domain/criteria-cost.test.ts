import { describe, expect, it } from 'vitest';
import { findField } from '../../../src/db/segments/fields.ts';
import { bounds } from '../../../src/domain/bounds.ts';
import { KildeError } from '../../../src/domain/errors.ts';
import { costOf } from '../../../src/domain/segments/cost.ts';
import { parseCriteria } from '../../../src/domain/segments/criteria.ts';
import type { Criteria } from '../../../src/domain/segments/criteria.ts';
import { boundsExceededBy } from '../../../src/domain/segments/selections.ts';
import type { SelectionDefinition } from '../../../src/domain/segments/selections.ts';

const source: Criteria = { field: 'source', op: 'equals', value: 'a' };
const counted: Criteria = { has: 'touch', where: source, count: { gte: 2 } };
const any: Criteria = { has: 'touch', where: source };
const times = (criteria: Criteria, count: number): Criteria => ({ any: Array.from({ length: count }, () => criteria) });

function refusal(where: unknown): KildeError | null {
  try {
    parseCriteria(where, { entity: 'person', findField });
    return null;
  } catch (error) {
    return error as KildeError;
  }
}

describe('the cost of criteria', () => {
  it.each([
    ['a condition', { field: 'email', op: 'equals', value: 'a' }, 1],
    ['a search in text', { field: 'email', op: 'notContains', value: 'a' }, 2],
    ['a list', { field: 'email', op: 'oneOf', value: Array.from({ length: 100 }, (_, i) => `${i}`) }, 3],
    ['a field of a parent', { field: 'company.name', op: 'equals', value: 'a' }, 6],
    ['a relation', any, 26],
    ['at least one', { ...any, count: { gte: 1 } }, 26],
    ['none', { ...any, count: { eq: 0 } }, 26],
    ['a counted relation', counted, 126],
    ['two comparisons', { ...any, count: { gte: 1, lte: 3 } }, 126],
    ['a nested one', { has: 'company', where: { has: 'person', where: counted } }, 176],
    ['a group', { all: [source, { not: source }, { any: [] }] }, 2],
  ] as Array<[string, Criteria, number]>)('of %s', (_name, criteria, points) => {
    expect(costOf(criteria, 'person').points).toBe(points);
  });

  it('counts a relation over two tables twice', () => {
    expect(costOf({ has: 'touch' }, 'company').points).toBe(50);
  });
});

describe('criteria beyond a bound', () => {
  it.each([
    ['counted relations', times(counted, 60), 7_560],
    ['relations', times(any, 60), 1_560],
    [
      'counted relations within each other',
      { has: 'company', where: times({ has: 'person', where: counted, count: { gt: 2 } }, 4) },
      1_029,
    ],
    [
      'values',
      times({ field: 'email', op: 'oneOf', value: Array.from({ length: 1_000 }, (_, i) => `${i}`) }, 6),
      6_000,
    ],
    [
      'levels',
      Array.from({ length: 7 }).reduce((where: unknown, _, n) => ({ has: n % 2 === 0 ? 'company' : 'person', where }), {
        all: [],
      }),
      7,
    ],
  ])('are refused by their %s, with the value and the bound', (_name, where, value) => {
    const error = refusal(where);
    expect(error?.code).toBe('too_expensive');
    expect(error?.message).toContain(`is ${value}; at most`);
  });

  it('leaves room for what people ask', () => {
    expect(refusal(times(counted, 7))).toBeNull();
    expect(refusal(times(any, 38))).toBeNull();
    expect(refusal(times({ field: 'email', op: 'contains', value: 'a' }, 499))).toBeNull();
  });
});

describe('selections of selections', () => {
  const dynamic = (id: number, where: Criteria): SelectionDefinition => ({
    id,
    name: `${id}`,
    entity: 'person',
    rule: { kind: 'dynamic', where },
  });

  it('cost what they are made of, as often as they are asked', () => {
    const heavy = dynamic(1, times(counted, 3));
    const twice = dynamic(2, times({ field: 'selection', op: 'inSelection', value: '1' }, 2));
    const combined: SelectionDefinition = {
      id: 3,
      name: '3',
      entity: 'person',
      rule: { kind: 'combined', firstId: 1, secondId: 2, operator: 'both' },
    };
    const all = new Map([heavy, twice, combined].map((one) => [one.id, one]));
    expect(boundsExceededBy(2, all, { location: 'body.where' })).toBeNull();
    const error = boundsExceededBy(3, all, { location: 'body.combine' });
    expect(error?.message).toContain(`is 1137; at most ${bounds.criteriaCost.most} points`);
    expect(boundsExceededBy(1, all, { location: 'selection', times: 4 })?.code).toBe('too_expensive');
  });
});
