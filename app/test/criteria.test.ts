import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addTo, complete, conditionAt, locationOf, readWhere, replaceAt, writeWhere } from '../src/ui/find/criteria.ts';
import type { All, Condition, Path } from '../src/ui/find/criteria.ts';

const source = { field: 'firstTouch.source', op: 'oneOf', value: ['linkedin'] };
const status = { field: 'leadStatus', op: 'equals', value: 'Open' };
const deal = { has: 'deal', count: { gte: 1 }, where: { all: [{ field: 'amount', op: 'gte', value: 50_000 }] } };
const tree: All = { all: [source, { any: [deal, { not: status }] }] };

const criterion = fc.record({ field: fc.string(), op: fc.constant('equals'), value: fc.string({ minLength: 1 }) });
const condition: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    criterion,
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
})).tree;

/** Every place of a tree that has a condition. */
function placesOf(at: Condition, path: Path = []): Path[] {
  if ('not' in at) return [path, ...placesOf(at.not, [...path, 'not'])];
  const key = 'all' in at ? 'all' : 'any' in at ? 'any' : null;
  if (key === null) return [path];
  return [
    path,
    ...(at as Record<string, Condition[]>)[key]!.flatMap((one, place) => placesOf(one, [...path, key, place])),
  ];
}

describe('criteria of the builder', () => {
  it('are the same after they stood in an address', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), (all) => {
        expect(readWhere(writeWhere({ all }))).toEqual({ all });
      }),
    );
    expect(writeWhere({ all: [] })).toBeUndefined();
    for (const text of [undefined, 'x', '7', 'null']) expect(readWhere(text)).toEqual({ all: [] });
    expect(readWhere(JSON.stringify(status))).toEqual({ all: [status] });
  });

  it('change at their place alone', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 3 }), fc.nat(), criterion, (all, seed, next) => {
        const before: Condition = { all };
        const places = placesOf(before).slice(1);
        if (places.length === 0) return;
        const place = places[seed % places.length]!;
        const after = replaceAt(before, place, next);
        expect(conditionAt(after, place)).toEqual(next);
        expect(replaceAt(after, place, conditionAt(before, place))).toEqual(before);
      }),
    );
  });

  it('lose and win conditions', () => {
    expect(replaceAt(tree, ['all', 1, 'any', 0], null)).toEqual({ all: [source, { any: [{ not: status }] }] });
    expect(addTo(tree, ['all', 1], source)).toEqual({ all: [source, { any: [deal, { not: status }, source] }] });
    expect(replaceAt(tree, ['all', 1, 'any', 1, 'not'], source)).toEqual({
      all: [source, { any: [deal, { not: source }] }],
    });
  });

  it('name their places as the API does', () => {
    expect(locationOf(['all', 1, 'any', 1, 'not'])).toBe('where.all[1].any[1].not');
  });

  it('are sent without what is half built', () => {
    const half = { field: 'title', op: 'contains', value: '' };
    expect(complete({ all: [half, { any: [half, { all: [] }] }, { field: 'email', op: 'empty' }] })).toEqual({
      all: [{ field: 'email', op: 'empty' }],
    });
    expect(complete({ any: [{ field: 'createdAt', op: 'between', value: ['2026-01-01', ''] }, tree] })).toEqual({
      any: [tree],
    });
  });
});
