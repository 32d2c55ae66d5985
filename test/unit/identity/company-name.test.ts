import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  companyNameKey,
  normalizeCompanyDomain,
  normalizeRegistrationNumber,
} from '../../../src/domain/people/company-name.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });

describe('companyNameKey', () => {
  it.each([
    [
      'firma',
      [
        'Firma AS',
        'FIRMA A/S',
        'firma as.',
        'AS Firma',
        '  Firma ,  AS ',
        'Firma ASA',
        'Firma AB (publ)',
        'Ｆｉｒｍａ ＡＳ',
        'Firma Oy Ab',
        'Firma+',
      ],
    ],
    [
      'müller söhne',
      [
        'Müller Söhne GmbH',
        'Müller Söhne e.K.',
        'Müller Söhne GmbH & Co. KG',
        'MÜLLER-SÖHNE AG',
        'Mu\u0308ller So\u0308hne mbH',
      ],
    ],
    ['hansen & sønner', ['Hansen & Sønner AS', 'Hansen og Sønner', 'Hansen and Sønner Ltd.', 'Hansen+Sønner A.S.']],
    [
      'acme',
      [
        'Acme, Inc.',
        'ACME Corp',
        'Acme Co., Ltd.',
        'Acme Pty Ltd',
        'Acme LLC',
        'Acme L.L.C.',
        'Acme S.A.',
        'Acme S.p.A.',
        'Acme SpA',
        'ACME SPA',
        'Acme B.V.',
      ],
    ],
    ['budowa', ['Budowa Sp. z o.o.', 'Budowa Sp. z o. o.', 'Budowa sp. zoo', 'BUDOWA SP Z OO']],
    ['stroje', ['Stroje s.r.o.', 'Stroje, s. r. o.', 'Stroje a.s.', 'Stroje a. s.', 'Stroje spol. s r.o.']],
    ['farris spa', ['Farris Spa', 'Farris Spa AS', 'farris spa']],
    ['hansen', ['Hansen & Co', 'Hansen og Co. AS', 'Hansen Company']],
    ['at & t', ['AT&T', 'AT & T Inc.', 'AT and T']],
    ['mcdonalds', ["McDonald's", 'McDonald’s Corporation', 'McDonalds']],
  ])('%s', (key, names) => {
    expect(names.map((name) => [name, companyNameKey(name)])).toEqual(names.map((name) => [name, key]));
  });

  it.each([
    ['AS', 'as'],
    ['A/S', 'as'],
    ['AS AS', 'as'],
    ['Co', 'co'],
    ['3M', '3m'],
    ['Hennig-Olsen Is AS', 'hennig olsen is'],
    ['And', 'and'],
    ['Og AS', 'og'],
    ['Håland', 'håland'],
    ['Haland', 'haland'],
    ['J. K. Rør', 'jk rør'],
    ['株式会社', '株式会社'],
    ['', null],
    [' – & . ', null],
    ['+++', null],
  ])('%j is %j', (name, key) => {
    expect(companyNameKey(name)).toBe(key);
  });

  it('gives its own result back, for any text', () => {
    const nearMiss = fc
      .array(
        fc.constantFrom(
          'AS',
          'A/S',
          '&',
          'og',
          'Co.',
          's.r.o.',
          'Sp.',
          'z',
          'o.o.',
          'SPA',
          'Spa',
          'Rør',
          'İ',
          '+',
          'GmbH',
          'ǅ',
        ),
      )
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.oneof(anyText, nearMiss), (name) => {
        const key = companyNameKey(name);
        expect(key === null ? null : companyNameKey(key)).toBe(key);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['A.', 'AS ', '&', 'a', '. ', ' '])('reads no more than 255 characters of %j again and again', (part) => {
    const name = part.repeat(500_000);
    expect(companyNameKey(`${name} Rør`)).toBe(companyNameKey(name.slice(0, 255)));
  });
});

describe('normalizeCompanyDomain', () => {
  it.each([
    ['https://www.firma.no/om-oss?a=b', 'firma.no'],
    ['firma.no', 'firma.no'],
    ['  WWW.Firma.NO/ ', 'firma.no'],
    ['http://shop.firma.co.uk:8080', 'firma.co.uk'],
    ['blåbær.no', 'xn--blbr-roah.no'],
    ['post@firma.no', 'firma.no'],
    ['firma.github.io', 'firma.github.io'],
    ['https://www.facebook.com/firma', null],
    ['linkedin.com/company/firma', null],
    ['https://facebook.com/', 'facebook.com'],
    ['firma', null],
    ['har ingen', null],
    ['localhost:3000', null],
    ['10.0.0.1', null],
    ['', null],
  ])('%j is %j', (raw, domain) => {
    expect(normalizeCompanyDomain(raw)).toBe(domain);
  });
});

describe('normalizeRegistrationNumber', () => {
  it.each([
    ['987654321', '987654321'],
    ['987 654 321', '987654321'],
    ['NO 987 654 321 MVA', '987654321'],
    ['Org.nr. 987 654 321', '987654321'],
    ['Org.nr.: NO987654321MVA', '987654321'],
    ['VAT no. NO 987654321 MVA', '987654321'],
    ['556677-8899', '5566778899'],
    ['CVR-nr. 12 34 56 78', '12345678'],
    ['DK12345678', 'DK12345678'],
    ['USt-IdNr. DE 123456789', 'DE123456789'],
    ['HRB 12345', 'HRB12345'],
    ['CHE-123.456.789', 'CHE123456789'],
    ['sc123456', 'SC123456'],
    ['ukjent', null],
    ['', null],
    ['1'.repeat(40), null],
  ])('%j is %j', (raw, number) => {
    expect(normalizeRegistrationNumber(raw)).toBe(number);
  });

  it('holds capital letters and digits only, for any text', () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        expect(normalizeRegistrationNumber(raw) ?? '0').toMatch(/^[A-Z0-9]+$/u);
        expect(() => normalizeCompanyDomain(raw)).not.toThrow();
      }),
    );
  });
});
