import { describe, expect, test } from 'vitest';

import {
  channelWhen,
  explainLanguages,
  originText,
  passedOverText,
} from '../../../src/domain/attribution/explain-texts.ts';
import type { ExplainTexts } from '../../../src/domain/attribution/explain-texts.ts';
import { explain, originRules, passedOverReasons } from '../../../src/domain/attribution/explain.ts';
import { defaultChannels } from '../../../src/domain/attribution/channels.ts';
import sentences from '../../../assets/explain-texts.json';
import { defaultRules } from '../../../src/domain/attribution/resolve-origin.ts';

const rules = defaultRules([]);

/** `evidence name value reason`, one for each that was passed over. */
const passed = (u: string, r: string | null = null, earlier: { u: string; r: string | null } | null = null): string[] =>
  explain({ u, r, earlier, rules }).reasons.passedOver.map(
    (one) => `${one.evidence} ${one.name} ${one.value} ${one.reason}`,
  );

test('a stale gclid in a link shared on LinkedIn is LinkedIn, and says why', () => {
  expect(
    explain({ u: 'https://firma.no/kurs?gclid=Old&utm_campaign=q3', r: 'https://www.linkedin.com/', rules }),
  ).toEqual({
    origin: {
      channel: 'Organic Social',
      source: 'linkedin',
      medium: 'social',
      campaign: 'q3',
      term: null,
      content: null,
      id: null,
      placement: null,
      clickId: { name: 'gclid', value: 'Old' },
      clickIds: [{ name: 'gclid', value: 'Old' }],
      referrerDomain: 'linkedin.com',
      landingPage: 'https://firma.no/kurs',
    },
    reasons: {
      origin: { rule: 'referrer', source: 'referrer', medium: 'referrer' },
      channel: { from: 'default', row: 12 },
      evidence: [
        { evidence: 'utm', name: 'utm_campaign', value: 'q3', use: 'kept' },
        { evidence: 'clickId', name: 'gclid', value: 'gclid', use: 'passedOver' },
        { evidence: 'referrer', name: 'referrer', value: 'linkedin.com', use: 'sourceAndMedium' },
        { evidence: 'page', name: 'page', value: 'https://firma.no/kurs', use: 'kept' },
      ],
      passedOver: [{ evidence: 'clickId', name: 'gclid', value: 'gclid', reason: 'staleClickId' }],
    },
  });
});

describe('what is passed over is said with its reason', () => {
  test.each<[string, string | null, string[]]>([
    [
      'https://firma.no/?utm_source=(direct)&utm_medium=(none)',
      null,
      ['utm utm_source (direct) placeholder', 'utm utm_medium (none) placeholder'],
    ],
    ['https://firma.no/?gclid=%7Bgclid%7D', null, ['clickId gclid {gclid} placeholder']],
    ['https://firma.no/', 'https://shop.firma.no/kasse', ['referrer referrer shop.firma.no ownSite']],
    ['https://firma.no/', 'https://www.paypal.com/', ['referrer referrer paypal.com ignoredReferrer']],
    ['https://firma.no/', 'linkedin.com', ['referrer referrer linkedin.com unreadableReferrer']],
    ['https://firma.no/', 'https://docs.google.com/', ['referrer referrer google.com parentNotInherited']],
    ['https://firma.no/?gclid=a&fbclid=b', null, ['clickId gclid gclid otherClickIdWins']],
    ['https://firma.no/?msclkid=a', 'https://nrk.no/', ['referrer referrer nrk.no clickIdWins']],
    ['https://firma.no/?utm_source=a&utm_medium=b&gclid=x', null, ['clickId gclid gclid utmWins']],
    ['https://firma.no/?utm_source=a&gclid=x', null, ['clickId gclid gclid conflictsWithUtm']],
    ['https://firma.no/?utm_medium=cpc', 'https://www.youtube.com/', []],
    ['https://firma.no/', 'android-app://com.android.chrome/', []],
  ])('%s from %j', (u, r, expected) => {
    expect(passed(u, r)).toEqual(expected);
  });

  test('a page that shows part of an earlier click is that click', () => {
    const earlier = { u: 'https://firma.no/a?utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=G', r: null };
    const { origin, reasons } = explain({ u: 'https://firma.no/kontakt?gclid=G', r: null, earlier, rules });
    expect(origin).toMatchObject({ campaign: 'brand', landingPage: 'https://firma.no/a' });
    expect(reasons.origin.rule).toBe('sameClick');
    expect(passed('https://firma.no/kontakt?gclid=G', null, earlier)).toEqual([
      'clickId gclid gclid utmWins',
      'page page https://firma.no/kontakt sameClick',
    ]);
    expect(passed('https://firma.no/kontakt?gclid=H', null, earlier)).toEqual([]);
  });
});

test('a campaign alone is said to be no source', () => {
  expect(explain({ u: 'https://firma.no/?utm_campaign=x', r: null, rules }).reasons.origin.rule).toBe('campaignOnly');
});

// The compiler asks for a sentence of each code.
const texts: ExplainTexts = sentences;

test('every code has words in every language', () => {
  for (const language of explainLanguages) {
    const wording = { texts, language };
    for (const reason of passedOverReasons) {
      const text = passedOverText({ evidence: 'utm', name: 'utm_source', value: 'null', reason }, wording);
      expect(text).toMatch(/^\S.*\.$/);
      expect(text).not.toMatch(/[{}]/);
    }
    for (const rule of originRules) expect(originText({ rule, source: null, medium: null }, wording)).toMatch(/\.$/);
    for (const channel of defaultChannels) {
      expect(channelWhen({ channel, rule: { from: 'default', row: 1 }, siteRules: [] }, wording)).not.toBe('');
    }
  }
});

test.each([
  [null, null],
  ['', ''],
  ['%%%', 'not a url'],
])('%j from %j is direct', (u, r) => {
  expect(explain({ u, r, rules }).origin).toMatchObject({ channel: 'Direct', landingPage: null });
});
