import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMasked, maskAddress, restoreMasked } from '../../../src/domain/deliveries/mask-address.ts';

const target = fc.record({
  kind: fc.constantFrom('webhook', 'chat'),
  url: fc
    .record({
      host: fc.constantFrom('https://a.example', 'https://B.example:8443', 'http://b.example'),
      path: fc.webPath({ size: 'small' }),
      query: fc.webQueryParameters(),
    })
    .map(({ host, path, query }) => `${host}${path}?secret${query}`),
});

test('a masked address has the host and nothing of path and query', () => {
  expect(maskAddress('https://Hooks.slack.com/services/T0/B0/x?token=y#z')).toBe('https://hooks.slack.com/***');
  expect(maskAddress('https://example.com:8443')).toBe('https://example.com:8443/***');
  expect(isMasked('https://hooks.slack.com/services/***')).toBe(false);
});

test('targets that are sent back as they were read, in any order of kinds and hosts, are the stored ones', () => {
  fc.assert(
    fc.property(fc.array(target, { maxLength: 10 }), (known) => {
      const masked = known.map((one) => ({ ...one, url: maskAddress(one.url) }));
      expect(masked.every(({ url }) => isMasked(url))).toBe(true);
      expect(restoreMasked(masked, known)).toEqual({ targets: known, problems: [] });
      expect(restoreMasked(known, known)).toEqual({ targets: known, problems: [] });
    }),
  );
});

test('a masked address becomes a stored one or is refused, whatever is sent with it', () => {
  fc.assert(
    fc.property(fc.array(target, { maxLength: 6 }), fc.array(target, { maxLength: 6 }), (known, sent) => {
      const given = sent.map((one, n) => (n % 2 === 0 ? { ...one, url: maskAddress(one.url) } : one));
      const { targets, problems } = restoreMasked(given, known);
      for (const [position, one] of targets.entries()) {
        if (problems.some((problem) => problem.position === position)) continue;
        if (!isMasked(given[position]!.url)) expect(one).toEqual(given[position]);
        else expect(known).toContainEqual(one);
      }
    }),
  );
});
