import { expect, test } from 'vitest';
import { erasedAddress, Mentions } from '../../../src/domain/people/erase-mentions.ts';
import { findAddresses, mayHoldAddress } from '../../../src/domain/people/find-addresses.ts';

const address = 'kari@xn--blbr-firma-25an.no';
const mentions = new Mentions([address, 'nina@firma.no', 'kari@firma.no']);

test.each([
  // Encoded again by each that passed it on.
  'kari%40firma.no',
  'kari%2540firma.no',
  'kari%25252525252525252540firma.no',
  '%256Bari%252540f%2569rma%252Eno',
  'kari%2525252540bl%25252525C3%25252525A5b%2525C3%2525A6r-firma.no',
  // As scripts and JSON write it.
  'kari%u0040bl%u00e5b%u00E6r-firma.no',
  'kari\\u0040firma.no',
  'kari\\u{40}firma.no',
  'kari\\uFF20firma.no',
  'kari%EF%BC%A0firma.no',
  'kari%uFF20firma.no',
  // Letters that are other ones, or nothing, in a domain.
  'kari@ﬁrma.no',
  'kari@fi\u{fe0f}rma.no',
  'kari@fir\u{ad}ma.no',
  'ＫＡＲＩ＠ＦＩＲＭＡ。ＮＯ',
])('%j is the address, whole', (text) => {
  expect(mayHoldAddress(text)).toBe(true);
  expect(mentions.replace(text)).toBe(erasedAddress);
});

test.each([
  ['Skriv til kari@firma.no.Hilsen Ola', 'Skriv til X.Hilsen Ola'],
  ['kari@firma.no.Tlf.22334455', 'X.Tlf.22334455'],
  ['kari@firma.no.22334455', 'X.22334455'],
  ['kari@firma.no-tlf 22', 'X-tlf 22'],
  ['kari@firma.no😀', 'X😀'],
  ['邮箱是kari@firma.no谢谢', '邮箱是X谢谢'],
  ['epost\u200bkari@firma.no', 'epostX'],
  ['почтаkari@firma.noспасибо', 'почтаXспасибо'],
])('%j holds the address between other words', (text, left) => {
  expect(mentions.replace(text)).toBe(left.replace('X', erasedAddress));
});

test.each([
  'kari@firma.no.com',
  'okari@firma.no',
  'ola.kari@firma.no',
  'kari@firma.nor',
  'kari@firma-no.no',
  'KARI@FIRMA.NO.COM',
  'kari@firma.noé.com',
  'kari%25252540firma.no.com',
])('%j is somebody else’s', (text) => {
  expect(mentions.replace(text)).toBe(text);
});

test('an escape of JSON is no letter of an address', () => {
  for (const value of [{ message: 'Hei\nina@firma.no' }, ['a\nina@firma.no'], { 'x\nina@firma.no': 1 }]) {
    const column = JSON.stringify(value);
    expect(mentions.areIn(column)).toBe(false);
    expect(mentions.replace(column)).toBe(column);
  }
  const column = JSON.stringify({
    message: 'Hei\nina@firma.no\nnina@firma.no',
    'nina@firma.no': [{ a: '\tNINA@firma.no' }],
  });
  expect(JSON.parse(mentions.replace(column))).toEqual({
    message: `Hei\nina@firma.no\n${erasedAddress}`,
    [erasedAddress]: [{ a: `\t${erasedAddress}` }],
  });
});

test('what is encoded may be an address too', () => {
  const emails = findAddresses('kari%2540%40firma.no').map(({ email }) => email);
  expect(emails).toContain('kari%40@firma.no');
});
