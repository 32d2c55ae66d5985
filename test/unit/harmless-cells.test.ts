import { expect, it } from 'vitest';
import { harmless } from '../../src/services/export-pages.ts';

it('puts an apostrophe before what a spreadsheet could take for a formula', () => {
  for (const text of ['=1+1', '+47 22 22 22 22', '-1', '@SUM(A1)', '  =1', '＝1', '＋1', '－1', '＠x', '\u00a0=1']) {
    expect(harmless(text)).toBe(`'${text}`);
  }
});

it('puts one where a cell begins for whoever separates them by semicolons', () => {
  expect(harmless('a;=1')).toBe("a;'=1");
  expect(harmless('a; \n=1\r\n-1')).toBe("a; \n'=1\r\n'-1");
  for (const text of ['\t=1', '\r=1', '\n=1']) expect(harmless(text)).toBe(`'${text[0]}'=1`);
});

it('leaves all else as it is', () => {
  for (const text of ['', 'Øst', 'a=b', '1-2', 'a; b', 'one\ntwo', 'kari@ost.no', '"quoted"', "'", ' a', '🙂'])
    expect(harmless(text)).toBe(text);
});
