import type { Credit, IndexedPaths } from './indexed-paths.ts';

/** Weight of the touch at `at` of a path that runs from `start` up to `end`; a path's weights sum to one. */
export type WeighTouch = (place: { at: number; start: number; end: number }) => number;

/** Shares every path's conversions and value among its touches by their weights. */
export function creditByWeight({ paths, weigh }: { paths: IndexedPaths; weigh: WeighTouch }): Credit {
  const { channels, starts, touches } = paths;
  const credit = { conversions: new Float64Array(channels.length), value: new Float64Array(channels.length) };
  for (let p = 0; p + 1 < starts.length; p += 1) {
    const start = starts[p]!;
    const end = starts[p + 1]!;
    for (let at = start; at < end; at += 1) {
      const weight = weigh({ at, start, end });
      const channel = touches[at]!;
      credit.conversions[channel]! += weight * paths.conversions[p]!;
      credit.value[channel]! += weight * paths.value[p]!;
    }
  }
  return credit;
}
