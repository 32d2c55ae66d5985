import { creditByWeight } from './credit-by-weight.ts';
import type { Credit, IndexedPaths } from './indexed-paths.ts';

/** The newest touch gets everything. */
export function creditLastTouch(paths: IndexedPaths): Credit {
  return creditByWeight({ paths, weigh: ({ at, end }) => (at === end - 1 ? 1 : 0) });
}
