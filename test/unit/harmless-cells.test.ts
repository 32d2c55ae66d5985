import { expect, it } from 'vitest';
import { harmless } from '../../src/services/export-segment.ts';

it('puts an apostrophe before what a spreadsheet could take for a formula', () => {
  for (const text of [
    '=1+1',
    '+47 22 22 22 22',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\u00a0=1',
  ]) {
    expect(harmless(text)).toBe(`'${text}`);
  }
});

it('leaves all else as it is', () => {
  for (const text of ['', 'Øst', 'a=b', '1-2', 'kari@ost.no', '"quoted"', "'", ' a', '🙂'])
    expect(harmless(text)).toBe(text);
});
