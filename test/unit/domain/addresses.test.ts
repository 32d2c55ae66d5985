import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { noUtm } from '../../../src/domain/attribution/origin-lists.ts';
import { normalizeHost, normalizeOriginHost } from '../../../src/domain/hosts/host-name.ts';
import { randomKey } from '../../../src/domain/random-key.ts';
import { tagUrl, withoutUtm } from '../../../src/domain/capture/tagged-url.ts';

test.each([
  ['Example.COM', 'example.com'],
  ['blåbær.no', 'xn--blbr-roah.no'],
  ['example.com.', 'example.com'],
  ['https://example.com', null],
  ['example.com/a', null],
  ['example.com:80', null],
  ['a'.repeat(64), null],
  ['', null],
])('the host of %j is %j', (text, host) => {
  expect(normalizeHost(text)).toBe(host);
});

test.each([
  ['https://Example.com', 'example.com'],
  ['http://example.com:3000/', 'example.com'],
  ['example.com', 'example.com'],
  ['https://example.com/a', null],
  ['https://a@example.com', null],
  ['ftp://example.com', null],
])('the host of the origin %j is %j', (text, host) => {
  expect(normalizeOriginHost(text)).toBe(host);
});

test('a host name stays as it is once normalised, whatever is asked', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain(), fc.webUrl()), (text) => {
      const host = normalizeHost(text);
      if (host !== null) expect(normalizeHost(host)).toBe(host);
    }),
  );
});

test('a page tagged and untagged is the page, to the letter', () => {
  const utm = { ...noUtm, source: 'a b', medium: 'c&d', campaign: 'é', content: '#' };
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (page) => {
      const clean = withoutUtm(page);
      const tagged = tagUrl(clean, utm);
      expect(withoutUtm(tagged)).toBe(clean);
      const { searchParams, hash } = new URL(tagged);
      expect(searchParams.get('utm_source')).toBe('a b');
      expect(searchParams.get('utm_medium')).toBe('c&d');
      expect(searchParams.get('utm_content')).toBe('#');
      expect(hash).toBe(new URL(clean).hash);
    }),
    { examples: [['http://a.aa??'], ['http://a.aa/??utm_source=x&a=1']] },
  );
});

test('random keys use every letter of their alphabet, and none that looks like another', () => {
  const letters = new Set(randomKey(5_000));
  expect([...letters].toSorted().join('')).toBe('23456789abcdefghjkmnpqrstwxyz');
});
