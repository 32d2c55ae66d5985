import { creditByWeight } from './credit-by-weight.ts';
import type { Credit, IndexedPaths } from './indexed-paths.ts';

/** Half-life of a touch, in days, where none is set. */
export const defaultHalfLifeDays = 7;

/**
 * A touch weighs half of one that is `halfLifeDays` nearer to the conversion.
 * @throws RangeError where a path has no `daysBefore`: whoever reads the paths has to ask for it.
 */
export function creditTimeDecay({ paths, halfLifeDays }: { paths: IndexedPaths; halfLifeDays: number }): Credit {
  const { starts, daysBefore } = paths;
  const weights = new Float64Array(daysBefore.length);
  for (let p = 0; p + 1 < starts.length; p += 1) {
    const start = starts[p]!;
    const end = starts[p + 1]!;
    // Counted from the path's nearest touch, which weighs one: no path is so old that all its weights vanish.
    let nearest = Infinity;
    for (let at = start; at < end; at += 1) nearest = Math.min(nearest, daysBefore[at]!);
    if (Number.isNaN(nearest)) throw new RangeError('Time decay needs daysBefore on every path.');
    let sum = 0;
    for (let at = start; at < end; at += 1) {
      weights[at] = 2 ** ((nearest - daysBefore[at]!) / halfLifeDays);
      sum += weights[at]!;
    }
    for (let at = start; at < end; at += 1) weights[at]! /= sum;
  }
  return creditByWeight({ paths, weigh: ({ at }) => weights[at]! });
}
