import type { Credit, IndexedPaths } from './indexed-paths.ts';

/**
 * The Shapley value of each channel in the game v(S) = conversions of the paths whose channels all are in S.
 *
 * v is a sum of one unanimity game per path, worth its conversions to every S that holds the path's channels. The
 * Shapley value of a unanimity game shares it equally among the channels that must be there, the others being dummies,
 * and the Shapley value of a sum is the sum: so each path's conversions go in equal parts to its distinct channels, and
 * no subset is enumerated. Source: Zhao, Mahboobi, Bagheri, "Shapley value methods for attribution modeling in online
 * advertising", 2018, arXiv:1804.05327.
 */
export function creditShapley(paths: IndexedPaths): Credit {
  const { channels, starts, touches } = paths;
  const credit = { conversions: new Float64Array(channels.length), value: new Float64Array(channels.length) };
  // The path a channel was last seen in, so that a path's distinct channels are known without a set of each.
  const seenIn = new Int32Array(channels.length).fill(-1);
  const distinct: number[] = [];
  for (let p = 0; p + 1 < starts.length; p += 1) {
    distinct.length = 0;
    for (let at = starts[p]!; at < starts[p + 1]!; at += 1) {
      const channel = touches[at]!;
      if (seenIn[channel] === p) continue;
      seenIn[channel] = p;
      distinct.push(channel);
    }
    for (const channel of distinct) {
      credit.conversions[channel]! += paths.conversions[p]! / distinct.length;
      credit.value[channel]! += paths.value[p]! / distinct.length;
    }
  }
  return credit;
}
