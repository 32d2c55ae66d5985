import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chiSquaredTail,
  pValueOf,
  sampleSizeFor,
  upliftOf,
  wilsonInterval,
} from '../../../src/domain/reports/statistics.ts';

const share = (numerator: number, denominator: number) => ({ numerator, denominator });
const proportion = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([denominator, part]) => share(Math.round(denominator * part), denominator));

describe('the 95 % interval of a share', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is %f to %f', (numerator, denominator, low, high) => {
    const interval = wilsonInterval(share(numerator, denominator));
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(proportion, (one) => {
        const { low, high } = wilsonInterval(one);
        const value = one.numerator / one.denominator;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value + 1e-12);
        expect(high).toBeGreaterThanOrEqual(value - 1e-12);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('uplift', () => {
  it('is how much better than the rest, as a part of the rest', () => {
    expect(upliftOf(share(26, 100), share(60, 300))).toBeCloseTo(0.3, 12);
    expect(upliftOf(share(2, 30), share(11, 60))).toBeCloseTo(-0.636, 3);
  });

  it('is nothing where the rest has none, or nothing in it', () => {
    expect(upliftOf(share(1, 2), share(0, 10))).toBeNull();
    expect(upliftOf(share(1, 2), share(0, 0))).toBeNull();
    expect(upliftOf(share(3, 2), share(1, 2))).toBeNull();
  });
});

describe('the probability of a difference by chance', () => {
  it('has the tail of the chi-squared distribution that tables give', () => {
    expect(chiSquaredTail(3.841459)).toBeCloseTo(0.05, 6);
    expect(chiSquaredTail(6.634897)).toBeCloseTo(0.01, 6);
    expect(chiSquaredTail(10.827566)).toBeCloseTo(0.001, 7);
    expect(chiSquaredTail(0)).toBe(1);
  });

  it('is by the N − 1 chi-squared test where the counts are large', () => {
    // (N − 1)(ad − bc)² / (mnrs) of 15 of 20 against 8 of 22: 41 × (15·14 − 5·8)² / (20·22·23·19).
    const statistic = (41 * (15 * 14 - 5 * 8) ** 2) / (20 * 22 * 23 * 19);
    expect(pValueOf(share(15, 20), share(8, 22))).toBeCloseTo(chiSquaredTail(statistic), 12);
  });

  it('is exact where a count expected is below one', () => {
    // One of two against none of thirty: 2 of the 32 places for the one hit are among the two.
    expect(pValueOf(share(1, 2), share(0, 30))).toBeCloseTo(2 / 32, 12);
  });

  it('does not depend on which comes first, and is nothing for shared credit', () => {
    fc.assert(
      fc.property(proportion, proportion, (one, other) => {
        const p = pValueOf(one, other)!;
        expect(p).toBeCloseTo(pValueOf(other, one)!, 9);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
    expect(pValueOf(share(1.5, 3), share(1, 3))).toBeNull();
  });
});

describe('the sample that it takes', () => {
  /** The standard normal distribution, added up by the trapezoidal rule: shares nothing with the formula. */
  const normal = (x: number): number => {
    const steps = 20_000;
    const width = (x + 10) / steps;
    let sum = 0;
    for (let n = 0; n <= steps; n += 1)
      sum += Math.exp(-((-10 + n * width) ** 2) / 2) * (n === 0 || n === steps ? 0.5 : 1);
    return (sum * width) / Math.sqrt(2 * Math.PI);
  };

  it.each([
    [
      { numerator: 20, denominator: 100 },
      { numerator: 30, denominator: 100 },
    ],
    [
      { numerator: 5, denominator: 50 },
      { numerator: 40, denominator: 800 },
    ],
    [
      { numerator: 26, denominator: 100 },
      { numerator: 200, denominator: 1_000 },
    ],
  ])('sees a difference such as %j against %j four times in five', (one, rest) => {
    const { group, rest: others } = sampleSizeFor(one, rest)!;
    const [p, q] = [one.numerator / one.denominator, rest.numerator / rest.denominator];
    const mean = (group * p + others * q) / (group + others);
    const bound = 1.959964 * Math.sqrt(mean * (1 - mean) * (1 / group + 1 / others));
    const spread = Math.sqrt((p * (1 - p)) / group + (q * (1 - q)) / others);
    expect(normal((Math.abs(p - q) - bound) / spread)).toBeCloseTo(0.8, 2);
    expect(others / group).toBeCloseTo(rest.denominator / one.denominator, 0);
  });

  it('is the one of the tables: 20 % against 30 % take 294 on each side', () => {
    const sizes = sampleSizeFor({ numerator: 20, denominator: 100 }, { numerator: 30, denominator: 100 });
    expect(sizes).toEqual({ group: 294, rest: 294 });
  });

  it('is none where nothing differs', () => {
    expect(sampleSizeFor({ numerator: 1, denominator: 10 }, { numerator: 10, denominator: 100 })).toBeNull();
    expect(sampleSizeFor({ numerator: 0, denominator: 0 }, { numerator: 10, denominator: 100 })).toBeNull();
  });
});
