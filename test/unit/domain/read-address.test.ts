import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAddress } from '../../../src/domain/read-address.ts';
import { readQuery } from '../../../src/domain/read-query.ts';

/** Where addresses are plain, and where `URL` mends, moves, escapes or refuses. */
const pieces = {
  scheme: ['https://', 'http://', 'https:', 'HTTP://', 'ftp://', 'android-app://', '', ' https://', 'https:///', '//'],
  host: words(
    'firma.no www.firma.no localhost a-b.c -a.no FIRMA.no blåbær.no xn--blbr-roah.no firma.no. xn--a.no a.xn-- firma..no',
    '127.0.0.1 127.1 0127.0.0.1 256.0.0.1 255.255.255.255 1.2.3.04 1.2.3.4.5 a.1 a.1b 0x7f.1 a.0x1 [::1] user@firma.no',
    'fir_ma.no fir%6da.no',
  ).concat('a b.no', ''),
  port: ['', ...words(':80 :443 :8787 :0 :08 :65535 :65536 :59999 : :a :800 :4430')],
  path: words(
    '/ /pris /a/b/ /. /.. /a/../b /a/./b /%2e /a/%2E%2e/b /.well-known /a..b //a /ø /%C3%B8 /% /a|b /a^b /a\\b',
    `/{a} /" /' /a;b=c,d /@ /a:b`,
  ).concat('', '/a b', '/a\tb', '/ '),
  query: ['', ...words(`? ?a=b ?a=%20+ ?u=https://a.no/?b ?a=ø ?a="<>' ?a=b?c`), '?a b', '?a\n=b', '? '],
  fragment: ['', ...words('# #a #a?b #ø'), '# ', '#\t'],
};

function words(...lines: string[]): string[] {
  return lines.join(' ').split(' ');
}

const address = fc.oneof(
  {
    arbitrary: fc.tuple(...Object.values(pieces).map((of) => fc.constantFrom(...of))).map((parts) => parts.join('')),
    weight: 5,
  },
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => `https://firma.no/${text}`),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => `https://firma.no${text}`),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => `https://${text}`),
);

it('reads what URL reads', () => {
  fc.assert(
    fc.property(address, (text) => {
      const url = URL.parse(text);
      const read = readAddress(text);
      if (url === null) {
        expect(read).toBeNull();
        return;
      }
      const { search, ...rest } = read!;
      const { protocol, hostname, origin, pathname } = url;
      expect(rest).toEqual({ protocol, hostname, origin, pathname });
      expect(readQuery(search)).toEqual(readQuery(url.search));
    }),
    { numRuns: 20_000 },
  );
});
