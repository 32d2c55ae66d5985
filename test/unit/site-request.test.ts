import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import type { Env } from '../../src/config.ts';
import { addressAtSite } from '../../src/http/site-request.ts';

const origins = [
  'http://127.0.0.1:3000',
  'https://site.example',
  'https://site.example:8443/base',
  'http://[::1]:80/a/b',
];

/** What a path can be made of so that somebody reads a host, a user or a folder above in it. */
const hostilePart = fc.constantFrom(
  '/',
  '//',
  '\\',
  '/\\',
  '.',
  '..',
  '/./',
  '/../',
  '%2e%2e',
  '%2E',
  '%2f',
  '%5c',
  '@',
  'u:p@',
  ':',
  ':80',
  '?',
  '#',
  ';',
  '%00',
  '%0d%0a',
  '\t',
  '\n',
  '\r',
  ' ',
  'evil.test',
  '127.0.0.1:8788',
  '[::1]',
  'http:',
  'https://evil.test',
  'javascript:',
  '%',
  '%zz',
  'å',
  '\u3002',
  'x',
  '*',
);
const hostilePath = fc
  .array(fc.oneof(hostilePart, fc.string({ maxLength: 3 })), { maxLength: 8 })
  .map((parts) => parts.join(''));

describe('the address at the site', () => {
  test('has the configured origin and base path, whatever was asked for', () => {
    fc.assert(
      fc.property(hostilePath, fc.constantFrom(...origins), (path, origin) => {
        const url = URL.parse(`https://www.example.com/${path}`);
        fc.pre(url !== null);
        const target = addressAtSite({ url, origin });
        const { origin: host, pathname: base } = new URL(origin);
        expect(target.origin).toBe(host);
        expect([target.username, target.password]).toEqual(['', '']);
        expect(target.pathname).toBe(base.replace(/\/$/, '') + url.pathname);
        expect(target.search).toBe(url.search);
        // Read once more, by whoever connects, it is the same.
        expect(new URL(target.href).href).toBe(target.href);
      }),
    );
  });

  test.each([
    ['//other-host/x', 'https://site.example//other-host/x'],
    ['/\\host', 'https://site.example//host'],
    ['/.//host', 'https://site.example//host'],
    ['/a/..//host', 'https://site.example//host'],
    ['//u:p@host', 'https://site.example//u:p@host'],
    ['/@host', 'https://site.example/@host'],
    ['/%2f%2fhost', 'https://site.example/%2f%2fhost'],
    ['/?u=//host', 'https://site.example/?u=//host'],
  ])('of %j is %s', (path, expected) => {
    const url = new URL(`http://www.example.com${path}`);
    expect(addressAtSite({ url, origin: 'https://site.example' }).href).toBe(expected);
  });
});

describe('the settings', () => {
  const parse = (env: Partial<Env>) =>
    parseConfig({
      LIBSQL_URL: 'http://127.0.0.1',
      JOURNEY_KEYS: 'dGhlLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtbG9uZy4',
      ...env,
    } as Env);

  test('take host names as they are compared, and an origin with its base path', () => {
    const { passThrough } = parse({
      PASS_THROUGH_HOSTS: 'WWW.Example.com., blåbær.no:8787',
      PASS_THROUGH_ORIGIN: 'http://127.0.0.1:3000/base/',
    });
    expect(passThrough).toEqual({
      hosts: ['www.example.com', 'xn--blbr-roah.no'],
      origin: 'http://127.0.0.1:3000/base',
    });
    expect(parse({}).passThrough).toBeNull();
  });

  test.each<[Partial<Env>, string]>([
    [{ PASS_THROUGH_HOSTS: 'https://www.example.com' }, 'PASS_THROUGH_HOSTS has "https://www.example.com"'],
    [{ PASS_THROUGH_HOSTS: '*.example.com' }, 'PASS_THROUGH_HOSTS has "*.example.com"'],
    [{ PASS_THROUGH_ORIGIN: 'http://site' }, 'PASS_THROUGH_ORIGIN is set without PASS_THROUGH_HOSTS'],
    [{ PASS_THROUGH_HOSTS: 'a.no', PASS_THROUGH_ORIGIN: 'site.example' }, 'PASS_THROUGH_ORIGIN is "site.example"'],
    [
      { PASS_THROUGH_HOSTS: 'a.no', PASS_THROUGH_ORIGIN: 'ftp://site.example' },
      'PASS_THROUGH_ORIGIN is "ftp://site.example"',
    ],
    [{ PASS_THROUGH_HOSTS: 'a.no', PASS_THROUGH_ORIGIN: 'https://site.example/?a' }, 'must not have a query'],
    [
      { PASS_THROUGH_HOSTS: 'a.no', PASS_THROUGH_ORIGIN: 'https://u:secret@site.example' },
      'must not contain a user name',
    ],
    [{ KILDE_PUBLIC_URL: 'edge.example.com' }, 'KILDE_PUBLIC_URL is "edge.example.com"'],
    [{ PASS_THROUGH_HOSTS: 'a.no', KILDE_PUBLIC_URL: 'https://a.no' }, 'its path must be /_kilde'],
  ])('refuse %j', (env, message) => {
    expect(() => parse(env)).toThrow(message);
    expect(() => parse(env)).not.toThrow('secret');
  });
});
