import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { clickIdPlatforms, maxClickIds } from '../../../src/domain/attribution/click-ids.ts';
import { rankEvidence, ranks, readEvidence, readNavigation } from '../../../src/domain/attribution/read-evidence.ts';
import { evidence } from './arrivals.ts';

describe('utm', () => {
  test('reads all six, and no placement where there is none', () => {
    const { utm } = evidence('utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=o&utm_id=i');
    expect(utm).toEqual({ source: 's', medium: 'm', campaign: 'c', term: 't', content: 'o', id: 'i', placement: null });
  });

  test.each([
    ['utm_source=a+b', 'a b'],
    ['utm_source=a%20b', 'a b'],
    ['utm_source=a%2Bb', 'a+b'],
    ['utm_source=%2525', '%25'],
    ['utm_source=100%', '100%'],
    ['utm_source=%zz%41', '%zzA'],
    ['utm_source=%E6', 'æ'],
    ['utm_source=v%E5r+%26+h%C3%B8st', 'vår & høst'],
    ['utm_source=%80', '€'],
    ['utm_source=null&utm_source=second', 'second'],
    ['utm_source=h%C3%B8st', 'høst'],
    ['UTM_Source=Mixed', 'Mixed'],
    ['utm_source=&utm_source=second&utm_source=third', 'second'],
    ['utm_source=%00%0A', null],
    ['utm_source', null],
    ['utm_sources=x&xutm_source=y', null],
    ['a=1;utm_source=x', 'x'],
    ['a=1;b=2&utm_source=x;y', 'x;y'],
    [`utm_source=${'x'.repeat(300)}`, 'x'.repeat(255)],
  ])('%s gives %j', (query, source) => {
    expect(evidence(query).utm.source).toBe(source);
  });

  test.each([
    ['https://firma.no/#utm_source=frag', 'frag'],
    ['https://firma.no/#/route?utm_source=frag', 'frag'],
    ['https://firma.no/?utm_source=query#utm_source=frag', 'query'],
    ['https://firma.no/?a=1#utm_source=frag', 'frag'],
    ['https://firma.no/#section?', null],
    ['/signup?utm_source=relative', 'relative'],
    ['capacitor://localhost/?utm_source=app', 'app'],
  ])('%s gives %j', (pageUrl, source) => {
    expect(readEvidence({ pageUrl, referrer: null }).utm.source).toBe(source);
  });

  test('the fragment adds nothing to a query that has utm', () => {
    const read = readEvidence({ pageUrl: 'https://firma.no/?utm_source=query#utm_campaign=frag', referrer: null });
    expect(read.utm.campaign).toBeNull();
  });
});

describe('click identifiers', () => {
  test.each(clickIdPlatforms.map(({ name }) => name))('%s is read, its value kept case and all', (name) => {
    expect(evidence(`${name}=EAIaIQob-_Cw`).clickIds).toEqual([{ name, value: 'EAIaIQob-_Cw' }]);
    expect(evidence(`${name.toUpperCase()}=Ab`).clickIds).toEqual([{ name, value: 'Ab' }]);
  });

  const ids = (query: string): string[] => evidence(query).clickIds.map(({ name, value }) => `${name}=${value}`);

  test('all are kept in the order of the URL, each once', () => {
    expect(ids('fbclid=F&gclid=G')).toEqual(['fbclid=F', 'gclid=G']);
    expect(ids('ttclid=T&msclkid=M&fbclid=F&TTCLID=T')).toEqual(['ttclid=T', 'msclkid=M', 'fbclid=F']);
    expect(ids('gclid=a&gclid=b')).toEqual(['gclid=a', 'gclid=b']);
    expect(ids('gclid=&fbclid=F&msclkid=undefined')).toEqual(['fbclid=F']);
  });

  test('of too many the last are kept', () => {
    const many = Array.from({ length: 20 }, (_, index) => `gclid=${index}`);
    expect(ids(many.join('&'))).toEqual(many.slice(-maxClickIds));
  });

  test('is cut at 512', () => {
    expect(evidence(`gclid=${'x'.repeat(600)}`).clickIds[0]?.value).toHaveLength(512);
  });
});

