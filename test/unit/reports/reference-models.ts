import type { PathModel } from '../../../src/domain/reports/models/credit-paths.ts';
import type { ChannelPath } from '../../../src/domain/reports/models/indexed-paths.ts';

/** The models as their definitions read, without thought of speed. Shares of credit by channel. */
type Shares = Map<string, { conversions: number; value: number }>;

export function referenceCredit({ paths, model }: { paths: ChannelPath[]; model: PathModel }): Shares {
  if (model === 'markov') return markovShares(paths);
  if (model === 'shapley') return shapleyShares(paths);
  const shares: Shares = new Map(channelsOf(paths).map((channel) => [channel, { conversions: 0, value: 0 }]));
  for (const path of paths) {
    const weights = touchWeights({ path, model });
    const sum = weights.reduce((total, one) => total + one, 0);
    for (const [i, channel] of path.touches.entries()) {
      const share = shares.get(channel)!;
      share.conversions += (path.conversions * weights[i]!) / sum;
      share.value += (path.value * weights[i]!) / sum;
    }
  }
  return shares;
}

/** Weights of a path's touches, not yet brought to a sum of one. */
function touchWeights({ path, model }: { path: ChannelPath; model: PathModel }): number[] {
  const n = path.touches.length;
  switch (model) {
    case 'firstTouch':
      return path.touches.map((_, i) => Number(i === 0));
    case 'lastTouch':
      return path.touches.map((_, i) => Number(i === n - 1));
    case 'positionBased':
      if (n === 1) return [100];
      if (n === 2) return [50, 50];
      return [40, ...Array.from({ length: n - 2 }, () => 20 / (n - 2)), 40];
    case 'timeDecay':
      return path.daysBefore!.map((days) => 0.5 ** (days / 7));
    case 'linear':
    case 'markov':
    case 'shapley':
      return path.touches.map(() => 1);
  }
}

export function channelsOf(paths: readonly ChannelPath[]): string[] {
  return [...new Set(paths.flatMap(({ touches }) => touches))];
}

/** The Shapley value by its definition: the mean of what a channel adds, over every order of arrival, by subsets. */
function shapleyShares(paths: ChannelPath[]): Shares {
  const channels = channelsOf(paths);
  const n = channels.length;
  const worth = (mask: number, of: 'conversions' | 'value'): number =>
    paths
      .filter(({ touches }) => touches.every((touch) => mask & (1 << channels.indexOf(touch))))
      .reduce((sum, path) => sum + path[of], 0);
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  const share = (i: number, of: 'conversions' | 'value'): number => {
    let sum = 0;
    for (let mask = 0; mask < 1 << n; mask += 1) {
      if (mask & (1 << i)) continue;
      const size = channels.filter((_, k) => mask & (1 << k)).length;
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n);
      sum += weight * (worth(mask | (1 << i), of) - worth(mask, of));
    }
    return sum;
  };
  return new Map(
    channels.map((channel, i) => [channel, { conversions: share(i, 'conversions'), value: share(i, 'value') }]),
  );
}

/** P(conversion), with one channel removed or none: the whole chain, loops and all, walked until nothing is left in it. */
export function conversionProbability({ paths, without }: { paths: ChannelPath[]; without: string | null }): number {
  const followed = new Map<string, Map<string, number>>();
  const follow = (from: string, to: string, count: number): void => {
    const next = followed.get(from) ?? followed.set(from, new Map()).get(from)!;
    next.set(to, (next.get(to) ?? 0) + count);
  };
  for (const { touches, conversions, nonConversions } of paths) {
    if (conversions + nonConversions === 0) continue;
    const states = ['(start)', ...touches.map((touch) => `channel ${touch}`)];
    for (const [i, state] of states.slice(1).entries()) follow(states[i]!, state, conversions + nonConversions);
    follow(states.at(-1)!, '(conversion)', conversions);
    follow(states.at(-1)!, '(null)', nonConversions);
  }
  let present = new Map([['(start)', 1]]);
  let converted = 0;
  while (present.size > 0) {
    const later = new Map<string, number>();
    for (const [state, probability] of present) {
      const next = followed.get(state) ?? new Map<string, number>();
      const total = [...next.values()].reduce((sum, count) => sum + count, 0);
      for (const [to, count] of next) {
        const moved = (probability * count) / total;
        if (to === '(conversion)') converted += moved;
        else if (to !== '(null)' && to !== `channel ${without}` && moved > 1e-18) {
          later.set(to, (later.get(to) ?? 0) + moved);
        }
      }
    }
    present = later;
  }
  return converted;
}

function markovShares(paths: ChannelPath[]): Shares {
  const channels = channelsOf(paths);
  const all = conversionProbability({ paths, without: null });
  const effects = channels.map((channel) =>
    all > 0 ? 1 - conversionProbability({ paths, without: channel }) / all : 0,
  );
  const sum = effects.reduce((total, one) => total + one, 0);
  const share = (i: number, of: 'conversions' | 'value'): number =>
    sum > 0 ? (effects[i]! / sum) * paths.reduce((total, path) => total + path[of], 0) : 0;
  return new Map(
    channels.map((channel, i) => [channel, { conversions: share(i, 'conversions'), value: share(i, 'value') }]),
  );
}
