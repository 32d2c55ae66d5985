import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { channelRuleSchema } from '../../../src/domain/attribution/channel-rule.ts';
import { classifyChannel, defaultChannels } from '../../../src/domain/attribution/channels.ts';
import type { ChannelInput, ChannelRule } from '../../../src/domain/attribution/channels.ts';

type Row = [source: string | null, medium: string | null, campaign: string | null, channel: string];

const nothing: ChannelInput = { source: null, medium: null, campaign: null };

// Every row of the table, each alternative of each condition, and the orders that matter between rows.
const rows: Row[] = [
  [null, null, null, 'Direct'],
  ['', '', null, 'Direct'],
  [null, null, 'sommer', 'Unassigned'],
  [null, null, '(not set)', 'Direct'],
  ['null', 'undefined', '{{campaign}}', 'Direct'],
  [null, null, 'cross-network', 'Cross-network'],
  ['(direct)', '(none)', null, 'Direct'],
  ['(Direct)', '(not set)', null, 'Direct'],
  ['(direct)', 'email', null, 'Email'],
  ['google', 'cpc', 'Cross-Network', 'Cross-network'],
  ['x', 'y', 'my-cross-network-1', 'Cross-network'],
  ['amazon', 'cpc', null, 'Paid Shopping'],
  ['google', 'cpc', 'shop', 'Paid Shopping'],
  ['google', 'cpc', 'summer shop', 'Paid Shopping'],
  ['google', 'cpc', 'Shopping ads', 'Paid Shopping'],
  ['google', 'cpc', 'eshop', 'Paid Shopping'],
  ['google', 'cpc', 'workshop', 'Paid Search'],
  ['google', 'cpc', null, 'Paid Search'],
  ['Google', 'CPC', null, 'Paid Search'],
  ['www.google.no', 'ppc', null, 'Paid Search'],
  ['bing', 'retargeting', null, 'Paid Search'],
  ['google', 'cpm', null, 'Paid Search'],
  ['duckduckgo', 'paid', null, 'Paid Search'],
  ['linkedin', 'paid-social', null, 'Paid Social'],
  ['m.facebook.com', 'paidsocial', null, 'Paid Social'],
  ['ig', 'cpc', null, 'Paid Social'],
  ['youtube', 'cpv', null, 'Paid Video'],
  ['youtube', 'paid', null, 'Paid Video'],
  ['youtube.com', 'cpc', null, 'Paid Video'],
  ['partner', 'display', null, 'Display'],
  ['partner', 'banner', null, 'Display'],
  ['partner', 'expandable', null, 'Display'],
  ['partner', 'interstitial', null, 'Display'],
  ['partner', 'cpm', null, 'Display'],
  ['google', 'display', null, 'Display'],
  ['partner', 'cpc', null, 'Paid Other'],
  ['notgoogle.com', 'cpc', null, 'Paid Other'],
  ['google.com.evil.io', 'cpc', null, 'Paid Other'],
  ['chatgpt.com', 'cpc', null, 'Paid AI'],
  ['perplexity', 'paid', null, 'Paid AI'],
  ['chatgpt', null, null, 'AI Assistant'],
  ['chatgpt.com', 'referral', null, 'AI Assistant'],
  ['perplexity', 'email', 'shop', 'AI Assistant'],
  ['etsy', null, null, 'Organic Shopping'],
  ['amazon.de', 'referral', null, 'Organic Shopping'],
  ['nrk.no', 'referral', 'shopping', 'Organic Shopping'],
  ['linkedin', null, null, 'Organic Social'],
  ['t.co', 'referral', null, 'Organic Social'],
  ['partner', 'social', null, 'Organic Social'],
  ['partner', 'social-network', null, 'Organic Social'],
  ['partner', 'social-media', null, 'Organic Social'],
  ['partner', 'sm', null, 'Organic Social'],
  ['partner', 'social network', null, 'Organic Social'],
  ['partner', 'Social  Media', null, 'Organic Social'],
  ['facebook', 'email', null, 'Organic Social'],
  ['vimeo', null, null, 'Organic Video'],
  ['partner', 'online-video', null, 'Organic Video'],
  ['google', null, null, 'Organic Search'],
  ['www.bing.com', 'referral', null, 'Organic Search'],
  ['partner', 'organic', null, 'Organic Search'],
  ['nrk.no', 'referral', null, 'Referral'],
  ['nrk.no', 'app', null, 'Referral'],
  ['nrk.no', 'link', null, 'Referral'],
  ['newsletter', 'email', null, 'Email'],
  ['newsletter', 'E-mail', null, 'Email'],
  ['newsletter', 'e_mail', null, 'Email'],
  ['newsletter', 'e mail', null, 'Email'],
  ['email', null, null, 'Email'],
  ['e-mail', 'x', null, 'Email'],
  ['e_mail', 'x', null, 'Email'],
  ['E Mail', 'x', null, 'Email'],
  ['partner', 'affiliate', null, 'Affiliates'],
  ['partner', 'affiliates', null, 'Unassigned'],
  ['spotify', 'audio', null, 'Audio'],
  ['sms', null, null, 'SMS'],
  ['partner', 'SMS', null, 'SMS'],
  ['app', 'webpush', null, 'Mobile Push Notifications'],
  ['app', 'mobile-app', null, 'Mobile Push Notifications'],
  ['app', 'notification', null, 'Mobile Push Notifications'],
  ['firebase', null, null, 'Mobile Push Notifications'],
  ['app', 'pushed', null, 'Unassigned'],
  ['newsletter', null, null, 'Email'],
  ['partner', 'newsletter', null, 'Email'],
  ['gmail', null, null, 'Email'],
  ['mail.google.com', 'organic', null, 'Email'],
  ['mail.yahoo.com', 'referral', null, 'Email'],
  ['yahoo', 'email', null, 'Email'],
  ['google_ads', null, null, 'Paid Search'],
  ['google_ads', 'pmax', null, 'Paid Search'],
  ['google_ads', 'display', null, 'Display'],
  ['facebook-ads', 'social', null, 'Paid Social'],
  ['facebook-ads', 'email', null, 'Email'],
  ['youtube ads', 'video', null, 'Paid Video'],
  ['google_ads', 'organic', null, 'Organic Search'],
  ['ads.google.com', 'referral', null, 'Referral'],
  ['ads.google.com', null, null, 'Paid Search'],
  ['uploads', null, null, 'Unassigned'],
  [null, 'webinar', null, 'Unassigned'],
];

