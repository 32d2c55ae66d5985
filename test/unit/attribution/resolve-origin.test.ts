import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { channelRuleSchema } from '../../../src/domain/attribution/channel-rule.ts';
import { defaultChannels } from '../../../src/domain/attribution/channels.ts';
import { clickIdPlatforms } from '../../../src/domain/attribution/click-ids.ts';
import { meaningOf } from '../../../src/domain/attribution/placeholders.ts';
import { explainEvidence } from '../../../src/domain/attribution/explain.ts';
import { defaultRules, resolveTouch } from '../../../src/domain/attribution/resolve-origin.ts';
import type { AttributionRules } from '../../../src/domain/attribution/resolve-origin.ts';
import { anyEvidence, arrival, evidence, start } from './arrivals.ts';

const rules = defaultRules([]);

function resolve(query: string, referrer: string | null = null, given: AttributionRules = rules) {
  const { origin, reasons } = explainEvidence(evidence(query, referrer), given);
  const { source, medium, channel, referrerDomain } = origin;
  return { origin, reasons, brief: [source, medium, channel, referrerDomain], rule: reasons.origin.rule };
}

type Row = [query: string, referrer: string | null, brief: (string | null)[]];

describe('utm comes first', () => {
  test.each<Row>([
    ['utm_source=linkedin&utm_medium=social', null, ['linkedin', 'social', 'Organic Social', null]],
    ['utm_source=LinkedIn&utm_medium=Paid-Social', null, ['LinkedIn', 'Paid-Social', 'Paid Social', null]],
    [
      'utm_source=nyhetsbrev&utm_medium=email',
      'https://www.google.com/',
      ['nyhetsbrev', 'email', 'Email', 'google.com'],
    ],
    ['utm_source=nyhetsbrev&utm_medium=email&gclid=x', null, ['nyhetsbrev', 'email', 'Email', null]],
    ['utm_source=nyhetsbrev', 'https://www.google.com/', ['nyhetsbrev', null, 'Unassigned', 'google.com']],
    ['utm_medium=email', 'https://www.google.com/', ['google', 'email', 'Email', 'google.com']],
    ['utm_medium=email', 'https://www.nrk.no/', [null, 'email', 'Email', 'nrk.no']],
    ['utm_medium=cpc&gclid=x', 'https://www.linkedin.com/', ['linkedin', 'cpc', 'Paid Social', 'linkedin.com']],
    ['utm_source=chatgpt.com', 'https://chatgpt.com/', ['chatgpt.com', null, 'AI Assistant', 'chatgpt.com']],
    ['utm_source=x&utm_medium=y', 'https://m.facebook.com/', ['x', 'y', 'Organic Social', 'facebook.com']],
  ])('%s from %j', (query, referrer, brief) => {
    expect(resolve(query, referrer).brief).toEqual(brief);
    expect(resolve(query, referrer).rule).toBe('utm');
  });

  test.each<Row>([
    ['utm_source=google&gclid=x', null, ['google', 'cpc', 'Paid Search', null]],
    ['utm_source=Google&gclid=x', 'https://www.nrk.no/', ['Google', 'cpc', 'Paid Search', 'nrk.no']],
    ['utm_source=fb&fbclid=x', null, ['fb', 'social', 'Organic Social', null]],
    ['utm_source=linkedin&li_fat_id=x', null, ['linkedin', 'paid-social', 'Paid Social', null]],
    ['utm_source=nyhetsbrev&gclid=x', null, ['nyhetsbrev', null, 'Unassigned', null]],
    ['utm_source=nyhetsbrev&fbclid=x', null, ['nyhetsbrev', null, 'Unassigned', null]],
    ['utm_medium=cpc&gclid=x', null, ['google', 'cpc', 'Paid Search', null]],
    ['utm_medium=paid&fbclid=x', null, ['facebook', 'paid', 'Paid Social', null]],
    ['utm_medium=social&fbclid=x', null, ['facebook', 'social', 'Organic Social', null]],
    ['utm_medium=email&gclid=x', null, [null, 'email', 'Email', null]],
  ])('a click identifier fills what utm leaves out, where the two agree: %s', (query, referrer, brief) => {
    expect(resolve(query, referrer).brief).toEqual(brief);
  });

  test.each<Row>([
    ['utm_campaign=sommer&gclid=x', null, ['google', 'cpc', 'Paid Search', null]],
    ['utm_campaign=sommer&fbclid=x', null, ['facebook', 'social', 'Organic Social', null]],
    ['utm_campaign=sommer', 'https://www.google.no/', ['google', 'organic', 'Organic Search', 'google.no']],
    ['utm_campaign=sommer', null, [null, null, 'Unassigned', null]],
  ])('campaign alone is named by the next evidence and kept: %s from %j', (query, referrer, brief) => {
    expect(resolve(query, referrer).brief).toEqual(brief);
    expect(resolve(query, referrer).origin.campaign).toBe('sommer');
  });
});

