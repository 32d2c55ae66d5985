import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlaceholder, meaningOf } from '../../../src/domain/attribution/placeholders.ts';
import { noUtm } from '../../../src/domain/attribution/origin-lists.ts';
import { collectParameters, readParameters } from '../../../src/domain/attribution/read-parameters.ts';

const words = [
  'null',
  'undefined',
  'none',
  'nil',
  'NaN',
  'N/A',
  'not set',
  'not_set',
  '[object Object]',
  'false',
  'unknown',
];
const bracketed = ['(direct)', '(none)', '(not set)', '(not provided)', '(null)', '<nil>', '(other)'];
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z_.]{0,12}$/);
const macro = fc.oneof(
  name.map((text) => `{{${text}}}`),
  name.map((text) => `{${text}}`),
  name.map((text) => `%%${text}%%`),
  name.map((text) => `\${${text}}`),
  name.map((text) => `<${text}>`),
  name.map((text) => `*|${text}|*`),
  name.map((text) => `{{ ${text} }}`),
  name.map((text) => encodeURIComponent(`{{${text}}}`)),
);
const spelling = fc
  .tuple(fc.constantFrom(...words, ...bracketed), fc.nat(2))
  .map(([text, way]) => (way === 0 ? text : way === 1 ? text.toUpperCase() : ` ${text} `));
const placeholder = fc.oneof(spelling, macro);

test('every placeholder is no value, alone, quoted and joined with others', () => {
  fc.assert(
    fc.property(placeholder, placeholder, fc.constantFrom('|', ' / ', '-', '_', ','), (a, b, between) => {
      expect(isPlaceholder(a)).toBe(true);
      expect(isPlaceholder(`"${a}"`)).toBe(true);
      expect(isPlaceholder(a + between + b)).toBe(true);
    }),
  );
});

test('whatever holds a word of its own beside a placeholder is a value', () => {
  fc.assert(
    fc.property(placeholder, fc.stringMatching(/^[a-z]{3}x[a-z0-9]{0,8}$/), (text, word) => {
      expect(isPlaceholder(word)).toBe(false);
      expect(isPlaceholder(`${word} ${text}`)).toBe(false);
      expect(isPlaceholder(`${text} ${word}`)).toBe(false);
    }),
  );
});

test.each([
  '$utm_source',
  '$!utm_source',
  '##utm_source##',
  '@@utm_campaign@@',
  '~utm_medium~',
  '||utm_term||',
  '%{utm_source}',
  '%25%25utm_source%25%25',
  '$gclid',
  'utm_source',
  '[gclid]',
  '[null]',
  '[get utm_source]',
  '[CF7_GET key="utm_source"]',
  '[field id="utm_source"]',
  '[elementor-tag name="request"]',
  "[url_param param='utm_campaign']",
  '[]',
  '""',
  "''",
  'no data',
])('%s is none', (text) => {
  expect(isPlaceholder(text)).toBe(true);
});

test.each([
  'linkedin',
  'none-of-us',
  'nonesuch',
  'nullpunkt',
  'falsehood',
  'unknown pleasures',
  'nan-shop',
  'Nil by Mouth',
  'summer {sale}',
  '100%',
  '50%-off',
  '(organic)',
  '(cross-network)',
  'direct',
  '[brand]',
  '[Search] Brand',
  '[utm] guide for [brand]',
  '$ave 20',
  '#utmark',
  'utm_sourcing',
  '-',
  '_',
  '#1',
  '$5',
  '<3',
  '@home',
  '0',
  '夏',
  '🎉',
  'å',
])('%s is a value', (text) => {
  expect(isPlaceholder(text)).toBe(false);
});

// With an expression that goes back and forth, this takes minutes: longer than the runner waits for a test.
test('long text of any brackets is read once', () => {
  for (const text of ['{', '<', '[', '%', '__', '%%', '*|', '(', '${', 'null|', '{}', '[[']) {
    expect(isPlaceholder(`${text.repeat(400_000 / text.length)}x`)).toBeTypeOf('boolean');
  }
});

test('the rule is one for URLs, hidden fields, utm and click ids', () => {
  fc.assert(
    fc.property(
      placeholder,
      fc.constantFrom('source', 'medium', 'campaign', 'term', 'content', 'id'),
      (text, field) => {
        const pairs: [string, string][] = [
          [`utm_${field}`, text],
          ['gclid', text],
        ];
        const inUrl = readParameters(`https://firma.no/?${new URLSearchParams(pairs).toString()}`);
        const inForm = collectParameters(pairs);
        expect(inUrl).toEqual(inForm);
        expect(inUrl.clickIds).toEqual([]);
        // The raw text stays.
        expect(inUrl.utm[field]).toBe(text.trim());
        expect(meaningOf(inUrl.utm)).toEqual(noUtm);
      },
    ),
  );
});

test('direct without its brackets is a placeholder beside a medium that says no more', () => {
  expect(meaningOf({ ...noUtm, source: 'direct', medium: 'none' })).toEqual(noUtm);
  expect(meaningOf({ ...noUtm, source: 'Direct', medium: 'email' }).source).toBe('Direct');
  for (const source of ['direct', 'Direct traffic', 'direct / none', '(direct) / (none)'])
    for (const medium of [null, 'direct', '(none)']) expect(meaningOf({ ...noUtm, source, medium })).toEqual(noUtm);
});
