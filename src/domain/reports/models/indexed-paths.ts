/** Journeys of the same channels in the same order, taken together. */
export type ChannelPath = {
  /** Names of channels, oldest first; at least one. */
  touches: readonly string[];
  conversions: number;
  /** Worth of all the conversions together, in whatever unit the caller counts. */
  value: number;
  /** Journeys along this path that came to nothing. */
  nonConversions: number;
  /** Days from each touch to the conversion; time decay alone asks for it. */
  daysBefore?: readonly number[] | undefined;
};

/** Paths with their channels numbered, laid out flat: the touches of path `p` are `starts[p]` up to `starts[p + 1]`. */
export type IndexedPaths = {
  /** Each channel once, in the order of its code units. */
  channels: string[];
  starts: Int32Array;
  touches: Int32Array;
  /** By touch; NaN where the path has none. */
  daysBefore: Float64Array;
  conversions: Float64Array;
  value: Float64Array;
  nonConversions: Float64Array;
};

/** What one model gives each channel, by the channel's number. Sums are floating-point, right to rounding. */
export type Credit = {
  conversions: Float64Array;
  value: Float64Array;
};

export function indexPaths(paths: readonly ChannelPath[]): IndexedPaths {
  const names = new Set<string>();
  let length = 0;
  for (const { touches } of paths) {
    length += touches.length;
    for (const name of touches) names.add(name);
  }
  const channels = [...names].sort();
  const numbers = new Map(channels.map((name, number) => [name, number]));
  const indexed: IndexedPaths = {
    channels,
    starts: new Int32Array(paths.length + 1),
    touches: new Int32Array(length),
    daysBefore: new Float64Array(length),
    conversions: new Float64Array(paths.length),
    value: new Float64Array(paths.length),
    nonConversions: new Float64Array(paths.length),
  };
  let at = 0;
  for (const [p, { touches, conversions, value, nonConversions, daysBefore }] of paths.entries()) {
    indexed.starts[p] = at;
    indexed.conversions[p] = conversions;
    indexed.value[p] = value;
    indexed.nonConversions[p] = nonConversions;
    for (const [i, name] of touches.entries()) {
      indexed.touches[at] = numbers.get(name)!;
      indexed.daysBefore[at] = daysBefore?.[i] ?? Number.NaN;
      at += 1;
    }
  }
  indexed.starts[paths.length] = at;
  return indexed;
}
