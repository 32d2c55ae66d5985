import { KildeError } from './errors.ts';

/** A whole number of any size: a bigint only where a number would lose digits. */
export type Exact = number | bigint;

/** As it stands in an answer: decimal text where a JSON number would lose digits. */
export type WrittenExact = number | string;

function toExact(value: bigint): Exact {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * A sum as the database writes it, digit by digit.
 * @throws KildeError `too_expensive` where it has left whole numbers: past 2^63 the database counts in floating point.
 */
export function readExact(text: string): Exact {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (/^-?\d+$/.test(text)) return toExact(BigInt(text));
  throw sumTooLarge();
}

/** A sum of money that the database cannot add up in whole numbers. */
export function sumTooLarge(): KildeError {
  return new KildeError(
    'too_expensive',
    'A sum of money is past 2^63 minor units, which cannot be added up exactly. Ask for a shorter period or fewer records.',
  );
}

export function addExact(a: Exact, b: Exact): Exact {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum) || !Number.isInteger(a) || !Number.isInteger(b)) return sum;
  }
  return toExact(BigInt(a) + BigInt(b));
}

export function subtractExact(a: Exact, b: Exact): Exact {
  return addExact(a, -b);
}

/** `a` divided by `b`, as a whole number: a half goes up. */
export function divideToWhole(a: Exact, b: number): Exact {
  if (typeof a === 'number' && (!Number.isInteger(a) || !Number.isInteger(b))) return Math.round(a / b);
  // Credit may be a part of one; it has nine decimals at most.
  const [scaled, by] = Number.isInteger(b)
    ? [BigInt(a), BigInt(b)]
    : [BigInt(a) * 1_000_000_000n, BigInt(Math.round(b * 1e9))];
  const doubled = 2n * scaled + by;
  const quotient = doubled / (2n * by);
  return toExact(doubled < 0n && doubled % (2n * by) !== 0n ? quotient - 1n : quotient);
}

export function writeExact(value: Exact): WrittenExact {
  return typeof value === 'bigint' ? String(value) : value;
}
