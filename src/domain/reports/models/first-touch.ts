import { creditByWeight } from './credit-by-weight.ts';
import type { Credit, IndexedPaths } from './indexed-paths.ts';

/** The oldest touch gets everything. */
export function creditFirstTouch(paths: IndexedPaths): Credit {
  return creditByWeight({ paths, weigh: ({ at, start }) => (at === start ? 1 : 0) });
}
