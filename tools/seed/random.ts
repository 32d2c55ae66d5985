/** What a made-up world is decided by: the same for the same seed. */
export type Random = {
  /** From 0 up to 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** Times between things that happen by chance: mostly short, at times long. */
  exponential(mean: number): number;
  /** Amounts as deals have them: mostly near the median, at times many times as much. */
  logNormal(median: number, spread: number): number;
  pick<Value>(values: readonly Value[]): Value;
  /** One of the values, each as often as its weight says. */
  pickWeighted<Value>(values: readonly Value[], weightOf: (value: Value) => number): Value;
};

/** @param seed any whole number. The generator is mulberry32, which is in the public domain. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    chance: (probability) => next() < probability,
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    exponential: (mean) => -mean * Math.log(1 - next()),
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    pick: (values) => values[Math.floor(next() * values.length)]!,
    pickWeighted(values, weightOf) {
      let rest = next() * values.reduce((sum, value) => sum + weightOf(value), 0);
      for (const value of values) {
        rest -= weightOf(value);
        if (rest < 0) return value;
      }
      return values.at(-1)!;
    },
  };
}
