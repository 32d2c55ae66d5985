import type { Exact, WrittenExact } from './exact.ts';

/** Digits after the point of each currency that has not two: ISO 4217, list one of 2024-06-25. */
const exponents: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Minor units in one major unit where that is not 100, by currency. */
export const minorUnits: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(exponents).map(([currency, exponent]) => [currency, 10 ** exponent]),
);

export const defaultMinorUnits = 100;

let currencies: ReadonlySet<string> | undefined;

/** Whether ISO 4217 has, or had, a currency of this code. The platform's own list (Unicode CLDR). */
export function isCurrency(code: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(code);
}

export type MinorAmount =
  | { ok: true; minor: number }
  /** `inexact`: a number of so many digits that what was meant can no longer be told; as a string it can. */
  | { ok: false; reason: 'notANumber' | 'negative' | 'decimals' | 'tooLarge' | 'inexact' };

type AmountProblem = Extract<MinorAmount, { ok: false }>['reason'];

/** Every number of fifteen digits survives being a double; those of sixteen may not. */
const maxCertain = 1e15;

/** Digits after the point that an amount of this currency may have. */
export function decimalsOf(currency: string): number {
  return exponents[currency] ?? 2;
}

/**
 * An amount in major units, a number or decimal text, in minor units: read digit by digit, never rounded. Text is digits with at most one
 * point, a sign before it and spaces around it: `100`, ` 100 `, `+100`, `100.`, `.5`, `100.0000`; not `1,234.50`, `1 234` or `1e3`, which
 * one system writes and another reads otherwise.
 * @param currency ISO 4217, upper case.
 */
export function toMinor({ amount, currency }: { amount: number | string; currency: string }): MinorAmount {
  if (typeof amount === 'number' && Math.abs(amount) >= 1e21) return { ok: false, reason: 'tooLarge' };
  const text = typeof amount === 'number' ? writePlain(amount) : amount.trim();
  const [, sign, whole = '', sentDecimals = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === '' && sentDecimals === '') return { ok: false, reason: 'notANumber' };
  const exponent = decimalsOf(currency);
  // Zeros behind the last digit are nothing: `100.0000` NOK, `100.00` JPY.
  const decimals = sentDecimals.replace(/0+$/, '');
  if (decimals.length > exponent) return { ok: false, reason: 'decimals' };
  const minor = Number(whole + decimals.padEnd(exponent, '0'));
  if (sign === '-' && minor > 0) return { ok: false, reason: 'negative' };
  if (!Number.isSafeInteger(minor)) return { ok: false, reason: 'tooLarge' };
  if (typeof amount === 'number' && exponent > 0 && minor >= maxCertain) return { ok: false, reason: 'inexact' };
  return { ok: true, minor };
}

const amountProblems: Record<AmountProblem, (currency: string) => string> = {
  notANumber: () => 'must be a number or decimal text such as "1200.50": digits and one point, no other separators',
  negative: () => 'must not be negative',
  decimals: (currency) => `must have at most ${decimalsOf(currency)} decimals in ${currency}`,
  tooLarge: () => 'is too large to be kept exactly',
  inexact: () => 'has too many digits to be a number: send it as a string',
};

/** What is wrong with an amount, as an answer says it. */
export function describeAmountProblem({ reason, currency }: { reason: AmountProblem; currency: string }): string {
  return amountProblems[reason](currency);
}

/** The shortest decimal text of a number, without an exponent: `1e-7` is 0.0000001. */
function writePlain(amount: number): string {
  const text = String(amount);
  return text.includes('e-') ? amount.toFixed(20) : text;
}

/**
 * Minor units as major ones, exactly: a number where it has at most fifteen digits or no decimals, else decimal text.
 * @param minor a whole number, also as text.
 */
export function fromMinor({ minor, currency }: { minor: Exact | string; currency: string }): WrittenExact {
  const decimals = decimalsOf(currency);
  const isCertain = Math.abs(Number(minor)) < maxCertain;
  if (isCertain || (decimals === 0 && Number.isSafeInteger(Number(minor)))) return Number(minor) / 10 ** decimals;
  const [, sign, digits] = /^(-?)(\d+)$/.exec(String(minor))!;
  const at = digits!.length - decimals;
  return `${sign}${digits!.slice(0, at)}${decimals === 0 ? '' : `.${digits!.slice(at)}`}`;
}
