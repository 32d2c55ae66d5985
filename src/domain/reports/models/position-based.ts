import { creditByWeight } from './credit-by-weight.ts';
import type { Credit, IndexedPaths } from './indexed-paths.ts';

/** 40 % to the first touch, 40 % to the last, 20 % shared by those between; two touches get half each. */
export function creditPositionBased(paths: IndexedPaths): Credit {
  return creditByWeight({
    paths,
    weigh({ at, start, end }) {
      const count = end - start;
      if (count <= 2) return 1 / count;
      return at === start || at === end - 1 ? 0.4 : 0.2 / (count - 2);
    },
  });
}
