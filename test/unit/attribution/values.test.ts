import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonicalize, cleanValue } from '../../../src/domain/text-values.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 250, maxLength: 300 }));

describe('cleanValue', () => {
  test.each([
    ['  LinkedIn ', 'LinkedIn'],
    ['', null],
    [' \t\n ', null],
    ['a\u0000b\u0007c\u007fd\u0085e', 'abcde'],
    ['safe\u202egnp.exe', 'safegnp.exe'],
    ['\ufefflinked\u200bin', 'linkedin'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['👩\u200d💻', '👩\u200d💻'],
    ['x'.repeat(300), 'x'.repeat(255)],
    [`${'x'.repeat(254)}😀`, 'x'.repeat(254)],
    [`${'x'.repeat(253)}😀`, `${'x'.repeat(253)}😀`],
    [`${'x'.repeat(254)} tail`, 'x'.repeat(254)],
    ['broken\ud800', 'broken\ufffd'],
    ['%2525', '%2525'],
  ])('%j becomes %j', (raw, clean) => {
    expect(cleanValue(raw)).toBe(clean);
  });

  test('cleaning twice is cleaning once, and the length holds', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const clean = cleanValue(raw);
        if (clean === null) return;
        expect(clean.length).toBeLessThanOrEqual(255);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanValue(clean)).toBe(clean);
      }),
    );
  });
});

describe('canonicalize', () => {
  test.each([
    ['LinkedIn', 'linkedin'],
    ['  Høst   2026 ', 'høst 2026'],
    ['ﬁrma', 'firma'],
    ['ＧＯＯＧＬＥ', 'google'],
    ['E\u0301t\u00e9', 'été'],
    ['a\u00a0b', 'a b'],
  ])('%j becomes %j', (value, canonical) => {
    expect(canonicalize(value)).toBe(canonical);
  });

  test('is idempotent', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(canonicalize(canonicalize(value))).toBe(canonicalize(value));
      }),
    );
  });

  test('composes again what lower case took apart', () => {
    expect(canonicalize('\u0130\u0327')).toBe(canonicalize(canonicalize('\u0130\u0327')));
  });

  test('is idempotent for every single character, alone and among others', () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const once = canonicalize(`a${String.fromCodePoint(code)}b`);
      if (canonicalize(once) !== once) expect.fail(`U+${code.toString(16)}`);
    }
  });
});