describe('the default table', () => {
  test.each(rows)('%j / %j / %j is %s', (source, medium, campaign, channel) => {
    expect(classifyChannel({ source, medium, campaign }).channel).toBe(channel);
  });

  test('every channel has a row here', () => {
    expect(new Set(rows.map(([, , , channel]) => channel))).toEqual(new Set(defaultChannels));
  });

  test('the rule that decided is named', () => {
    expect(classifyChannel({ source: 'google', medium: 'cpc', campaign: null }).rule).toEqual({
      from: 'default',
      row: 4,
    });
  });

  test.each<[string, ChannelInput, string]>([
    ['a click id that no table knows is evidence', { ...nothing, clickId: 'crm_id' }, 'Unassigned'],
    ['so is a referrer, a term or a content', { ...nothing, referrerDomain: 'nrk.no' }, 'Unassigned'],
    ['a term or a content', { ...nothing, hasDetail: true }, 'Unassigned'],
    ['a medium that no rule knows', { ...nothing, source: 'google', medium: 'pmax', clickId: 'gclid' }, 'Paid Search'],
    ['without a click id', { ...nothing, source: 'google', medium: 'pmax' }, 'Organic Search'],
    ['of another source', { ...nothing, source: 'partner', medium: 'pmax', clickId: 'gclid' }, 'Unassigned'],
    ['a medium that a rule knows', { ...nothing, source: 'google', medium: 'email', clickId: 'gclid' }, 'Email'],
    ['of YouTube', { ...nothing, source: 'youtube', medium: 'demandgen', clickId: 'gad_source' }, 'Paid Video'],
    ['of LinkedIn', { ...nothing, source: 'linkedin', medium: 'inmail', clickId: 'li_fat_id' }, 'Paid Social'],
    ['fbclid was not paid', { ...nothing, source: 'facebook', medium: 'story', clickId: 'fbclid' }, 'Organic Social'],
    [
      'from YouTube',
      { ...nothing, source: 'google', medium: 'cpc', clickId: 'gclid', referrerDomain: 'youtube.com' },
      'Paid Video',
    ],
    [
      'YouTube alone is no ad',
      { ...nothing, source: 'google', medium: 'cpc', referrerDomain: 'youtube.com' },
      'Paid Search',
    ],
    [
      'a display frame',
      { ...nothing, source: 'google', medium: 'cpc', clickId: 'gclid', referrerDomain: 'doubleclick.net' },
      'Display',
    ],
    ['oppref with any medium', { ...nothing, source: 'chatgpt.com', medium: 'referral', clickId: 'oppref' }, 'Paid AI'],
    ['oppref alone', { ...nothing, clickId: 'oppref' }, 'Paid AI'],
    ['a stale oppref', { ...nothing, source: 'linkedin', medium: 'social', clickId: 'oppref' }, 'Organic Social'],
  ])('beside the values: %s', (_what, input, channel) => {
    expect(classifyChannel(input).channel).toBe(channel);
  });

  test('is total', () => {
    const text = fc.option(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('google', 'cpc', '(direct)', 'a.b.c')),
    );
    fc.assert(
      fc.property(text, text, text, (source, medium, campaign) => {
        expect(defaultChannels).toContain(classifyChannel({ source, medium, campaign }).channel);
      }),
    );
  });
});

