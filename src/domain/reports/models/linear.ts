import { creditByWeight } from './credit-by-weight.ts';
import type { Credit, IndexedPaths } from './indexed-paths.ts';

/** Every touch gets the same: a channel touched twice gets twice. */
export function creditLinear(paths: IndexedPaths): Credit {
  return creditByWeight({ paths, weigh: ({ start, end }) => 1 / (end - start) });
}
