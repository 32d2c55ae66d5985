import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readQuery } from '../../../src/domain/read-query.ts';

const pieces = [
  '&',
  '=',
  '+',
  '%',
  '%2',
  '%20',
  '%26',
  '%3D',
  '%C3%B8',
  '%EF%BB%BF',
  '?',
  '#',
  'ø',
  '\ud800',
  'a',
  'utm_source',
  ' ',
];

it('reads what URLSearchParams reads of UTF-8, broken escapes and half pairs included', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 }),
      (parts) => {
        const query = parts.join('');
        // Node reads a character beyond ASCII as a byte where an escape beside it is broken; the standard does not.
        const ascii = query.toWellFormed().replace(/[^\0-\x7f]/gu, encodeURIComponent);
        expect(readQuery(query)).toEqual([...new URLSearchParams(ascii)]);
      },
    ),
    { numRuns: 2_000 },
  );
});

const windows1252 = new TextDecoder('windows-1252');
const escape = (bytes: number[]): string => bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

it('reads bytes that are not UTF-8 as windows-1252, beside text that is', () => {
  expect(readQuery('name=K%E5re+Bj%F8rnson&city=Troms%C3%B8')).toEqual([
    ['name', 'Kåre Bjørnson'],
    ['city', 'Tromsø'],
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0x80, max: 0xff }), { minLength: 1, maxLength: 1 }), (bytes) => {
      const text = windows1252.decode(Uint8Array.from(bytes));
      expect(readQuery(`a=x${escape(bytes)}y%C3%B8`)).toEqual([['a', `x${text}yø`]]);
    }),
  );
});

it('reads escapes by the charset that was declared', () => {
  const declared = new TextDecoder('windows-1252');
  expect(readQuery('a=%C3%B8&b=%25', declared)).toEqual([
    ['a', 'Ã¸'],
    ['b', '%'],
  ]);
});