describe('a click identifier comes next', () => {
  const expected: Record<string, [string, string, string]> = {
    gclid: ['google', 'cpc', 'Paid Search'],
    gbraid: ['google', 'cpc', 'Paid Search'],
    wbraid: ['google', 'cpc', 'Paid Search'],
    dclid: ['google', 'display', 'Display'],
    msclkid: ['bing', 'cpc', 'Paid Search'],
    fbclid: ['facebook', 'social', 'Organic Social'],
    li_fat_id: ['linkedin', 'paid-social', 'Paid Social'],
    ttclid: ['tiktok', 'paid-social', 'Paid Social'],
    twclid: ['twitter', 'paid-social', 'Paid Social'],
    rdt_cid: ['reddit', 'paid-social', 'Paid Social'],
    epik: ['pinterest', 'paid-social', 'Paid Social'],
    ScCid: ['snapchat', 'paid-social', 'Paid Social'],
    qclid: ['quora', 'paid-social', 'Paid Social'],
    yclid: ['yandex', 'cpc', 'Paid Search'],
    igshid: ['instagram', 'social', 'Organic Social'],
    igsh: ['instagram', 'social', 'Organic Social'],
    gad_source: ['google', 'cpc', 'Paid Search'],
    gad_campaignid: ['google', 'cpc', 'Paid Search'],
    dicbo: ['outbrain', 'cpc', 'Paid Other'],
    ob_click_id: ['outbrain', 'cpc', 'Paid Other'],
    tblci: ['taboola', 'cpc', 'Paid Other'],
    oppref: ['chatgpt', 'cpc', 'Paid AI'],
  };

  test.each(clickIdPlatforms.map(({ name }) => name))('%s', (name) => {
    const { brief, rule } = resolve(`${name}=x`);
    expect([...brief.slice(0, 3), rule]).toEqual([...(expected[name] ?? []), 'clickId']);
  });

  test.each<Row>([
    ['gclid=x', 'https://www.google.no/', ['google', 'cpc', 'Paid Search', 'google.no']],
    ['gclid=x', 'https://googleads.g.doubleclick.net/', ['google', 'display', 'Display', 'doubleclick.net']],
    ['gclid=x', 'https://www.youtube.com/', ['youtube', 'cpc', 'Paid Video', 'youtube.com']],
    ['fbclid=x', 'https://www.nrk.no/', ['nrk.no', 'referral', 'Referral', 'nrk.no']],
    ['gclid=x&utm_source=google', 'https://www.youtube.com/', ['google', 'cpc', 'Paid Video', 'youtube.com']],
    ['gclid=x&fbclid=y&utm_source=google', null, ['google', 'cpc', 'Paid Search', null]],
    ['gclid=x', 'android-app://com.google.android.gm/', ['google', 'cpc', 'Paid Search', 'com.google.android.gm']],
    ['gclid=x', 'https://www.linkedin.com/', ['linkedin', 'social', 'Organic Social', 'linkedin.com']],
    ['gbraid=x', 'https://www.nrk.no/', ['nrk.no', 'referral', 'Referral', 'nrk.no']],
    ['wbraid=x', 'https://notgoogle.com/', ['notgoogle.com', 'referral', 'Referral', 'notgoogle.com']],
    ['gclid=x', 'https://www.paypal.com/', ['google', 'cpc', 'Paid Search', null]],
    ['dclid=x', 'https://www.nrk.no/', ['google', 'display', 'Display', 'nrk.no']],
    ['msclkid=x', 'https://duckduckgo.com/', ['bing', 'cpc', 'Paid Search', 'duckduckgo.com']],
    ['fbclid=x', 'https://l.instagram.com/', ['instagram', 'social', 'Organic Social', 'instagram.com']],
    ['fbclid=x', 'https://l.facebook.com/', ['facebook', 'social', 'Organic Social', 'facebook.com']],
  ])('%s from %s', (query, referrer, brief) => {
    expect(resolve(query, referrer).brief).toEqual(brief);
  });

  test('one from elsewhere says nothing of its own', () => {
    const read = { ...evidence('', 'https://nrk.no/'), clickIds: [{ name: 'crm_id', value: 'x' }] };
    const { origin, reasons } = explainEvidence(read, rules);
    expect(origin.source).toBe('nrk.no');
    expect(reasons.passedOver).toEqual([
      { evidence: 'clickId', name: 'crm_id', value: 'crm_id', reason: 'unknownClickId' },
    ]);
  });
});

describe('the referrer comes next', () => {
  test.each<Row>([
    ['', 'https://www.google.com/', ['google', 'organic', 'Organic Search', 'google.com']],
    ['', 'https://www.linkedin.com/', ['linkedin', 'social', 'Organic Social', 'linkedin.com']],
    ['', 'https://m.facebook.com/', ['facebook', 'social', 'Organic Social', 'facebook.com']],
    ['', 'https://chatgpt.com/', ['chatgpt', 'referral', 'AI Assistant', 'chatgpt.com']],
    ['', 'https://mail.google.com/', ['gmail', 'email', 'Email', 'google.com']],
    ['', 'android-app://com.google.android.gm/', ['gmail', 'email', 'Email', 'com.google.android.gm']],
    ['', 'https://www.youtube.com/', ['youtube', 'referral', 'Organic Video', 'youtube.com']],
    ['', 'https://www.amazon.co.uk/', ['amazon', 'referral', 'Organic Shopping', 'amazon.co.uk']],
    ['', 'https://shopping.naver.com/', ['shopping.naver.com', 'referral', 'Organic Shopping', 'naver.com']],
    ['', 'https://blogg.nrk.no/', ['nrk.no', 'referral', 'Referral', 'nrk.no']],
  ])('%j from %s', (query, referrer, brief) => {
    expect(resolve(query, referrer).brief).toEqual(brief);
    expect(resolve(query, referrer).rule).toBe('referrer');
  });
});