describe('referrer', () => {
  const from = (referrer: string, pageUrl = 'https://www.firma.no/kurs') =>
    readEvidence({ pageUrl, referrer }).referrerHost;

  test.each([
    ['https://www.linkedin.com/', 'linkedin.com'],
    ['https://m.facebook.com/x?y=1', 'm.facebook.com'],
    ['https://WWW.Google.NO/', 'google.no'],
    ['https://google.com.:443/', 'google.com'],
    ['android-app://com.google.android.gm/', 'android-app://com.google.android.gm'],
    ['android-app://com.Slack', 'android-app://com.slack'],
    ['android-app://no.firma', 'android-app://no.firma'],
    ['android-app://com.firma.no/https/firma.no', 'android-app://com.firma.no'],
    ['android-app://', null],
    ['http://user:secret@nrk.no/a', 'nrk.no'],
    ['https://blåbær.no/', 'xn--blbr-roah.no'],
    ['https://firma.no/annet', null],
    ['https://shop.firma.no/', null],
    ['https://firma.no.evil.io/', 'firma.no.evil.io'],
    ['https://ikkefirma.no/', 'ikkefirma.no'],
    ['about:blank', null],
    ['data:text/html,x', null],
    ['linkedin.com', null],
    ['', null],
  ])('%s gives %j', (referrer, host) => {
    expect(from(referrer)).toBe(host);
  });

  test('the public suffix list tells neighbours apart', () => {
    expect(from('https://other.co.uk/', 'https://firma.co.uk/')).toBe('other.co.uk');
    expect(from('https://other.github.io/', 'https://firma.github.io/')).toBe('other.github.io');
    expect(from('https://a.firma.github.io/', 'https://firma.github.io/')).toBeNull();
  });

  test('further hosts of the site are no referrers', () => {
    const isOwnHost = (host: string): boolean => host === 'firma.se';
    expect(
      readEvidence({ pageUrl: 'https://firma.no/', referrer: 'https://www.firma.se/', isOwnHost }).referrerHost,
    ).toBeNull();
  });

  test('an internal navigation is told from an arrival without a referrer', () => {
    const pageUrl = 'https://firma.no/b';
    expect(readNavigation({ pageUrl, referrer: 'https://firma.no/a' }).isInternal).toBe(true);
    expect(readNavigation({ pageUrl, referrer: null }).isInternal).toBe(false);
    expect(readNavigation({ pageUrl, referrer: 'https://nrk.no/' }).isInternal).toBe(false);
  });
});

describe('landing page', () => {
  test.each([
    ['https://firma.no/signup?utm_source=x#top', 'https://firma.no/signup'],
    ['https://kari:secret@firma.no:8443/a', 'https://firma.no:8443/a'],
    ['HTTPS://Firma.NO', 'https://firma.no/'],
    ['http://firma.no/%C3%B8', 'http://firma.no/%C3%B8'],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['not a url', null],
    [`https://firma.no/${'x'.repeat(300)}`, `https://firma.no/${'x'.repeat(238)}`],
    [`https://firma.no/${'x'.repeat(237)}%C3%B8`, `https://firma.no/${'x'.repeat(237)}`],
  ])('%s gives %j', (pageUrl, landingPage) => {
    expect(readEvidence({ pageUrl, referrer: null }).landingPage).toBe(landingPage);
  });
});

test('any two strings give evidence within its bounds', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .tuple(fc.webUrl(), fc.string({ unit: 'binary' }))
      .map(([url, rest]) => `${url}?utm_source=${rest}&gclid=${rest}`),
    fc.constantFrom(
      'https://',
      'http://[::1]/?utm_source=%',
      'https://%/',
      'https://firma.no/?%=%&&=&utm_medium',
      'android-app://',
    ),
  );
  fc.assert(
    fc.property(text, text, (pageUrl, referrer) => {
      const { utm, clickIds, referrerHost, landingPage } = readEvidence({ pageUrl, referrer });
      for (const value of [...Object.values(utm), referrerHost, landingPage]) {
        expect(value === null || (value.length > 0 && value.length <= 255)).toBe(true);
      }
      expect(clickIds.length).toBeLessThanOrEqual(maxClickIds);
      for (const { value } of clickIds) expect(value.length > 0 && value.length <= 512).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('any value survives one encoding whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (text) => {
      fc.pre(text.trim() === text && text !== '' && !/[?&]utm_/.test(text));
      expect(evidence(`utm_source=${encodeURIComponent(text)}`).utm.source).toBe(text);
      expect(evidence(new URLSearchParams({ utm_source: text }).toString()).utm.source).toBe(text);
    }),
  );
});

describe('rankEvidence', () => {
  test.each([
    ['', null, ranks.direct],
    ['utm_content=x', null, ranks.campaign],
    ['utm_campaign=x&utm_source=null', null, ranks.campaign],
    ['utm_source=(direct)&utm_medium=(none)', null, ranks.direct],
    ['utm_campaign=(not set)', null, ranks.direct],
    ['gclid=x', null, ranks.known],
    ['gclid=undefined', null, ranks.direct],
    ['utm_medium=x', null, ranks.known],
    ['', 'https://nrk.no/', ranks.known],
    ['', 'https://checkout.stripe.com/', ranks.direct],
    ['utm_campaign=x', 'https://checkout.stripe.com/', ranks.campaign],
    ['utm_source=x', 'https://www.paypal.com/', ranks.known],
  ])('%j from %j: %j', (query, referrer, rank) => {
    expect(rankEvidence(evidence(query, referrer))).toBe(rank);
  });

  test("a site's own list stands beside that of payment, login and consent providers", () => {
    expect(rankEvidence(evidence('', 'https://nrk.no/'), ['nrk.no'])).toBe(ranks.direct);
    expect(rankEvidence(evidence('', 'https://www.paypal.com/'), ['nrk.no'])).toBe(ranks.direct);
  });
});
