import type { Criteria } from './criteria.ts';

/**
 * A place in a criteria tree, and the criteria that hold for the records left there. `sameAs` is the place of a group that holds for the
 * same records: the last line of `all`, the only branch of `any`.
 */
export type Branch = { location: string; criteria: Criteria; sameAs: string | null };

/**
 * Every line and branch of a tree, the whole tree first, then from the top down: a line of `all` after those above it, a branch of `any`
 * among the records left above the group, and what stands in `not` as it is. What is asked of related records is no branch.
 */
export function branchesOf(where: Criteria, location = 'where'): Branch[] {
  type Place = { at: string; above: readonly Criteria[]; sameAs: string | null };
  const walk = (criteria: Criteria, { at, above, sameAs }: Place): Branch[] => {
    const own = { location: at, criteria: above.length === 0 ? criteria : { all: [...above, criteria] }, sameAs };
    if ('all' in criteria) {
      const { all } = criteria;
      const lines = all.flatMap((one, index) =>
        walk(one, {
          at: `${at}.all[${index}]`,
          above: [...above, ...all.slice(0, index)],
          sameAs: index === all.length - 1 ? at : null,
        }),
      );
      return [own, ...lines];
    }
    if ('any' in criteria) {
      const only = criteria.any.length === 1 ? at : null;
      return [own, ...criteria.any.flatMap((one, n) => walk(one, { at: `${at}.any[${n}]`, above, sameAs: only }))];
    }
    return 'not' in criteria ? [own, ...walk(criteria.not, { at: `${at}.not`, above, sameAs: null })] : [own];
  };
  return walk(where, { at: location, above: [], sameAs: null });
}
