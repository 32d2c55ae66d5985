import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { parse } from 'tldts';
import { describe, expect, it } from 'vitest';
import packed from '../../../assets/public-suffixes.json' with { type: 'json' };
import { domainUnderSuffix } from '../../../src/domain/hosts/registrable-domain.ts';
import { renderPublicSuffixes } from '../../../tools/build-public-suffixes.ts';

const rules = [packed.icann, packed.private].flatMap((kind) => Object.values(kind).join(' ').split(' '));

describe('the public suffix list', () => {
  it('is the one that tldts carries', async () => {
    const file = new URL('../../../assets/public-suffixes.json', import.meta.url);
    const isCurrent = (await readFile(file, 'utf8')) === renderPublicSuffixes();
    expect(isCurrent, 'run `npm run build:public-suffixes`').toBe(true);
    expect(rules.length).toBeGreaterThan(10_000);
  });

  it('gives the domains that tldts gives, below any rule', () => {
    const label = fc.constantFrom('www', 'a', 'shop', 'city', 'xn--bcher-kva', 'no', 'com', 'co', 'x1', '');
    const suffix = fc.constantFrom(...rules).map((rule) => rule.replace(/^(!|\*\.)/, ''));
    fc.assert(
      fc.property(
        fc.array(label, { maxLength: 4 }),
        fc.oneof({ weight: 9, arbitrary: suffix }, label),
        (before, end) => {
          const host = [...before, end].join('.');
          const { domain, isIcann, isPrivate } = parse(host, { allowPrivateDomains: true });
          const kind = isIcann ? 'icann' : isPrivate ? 'private' : null;
          expect([host, domainUnderSuffix(host)]).toEqual([host, { domain, kind }]);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
