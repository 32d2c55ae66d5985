import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromMinor, toMinor } from '../../../src/domain/money.ts';

test.each([
  [12.34, 'NOK', 1234],
  ['12.3', 'NOK', 1230],
  [1.1, 'NOK', 110],
  [4.35, 'NOK', 435],
  [1200, 'JPY', 1200],
  ['1.005', 'KWD', 1005],
  ['90071992547409.91', 'NOK', Number.MAX_SAFE_INTEGER],
  [Number.MAX_SAFE_INTEGER, 'JPY', Number.MAX_SAFE_INTEGER],
  [0, 'NOK', 0],
  ['100.0000', 'NOK', 10_000],
  ['100.00', 'JPY', 100],
  ['1.0', 'JPY', 1],
  ['1.50', 'NOK', 150],
  ['1.0050000', 'KWD', 1005],
  [' 100 ', 'NOK', 10_000],
  ['+100', 'NOK', 10_000],
  ['100.', 'NOK', 10_000],
  ['.5', 'NOK', 50],
  ['-0.00', 'NOK', 0],
  ['007', 'NOK', 700],
  [1e3, 'NOK', 100_000],
])('%j %s is %i in minor units', (amount, currency, minor) => {
  expect(toMinor({ amount, currency })).toEqual({ ok: true, minor });
});

test.each([
  [0.1 + 0.2, 'NOK', 'decimals'],
  [1e-7, 'NOK', 'decimals'],
  ['1.01', 'JPY', 'decimals'],
  ['100.0010', 'NOK', 'decimals'],
  ['1.0005', 'BHD', 'decimals'],
  ['90071992547409.92', 'NOK', 'tooLarge'],
  [1e30, 'NOK', 'tooLarge'],
  [90_071_992_547_409.9, 'NOK', 'inexact'],
  [-1, 'NOK', 'negative'],
  ['1,5', 'NOK', 'notANumber'],
  ['1e3', 'NOK', 'notANumber'],
  ['', 'NOK', 'notANumber'],
  ['.', 'NOK', 'notANumber'],
  ['+', 'NOK', 'notANumber'],
  ['1,234.50', 'NOK', 'notANumber'],
  ['1.234,50', 'NOK', 'notANumber'],
  ['1 234', 'NOK', 'notANumber'],
  ['1.2.3', 'NOK', 'notANumber'],
  ['--1', 'NOK', 'notANumber'],
  ['0x10', 'NOK', 'notANumber'],
  ['NaN', 'NOK', 'notANumber'],
])('%j %s is refused: %s', (amount, currency, reason) => {
  expect(toMinor({ amount, currency })).toEqual({ ok: false, reason });
});

const currency = fc.constantFrom('NOK', 'JPY', 'KWD', 'CLF');

test('minor units of fifteen digits are the same after being an amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e15 - 1 }), currency, (minor, currency) => {
      expect(toMinor({ amount: fromMinor({ minor, currency }), currency })).toEqual({ ok: true, minor });
    }),
  );
});

test('a decimal string keeps every digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 90_071_992_547_408 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
      const amount = `${whole}.${String(cents).padStart(2, '0')}`;
      expect(toMinor({ amount, currency: 'NOK' })).toEqual({ ok: true, minor: whole * 100 + cents });
    }),
  );
});

test('zeros behind the last digit change nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e15 - 1 }),
      currency,
      fc.integer({ min: 0, max: 20 }),
      (minor, of, zeros) => {
        const amount = String(fromMinor({ minor, currency: of }));
        const text = (amount.includes('.') ? amount : `${amount}.`) + '0'.repeat(zeros);
        expect(toMinor({ amount: text, currency: of })).toEqual({ ok: true, minor });
      },
    ),
  );
});