describe("a site's own rules", () => {
  const rule = (channel: string, when: ChannelRule['when']): ChannelRule => channelRuleSchema.parse({ channel, when });
  const input = {
    source: 'partner a',
    medium: 'cpc',
    campaign: 'webinar_sept',
    referrerDomain: 'partner.no',
    clickId: 'gclid',
  };

  test.each<[string, ChannelRule['when'], boolean]>([
    ['equals without case', { source: { op: 'equals', value: 'Partner A' } }, true],
    ['startsWith', { campaign: { op: 'startsWith', value: 'Webinar' } }, true],
    ['endsWith', { campaign: { op: 'endsWith', value: 'sept' } }, true],
    ['contains', { campaign: { op: 'contains', value: 'nar_' } }, true],
    ['oneOf', { medium: { op: 'oneOf', value: ['email', 'CPC'] } }, true],
    ['referrerDomain', { referrerDomain: { op: 'equals', value: 'partner.no' } }, true],
    ['clickId', { clickId: { op: 'equals', value: 'gclid' } }, true],
    [
      'all must hold',
      { source: { op: 'equals', value: 'partner a' }, medium: { op: 'equals', value: 'email' } },
      false,
    ],
    ['none fits', { source: { op: 'startsWith', value: 'artner' } }, false],
  ])('%s', (_what, when, holds) => {
    expect(classifyChannel(input, [rule('Partner', when)]).channel).toBe(holds ? 'Partner' : 'Paid Other');
  });

  test('come first, in their order, and are named', () => {
    const rules = [
      rule('Never', { source: { op: 'equals', value: 'other' } }),
      rule('Partners', { source: { op: 'startsWith', value: 'partner' } }),
      rule('Late', { medium: { op: 'equals', value: 'cpc' } }),
    ];
    expect(classifyChannel(input, rules)).toEqual({
      channel: 'Partners',
      rule: { from: 'site', row: 2 },
    });
  });

  test('an unknown value meets no condition', () => {
    const rules = [rule('Any', { source: { op: 'contains', value: 'a' } })];
    expect(classifyChannel({ source: null, medium: null, campaign: null }, rules).channel).toBe('Direct');
  });

  test.each([
    ['no condition', { channel: 'X', when: {} }],
    ['no channel', { channel: ' ', when: { source: { op: 'equals', value: 'a' } } }],
    ['a list where one value belongs', { channel: 'X', when: { source: { op: 'equals', value: ['a'] } } }],
    ['one value where a list belongs', { channel: 'X', when: { source: { op: 'oneOf', value: 'a' } } }],
    ['an empty value, which everything contains', { channel: 'X', when: { source: { op: 'contains', value: '' } } }],
    ['a regular expression', { channel: 'X', when: { source: { op: 'matches', value: '(a+)+$' } } }],
    ['an unknown field', { channel: 'X', when: { landingPage: { op: 'equals', value: 'a' } } }],
  ])('%s is refused', (_what, given) => {
    expect(channelRuleSchema.safeParse(given).success).toBe(false);
  });
});
