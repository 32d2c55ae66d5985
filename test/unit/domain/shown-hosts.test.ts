import { domainToASCII, domainToUnicode } from 'node:url';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { showHosts, showHostsIn, toStoredHost } from '../../../src/domain/hosts/shown-hosts.ts';

it.each([
  'blåbær.no',
  'www.münchen-straße.de'.replace('ß', 'ss'),
  'żółw.pl',
  'việtnam.vn',
  'þór.is',
  'пример.рф',
  'παράδειγμα.gr',
  '例え.jp',
  'メール.日本',
  '한국.kr',
  'مثال.com',
  'דוגמה.il',
  'straße.de',
])('shows %s as its owner writes it', (host) => {
  const stored = domainToASCII(host);
  expect(stored).toContain('xn--');
  expect(showHosts(stored)).toBe(domainToUnicode(stored));
  expect(showHosts(`https://${stored}/a?b=c`)).toBe(`https://${host}/a?b=c`);
  expect(showHosts(`kari@${stored}, ola@firma.no`)).toBe(`kari@${host}, ola@firma.no`);
  for (const text of [host, `kari@${host}`, `https://${host}/a`])
    expect(toStoredHost(text)).toBe(text.replace(host, stored));
});

it.each(['аррӏе.com', 'аpple.com', 'ѕсоре.no', 'paypaı.com', 'googlé’.com', 'gооgle.no', 'a工b.cn', 'ορο.gr'])(
  'leaves %s in ASCII, since it can be taken for another name',
  (host) => {
    const stored = domainToASCII(host) || 'xn--80ak6aa92e.com';
    expect(showHosts(stored)).toBe(stored);
  },
);

it('leaves other text as it is', () => {
  for (const text of [
    'eyJz.xn',
    'YWJjxn--blbr-roah',
    'xn--blbr-roah',
    'xn--.no',
    'xn--a.no',
    'xn--99999999.no',
    'a_xn--blbr-roah.no',
    'xn--blbr-roah.x@firma.no',
    // Stands for ASCII: no browser writes it so.
    'xn--abc-.no',
  ])
    expect(showHosts(text)).toBe(text);
  for (const text of ['Blåbær', 'vår. høst', 'kari@firma.no', 'a b.nø', '']) expect(toStoredHost(text)).toBe(text);
  const raw = {
    raw: { source: 'xn--blbr-roah.no' },
    url: 'https://xn--blbr-roah.no',
    fields: { email: 'a@xn--blbr-roah.no' },
  };
  expect(showHostsIn(raw)).toEqual(raw);
});

it('never throws, and shows only what stands for the same host', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9-]{0,20}$/), (rest) => {
      const host = `xn--${rest}.no`;
      const shown = showHosts(host);
      expect(shown === host || toStoredHost(shown) === host).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
