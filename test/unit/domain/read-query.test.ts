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
  '%C3',
  '%ff',
  '%EF%BB%BF',
  '?',
  '#',
  'ø',
  '\ud800',
  'a',
  'utm_source',
  ' ',
];

it('reads what URLSearchParams reads, broken escapes and half pairs included', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 12 }),
      (parts) => {
        const query = parts.join('');
        expect(readQuery(query)).toEqual([...new URLSearchParams(query)]);
      },
    ),
    { numRuns: 2_000 },
  );
});
