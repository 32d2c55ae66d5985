import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSameSite, registrableDomain } from '../../../src/domain/hosts/registrable-domain.ts';

const suffixListChecks = new URL('../../../../shared/data/test_psl.txt', import.meta.url);

describe('registrableDomain', () => {
  it.each([
    ['www.firma.no', 'firma.no'],
    ['https://user:pass@www.Firma.CO.UK:8443/a/b?c=d#e', 'firma.co.uk'],
    ['kari@mail.firma.no', 'firma.no'],
    ['foo.github.io', 'foo.github.io'],
    ['www.foo.github.io', 'foo.github.io'],
    ['kilde.x.workers.dev', 'x.workers.dev'],
    ['github.io', null],
    ['blåbær.no', 'xn--blbr-roah.no'],
    ['www.xn--blbr-roah.no', 'xn--blbr-roah.no'],
    ['ｗｗｗ．ｆｉｒｍａ．ｎｏ', 'firma.no'],
    ['firma.no.', 'firma.no'],
    ['localhost', null],
    ['http://localhost:8787/', null],
    ['127.0.0.1', null],
    ['http://[::1]:80/', null],
    ['no', null],
    ['', null],
    ['not a host', null],
    ['..', null],
    ['www..firma.no', null],
    ['blåbær..no', null],
    ['\ud800.no', null],
  ])('%j is %j', (host, domain) => {
    expect(registrableDomain(host)).toBe(domain);
  });

  it('answers every check of the public suffix list', ({ skip }) => {
    skip(!existsSync(suffixListChecks), `${suffixListChecks.pathname} is missing`);
    const checks = [
      ...readFileSync(suffixListChecks, 'utf8').matchAll(/^checkPublicSuffix\('([^']*)', (?:'([^']*)'|null)\);/gmu),
    ];
    expect(checks.length).toBeGreaterThan(70);
    const ascii = (name: string): string => new URL(`http://${name}`).hostname;
    expect(checks.map(([, host = '']) => [host, registrableDomain(host)])).toEqual(
      checks.map(([, host, domain]) => [host, domain === undefined ? null : ascii(domain)]),
    );
  });

  it('gives its own result back in ASCII, for any text', () => {
    const hostLike = fc
      .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })
      .map((labels) => labels.join('.'));
    fc.assert(
      fc.property(fc.oneof(hostLike, fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
        const domain = registrableDomain(text);
        if (domain === null) return;
        expect(registrableDomain(domain)).toBe(domain);
        expect(domain).toMatch(/^[\u0021-\u007e]+$/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isSameSite', () => {
  it.each([
    ['www.firma.no', 'firma.no', true],
    ['https://shop.firma.no/x', 'firma.no', true],
    ['blåbær.no', 'www.xn--blbr-roah.no', true],
    ['a.github.io', 'b.github.io', false],
    ['firma.no', 'firma.se', false],
    ['localhost', 'localhost', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '10.0.0.1', false],
    ['localhost', 'firma.no', false],
    ['', '', false],
  ])('%j and %j: %j', (a, b, same) => {
    expect([isSameSite(a, b), isSameSite(b, a)]).toEqual([same, same]);
  });
});
