import type { Credit, IndexedPaths } from './indexed-paths.ts';

export type MarkovCredit = Credit & {
  /** 1 − P(conversion without the channel) ÷ P(conversion), 0 to 1, by channel; null where nothing converts. */
  removalEffects: Float64Array | null;
};

/**
 * Removal effects in the first-order Markov chain of the paths, normalised to their conversions and value. Where
 * nothing converts, no channel has credit.
 *
 * Each path goes from the start through its touches to conversion or, as often as it did not convert, to null; a
 * removed channel leads to null. Source: Anderl, Becker, von Wangenheim, Schumann, "Mapping the customer journey",
 * International Journal of Research in Marketing 33 (2016), 457-474.
 *
 * Exact, and all channels in one inversion: a journey that converts through channel c first reaches c, and then
 * converts from there, so P − P(without c) = P(reaches c) · P(converts from c), and P(reaches c) is the expected
 * number of visits to c from the start over that from c itself (Kemeny, Snell, "Finite Markov Chains", 1960, ch. 3).
 * Both P(conversion) and the visits from the start are as counted: the counts of a chain's own steps satisfy its
 * equations of flow, which have one solution.
 */
export function creditMarkov(paths: IndexedPaths): MarkovCredit {
  const { channels, starts, touches } = paths;
  const n = channels.length;
  // How often journeys left a channel, went on from it to another (by rows), and converted from it.
  const left = new Float64Array(n);
  const matrix = new Float64Array(n * n);
  const converted = new Float64Array(n);
  let conversions = 0;
  let value = 0;
  for (let p = 0; p + 1 < starts.length; p += 1) {
    const count = paths.conversions[p]! + paths.nonConversions[p]!;
    conversions += paths.conversions[p]!;
    value += paths.value[p]!;
    const last = starts[p + 1]! - 1;
    for (let at = starts[p]!; at <= last; at += 1) {
      left[touches[at]!]! += count;
      // A repeat is a loop: the channel is left for itself.
      if (at < last) matrix[touches[at]! * n + touches[at + 1]!]! += count;
    }
    converted[touches[last]!]! += paths.conversions[p]!;
  }
  // The fundamental matrix, (I − Q)⁻¹. A channel that no journey came to leads nowhere, and none leads to it.
  for (let from = 0; from < n; from += 1) {
    for (let to = 0; to < n; to += 1) {
      const probability = left[from]! > 0 ? matrix[from * n + to]! / left[from]! : 0;
      matrix[from * n + to] = (from === to ? 1 : 0) - probability;
    }
  }
  invert({ matrix, n });

  const effects = new Float64Array(n);
  let sum = 0;
  for (let c = 0; c < n; c += 1) {
    let converts = 0;
    for (let k = 0; k < n; k += 1) if (left[k]! > 0) converts += matrix[c * n + k]! * (converted[k]! / left[k]!);
    effects[c] = Math.min(1, (converts * left[c]!) / conversions / matrix[c * n + c]!);
    sum += effects[c]!;
  }
  if (!(sum > 0)) return { conversions: new Float64Array(n), value: new Float64Array(n), removalEffects: null };
  return {
    conversions: effects.map((effect) => (effect / sum) * conversions),
    value: effects.map((effect) => (effect / sum) * value),
    removalEffects: effects,
  };
}

/**
 * Replaces a matrix, by rows, with its inverse: Gauss-Jordan in place. Without exchange of rows, since each row's
 * diagonal is at least the sum of the rest of it: Malyshev, "A note on the stability of Gauss-Jordan elimination for
 * diagonally dominant matrices", Computing 65 (2000), 281-284.
 */
function invert({ matrix, n }: { matrix: Float64Array; n: number }): void {
  for (let k = 0; k < n; k += 1) {
    const pivotRow = matrix.subarray(k * n, (k + 1) * n);
    const inverse = 1 / pivotRow[k]!;
    pivotRow[k] = 1;
    for (let j = 0; j < n; j += 1) pivotRow[j]! *= inverse;
    for (let i = 0; i < n; i += 1) {
      if (i === k) continue;
      const row = matrix.subarray(i * n, (i + 1) * n);
      const factor = row[k]!;
      if (factor === 0) continue;
      row[k] = 0;
      for (let j = 0; j < n; j += 1) row[j]! -= factor * pivotRow[j]!;
    }
  }
}
