import { ProtocolError } from './errors.ts';

/** A value as the embedded library takes and gives it: a bigint is INTEGER, a number is REAL. */
export type NativeValue = null | bigint | number | string | Uint8Array;

// The library reads text up to its first NUL, silently. So a NUL is stored behind a mark (a noncharacter that no
// text uses) and put back on the way out; the mark itself is marked in the same way.
const mark = '\u{10ffff}';
const needsMark = /[\0\u{10ffff}]/gu;
const marked = /\u{10ffff}([01])/gu;

/**
 * Reads one Hrana value.
 * @throws ProtocolError where the shape, an integer or the base64 is not valid.
 */
export function readValue(value: unknown): NativeValue {
  if (typeof value !== 'object' || value === null || !('type' in value)) throw malformed('expected a value');
  switch (value.type) {
    case 'null':
      return null;
    case 'integer':
      return readInteger('value' in value ? value.value : undefined);
    case 'float':
      if (!('value' in value) || typeof value.value !== 'number') throw malformed('expected a float');
      return value.value;
    case 'text':
      if (!('value' in value) || typeof value.value !== 'string') throw malformed('expected a string');
      return readText(value.value);
    case 'blob':
      return readBlob('base64' in value ? value.base64 : undefined);
    default:
      throw malformed('unknown type of value');
  }
}

/** Writes one value as Hrana JSON, blobs in base64 without padding. An infinite REAL becomes null, as with sqld. */
export function writeValue(value: NativeValue): string {
  if (value === null) return '{"type":"null"}';
  if (typeof value === 'bigint') return `{"type":"integer","value":"${value}"}`;
  if (typeof value === 'number') return `{"type":"float","value":${writeFloat(value)}}`;
  if (typeof value === 'string') {
    return `{"type":"text","value":${JSON.stringify(value.includes(mark) ? unmark(value) : value)}}`;
  }
  return `{"type":"blob","base64":"${writeBase64(value)}"}`;
}

/** The error for a body that is JSON but not what Hrana says. */
export function malformed(detail: string): ProtocolError {
  return new ProtocolError(`Cannot deserialize client message from JSON: ${detail}`);
}

const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 63n - 1n;

function readInteger(value: unknown): bigint {
  if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value)) {
    const integer = BigInt(value.startsWith('+') ? value.slice(1) : value);
    if (integer >= smallestInteger && integer <= largestInteger) return integer;
  }
  throw malformed('expected decimal integer as a string');
}

function readText(value: string): string {
  // The library would store U+FFFD; sqld refuses, and so the caller's mistake shows here as it does there.
  if (!value.isWellFormed()) throw malformed('lone surrogate in a string');
  return value.includes('\0') || value.includes(mark)
    ? value.replace(needsMark, (character) => mark + (character === mark ? '1' : '0'))
    : value;
}

function unmark(value: string): string {
  return value.replace(marked, (_, digit: string) => (digit === '1' ? mark : '\0'));
}

function readBlob(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw malformed('expected base64');
  return Buffer.from(value, 'base64');
}

function writeBase64(value: Uint8Array): string {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const text = bytes.toString('base64');
  const padding = (3 - (bytes.length % 3)) % 3;
  return padding === 0 ? text : text.slice(0, -padding);
}

function writeFloat(value: number): string {
  return Object.is(value, -0) ? '-0.0' : JSON.stringify(value);
}