describe('direct comes last', () => {
  test.each<Row>([
    ['', null, [null, null, 'Direct', null]],
    ['', 'https://firma.no/annet', [null, null, 'Direct', null]],
    ['', 'https://checkout.stripe.com/', [null, null, 'Direct', null]],
    ['', 'https://accounts.google.com/', [null, null, 'Direct', null]],
  ])('%j from %j', (query, referrer, brief) => {
    expect(resolve(query, referrer).brief).toEqual(brief);
    expect(resolve(query, referrer).rule).toBe('direct');
  });
});

describe('a site', () => {
  const own: AttributionRules = {
    channelRules: [
      channelRuleSchema.parse({ channel: 'Partners', when: { source: { op: 'equals', value: 'Partner A' } } }),
      channelRuleSchema.parse({ channel: 'NRK', when: { referrerDomain: { op: 'equals', value: 'nrk.no' } } }),
      channelRuleSchema.parse({ channel: 'Dynamic ads', when: { clickId: { op: 'equals', value: 'dclid' } } }),
    ],
    aliasOf: (field, canonical) =>
      new Map([
        ['source linked-in', 'linkedin'],
        ['source pa', 'partner a'],
      ]).get(`${field} ${canonical}`) ?? canonical,
    ignoredReferrers: ['intranett.no'],
  };

  test.each<Row>([
    ['utm_source=Linked-In', null, ['Linked-In', null, 'Organic Social', null]],
    ['utm_source=PA', null, ['PA', null, 'Partners', null]],
    ['', 'https://www.nrk.no/', ['nrk.no', 'referral', 'NRK', 'nrk.no']],
    ['dclid=x', null, ['google', 'display', 'Dynamic ads', null]],
    ['', 'https://a.intranett.no/', [null, null, 'Direct', null]],
    ['', 'https://www.paypal.com/', [null, null, 'Direct', null]],
  ])('decides by its own rules: %s from %j', (query, referrer, brief) => {
    expect(resolve(query, referrer, own).brief).toEqual(brief);
  });
});

describe('evidence passed over', () => {
  test.each([
    ['utm_source=a&utm_medium=b&gclid=x', 'https://nrk.no/', ['clickId gclid utmWins', 'referrer nrk.no utmWins']],
    ['utm_source=a&gclid=x', null, ['clickId gclid conflictsWithUtm']],
    ['utm_source=google&gclid=x', null, []],
    ['gclid=x', 'https://www.linkedin.com/', ['clickId gclid staleClickId']],
    ['utm_source=null&gclid=x', null, ['utm null placeholder']],
    ['', 'https://docs.google.com/', ['referrer google.com parentNotInherited']],
    ['msclkid=x', 'https://nrk.no/', ['referrer nrk.no clickIdWins']],
    ['gclid=x&fbclid=y', null, ['clickId gclid otherClickIdWins']],
    ['utm_medium=cpc', 'https://www.google.com/', []],
    ['gclid=x', 'https://google.com/', []],
    ['', 'https://www.paypal.com/', ['referrer paypal.com ignoredReferrer']],
    ['', null, []],
  ])('%s from %j', (query, referrer, passedOver) => {
    const { reasons } = resolve(query, referrer);
    expect(reasons.passedOver.map(({ evidence: kind, value, reason }) => `${kind} ${value} ${reason}`)).toEqual(
      passedOver,
    );
  });
});

test('a touch is the arrival with its origin, raw values and all', () => {
  expect(
    resolveTouch(
      arrival(start, 'utm_source=LinkedIn&utm_medium=paid-social&li_fat_id=Ab', 'https://www.linkedin.com/'),
      rules,
    ),
  ).toEqual({
    channel: 'Paid Social',
    source: 'LinkedIn',
    medium: 'paid-social',
    campaign: null,
    term: null,
    content: null,
    id: null,
    placement: null,
    clickId: { name: 'li_fat_id', value: 'Ab' },
    clickIds: [{ name: 'li_fat_id', value: 'Ab' }],
    referrerDomain: 'linkedin.com',
    landingPage: 'https://firma.no/side',
    at: start,
  });
});

test('any evidence has an origin, and a channel of the table', () => {
  fc.assert(
    fc.property(anyEvidence, (read) => {
      const { origin, reasons } = explainEvidence(read, rules);
      expect(defaultChannels).toContain(origin.channel);
      expect(origin.campaign).toBe(meaningOf(read.utm).campaign);
      if (reasons.origin.rule === 'direct') expect(origin.channel).toBe('Direct');
    }),
  );
});
