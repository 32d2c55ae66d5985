/** The 97.5th percentile of the standard normal distribution: 95 % lie between it and its negative. */
const z = 1.959963984540054;

/** So many of so many. Both may be fractions where credit is shared. */
export type Proportion = { numerator: number; denominator: number };

/** Whether there is a share to speak of: a denominator, and no more than it. */
export function isProportion({ numerator, denominator }: Proportion): boolean {
  return denominator > 0 && numerator >= 0 && numerator <= denominator;
}

/**
 * The 95 % interval of a share: the score interval of Wilson, "Probable inference, the law of succession, and
 * statistical inference", Journal of the American Statistical Association 22 (1927), 209-212; without continuity
 * correction (Newcombe, Statistics in Medicine 17 (1998), 857-872, method 3).
 */
export function wilsonInterval({ numerator, denominator }: Proportion): { low: number; high: number } {
  const rest = denominator - numerator;
  const scale = denominator + z * z;
  const middle = (numerator + (z * z) / 2) / scale;
  const reach = (z / scale) * Math.sqrt((numerator * rest) / denominator + (z * z) / 4);
  return {
    low: numerator === 0 ? 0 : Math.max(0, middle - reach),
    high: rest === 0 ? 1 : Math.min(1, middle + reach),
  };
}

/** How much greater a rate is than the rest's: 0.3 is 30 % greater. Null where the rest has no rate, or none but 0. */
export function upliftOf(one: Proportion, rest: Proportion): number | null {
  if (!isProportion(one) || !isProportion(rest) || rest.numerator === 0) return null;
  return one.numerator / one.denominator / (rest.numerator / rest.denominator) - 1;
}

/**
 * The two-sided probability of a difference at least so great where there is none. The 'N − 1' chi-squared test where
 * every expected count is at least 1, else the exact test of Fisher and Irwin, by Irwin's rule: Campbell, "Chi-squared
 * and Fisher-Irwin tests of two-by-two tables with small sample recommendations", Statistics in Medicine 26 (2007),
 * 3661-3675. Null of counts that are no whole numbers, since these are no independent trials, and where a side is empty.
 */
export function pValueOf(one: Proportion, rest: Proportion): number | null {
  if (!isProportion(one) || !isProportion(rest)) return null;
  if (![one, rest].every((p) => Number.isInteger(p.numerator) && Number.isInteger(p.denominator))) return null;
  const all = one.denominator + rest.denominator;
  const hits = one.numerator + rest.numerator;
  const misses = all - hits;
  if (hits === 0 || misses === 0) return 1;
  if ((Math.min(one.denominator, rest.denominator) * Math.min(hits, misses)) / all < 1) return fisherIrwin(one, rest);
  const difference = one.numerator / one.denominator - rest.numerator / rest.denominator;
  const variance = (hits / all) * (misses / all) * (1 / one.denominator + 1 / rest.denominator);
  return chiSquaredTail(((difference * difference) / variance) * ((all - 1) / all));
}

/** The 80th percentile of the standard normal distribution. */
const zOfPower = 0.8416212335729143;

/**
 * How many it takes on each side, in the ratio there is, for a test at 5 % to see the difference there is four times in five: Fleiss, Levin
 * and Paik, "Statistical Methods for Rates and Proportions", 3rd edition (2003), formula 4.14, for unequal sizes, without continuity
 * correction. Null where there is no difference, or where a side is empty.
 */
export function sampleSizeFor(one: Proportion, rest: Proportion): { group: number; rest: number } | null {
  if (!isProportion(one) || !isProportion(rest)) return null;
  const [p, q] = [one.numerator / one.denominator, rest.numerator / rest.denominator];
  if (p === q) return null;
  const ratio = rest.denominator / one.denominator;
  const mean = (p + ratio * q) / (1 + ratio);
  const byChance = z * Math.sqrt((1 + 1 / ratio) * mean * (1 - mean));
  const byPower = zOfPower * Math.sqrt(p * (1 - p) + (q * (1 - q)) / ratio);
  const group = ((byChance + byPower) / (p - q)) ** 2;
  return { group: Math.ceil(group), rest: Math.ceil(group * ratio) };
}

/** The sum of all tables of the same margins that are at most as probable. Its count of terms is that of the rarer margin. */
function fisherIrwin(one: Proportion, rest: Proportion): number {
  // Turned so that the first cell is the one of least expected count: its least value then is 0.
  const [small, large] = one.denominator <= rest.denominator ? [one, rest] : [rest, one];
  const hits = small.numerator + large.numerator;
  const all = small.denominator + large.denominator;
  const isRare = hits * 2 <= all;
  const column = isRare ? hits : all - hits;
  const seen = isRare ? small.numerator : small.denominator - small.numerator;
  const row = small.denominator;
  const weights = [1];
  for (let cell = 0; cell < Math.min(row, column); cell += 1) {
    weights.push((weights[cell]! * ((row - cell) * (column - cell))) / ((cell + 1) * (all - row - column + cell + 1)));
  }
  // Tables equally probable may differ by rounding.
  const limit = weights[seen]! * (1 + 1e-9);
  const sum = (some: number[]) => some.reduce((total, weight) => total + weight, 0);
  return Math.min(1, sum(weights.filter((weight) => weight <= limit)) / sum(weights));
}

/** The probability of a chi-squared value at least so great, with one degree of freedom. */
export function chiSquaredTail(value: number): number {
  return erfc(Math.sqrt(value / 2));
}

/** The complementary error function from 0 on: Abramowitz and Stegun, 7.1.6 and, from 2.5 on, 7.1.14. */
function erfc(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; term > sum * 1e-17; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * scale * sum;
  }
  let fraction = x;
  for (let n = 100; n >= 1; n -= 1) fraction = x + n / 2 / fraction;
  return scale / fraction;
}
