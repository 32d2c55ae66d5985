import type { ChannelCondition, ChannelRule } from './channel-rule.ts';
import { clickIdPlatform, isOfPlatform } from './click-ids.ts';
import { isPlaceholder } from './placeholders.ts';
import { readNamedSource } from './sources.ts';
import type { SourceCategory } from './sources.ts';
import { canonicalize } from '../text-values.ts';

export type { ChannelRule };

/** Canonical, alias-resolved values. Null where unknown. */
export type ChannelInput = {
  source: string | null;
  medium: string | null;
  campaign: string | null;
  referrerDomain?: string | null;
  /** Name of the click identifier that decided. */
  clickId?: string | null;
  /** Is there a term, a content or an id? */
  hasDetail?: boolean;
};

/** The rule that gave a channel: one of the site's own or a row of the default table, counted from 1. */
export type ChannelReason = { from: 'site' | 'default'; row: number };

type Facts = {
  source: string;
  medium: string;
  campaign: string;
  category: SourceCategory | null;
  clickId: string;
  /** By the medium, by a source that names ads (`google_ads`), or by an ad's click identifier. */
  isPaid: boolean;
  isShop: boolean;
  /** A paid click on an ad of Google's, in a frame of another site. */
  isInDisplayFrame: boolean;
  /** Nothing at all is known. */
  isEmpty: boolean;
};

type DefaultRule = readonly [channel: string, holds: (facts: Facts) => boolean];

const paidMedium = /^(.*cp.*|ppc|retargeting|paid.*)$/;
const shopCampaign = /^(.*(([^a-df-z]|^)shop|shopping).*)$/;
const displayMedia = new Set(['display', 'banner', 'expandable', 'interstitial', 'cpm']);
const socialMedia = new Set(['social', 'social-network', 'social-media', 'sm', 'social network', 'social media']);
const emailWords = new Set(['email', 'e-mail', 'e_mail', 'e mail', 'newsletter']);

/** Media that say something else than that an ad was clicked, beside those of displays and e-mail. */
const otherMedia = /^(?:organic|referral|app|link|affiliate|audio|sms)$|push$|mobile|notification/;

/**
 * Google Analytics 4's default channel group (support.google.com/analytics/answer/9756891) with Paid AI and AI Assistant added. In
 * order. What each rule says in words is in `assets/explain-texts.json`.
 */
const defaultRules: readonly DefaultRule[] = [
  ['Direct', ({ isEmpty }) => isEmpty],
  ['Cross-network', ({ campaign }) => campaign.includes('cross-network')],
  ['Paid Shopping', ({ category, isShop, isPaid }) => (category === 'shopping' || isShop) && isPaid],
  ['Paid Search', ({ category, isPaid, isInDisplayFrame }) => category === 'search' && isPaid && !isInDisplayFrame],
  ['Paid Social', ({ category, isPaid }) => category === 'social' && isPaid],
  ['Paid Video', ({ category, isPaid }) => category === 'video' && isPaid],
  ['Display', ({ medium, isInDisplayFrame }) => displayMedia.has(medium) || isInDisplayFrame],
  [
    'Paid AI',
    ({ source, category, isPaid, clickId }) =>
      (category === 'ai' && isPaid) || (clickId === 'oppref' && (category === 'ai' || source === '')),
  ],
  ['Paid Other', ({ isPaid }) => isPaid],
  ['AI Assistant', ({ category }) => category === 'ai'],
  ['Organic Shopping', ({ category, isShop }) => category === 'shopping' || isShop],
  ['Organic Social', ({ category, medium }) => category === 'social' || socialMedia.has(medium)],
  ['Organic Video', ({ category, medium }) => category === 'video' || medium.includes('video')],
  ['Email', ({ category, source, medium }) => category === 'email' || emailWords.has(source) || emailWords.has(medium)],
  ['Organic Search', ({ category, medium }) => category === 'search' || medium === 'organic'],
  ['Referral', ({ medium }) => medium === 'referral' || medium === 'app' || medium === 'link'],
  ['Affiliates', ({ medium }) => medium === 'affiliate'],
  ['Audio', ({ medium }) => medium === 'audio'],
  ['SMS', ({ source, medium }) => source === 'sms' || medium === 'sms'],
  [
    'Mobile Push Notifications',
    ({ source, medium }) =>
      medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification') || source === 'firebase',
  ],
  ['Unassigned', () => true],
];

/** Every channel the default rules can give, in the order of the rules. */
export const defaultChannels: readonly string[] = defaultRules.map(([channel]) => channel);

/** Is this canonical medium one that was paid for? */
export function isPaidMedium(canonicalMedium: string): boolean {
  return paidMedium.test(canonicalMedium);
}

/** Is this canonical medium one of those that mean a social network? */
export function isSocialMedium(canonicalMedium: string): boolean {
  return socialMedia.has(canonicalMedium);
}

/** Does any rule of the default table know this canonical medium? */
export function isKnownMedium(canonicalMedium: string): boolean {
  const channel = findRule({ ...noFacts, medium: canonicalMedium, isPaid: isPaidMedium(canonicalMedium) }).channel;
  return channel !== 'Unassigned';
}

/** The channel of an origin: the first of the site's own rules that holds, else the first default rule. Total. */
export function classifyChannel(
  input: ChannelInput,
  siteRules: readonly ChannelRule[] = [],
): { channel: string; rule: ChannelReason } {
  for (const [index, { channel, when }] of siteRules.entries()) {
    if (holdsAll(when, input)) return { channel, rule: { from: 'site', row: index + 1 } };
  }
  const { channel, row } = findRule(readFacts(input));
  return { channel, rule: { from: 'default', row } };
}

function findRule(facts: Facts): { channel: string; row: number } {
  const index = defaultRules.findIndex(([, holds]) => holds(facts));
  return { channel: defaultRules[index]?.[0] ?? 'Unassigned', row: index + 1 };
}

const noFacts: Facts = {
  source: '',
  medium: '',
  campaign: '',
  category: null,
  clickId: '',
  isPaid: false,
  isShop: false,
  isInDisplayFrame: false,
  isEmpty: false,
};

/** Referrers, by their domain, where Google shows ads that are no search results. */
const videoReferrers = new Set(['youtube.com', 'youtu.be', 'com.google.android.youtube']);
const displayReferrers = new Set(['doubleclick.net', 'googlesyndication.com']);

function readFacts(input: ChannelInput): Facts {
  const [source, medium, campaign] = [read(input.source), read(input.medium), read(input.campaign)];
  const referrer = input.referrerDomain ?? '';
  const platform = input.clickId ? clickIdPlatform(input.clickId) : null;
  const isItsOwn = platform !== null && isOfPlatform(platform, source);
  const named = source === '' ? null : readNamedSource(source);
  const isAdClick = named?.isAd === true && mayBePaid(medium);
  // Ads that were not clicked (`google_ads / organic`) are no visit from the platform: the medium decides.
  const category = named === null || (named.isAd && !isAdClick) ? null : named.category;
  // The platform sets its identifier on paid clicks alone: a medium that no rule knows was paid too.
  const isPaidId = isItsOwn && isPaidMedium(platform.medium) && medium !== '' && !isKnownMedium(medium);
  const isPaid = isPaidMedium(medium) || isAdClick || isPaidId;
  const isGoogleAd = isItsOwn && platform.source === 'google' && isPaid;
  return {
    source,
    medium,
    campaign,
    category: isGoogleAd && category === 'search' && videoReferrers.has(referrer) ? 'video' : category,
    clickId: platform?.name ?? '',
    isPaid,
    isShop: shopCampaign.test(campaign),
    isInDisplayFrame: isGoogleAd && displayReferrers.has(referrer),
    isEmpty: !(source || medium || campaign || referrer || input.clickId || input.hasDetail),
  };
}

/** Whether a medium leaves it to the source to say that ads were paid for: `google_ads / display` is display. */
function mayBePaid(medium: string): boolean {
  return !displayMedia.has(medium) && !emailWords.has(medium) && !otherMedia.test(medium);
}

/** A canonical value; a placeholder text is none. */
function read(value: string | null): string {
  return value === null || isPlaceholder(value) ? '' : canonicalize(value);
}

const ruleFields = ['source', 'medium', 'campaign', 'referrerDomain', 'clickId'] as const;

function holdsAll(when: ChannelRule['when'], input: ChannelInput): boolean {
  return ruleFields.every((field) => {
    const wanted = when[field];
    return wanted === undefined || holdsOne(wanted, canonicalize(input[field] ?? ''));
  });
}

function holdsOne({ op, value }: ChannelCondition, actual: string): boolean {
  if (actual === '') return false;
  const wanted = (Array.isArray(value) ? value : [value]).map(canonicalize);
  switch (op) {
    case 'equals':
    case 'oneOf':
      return wanted.includes(actual);
    case 'startsWith':
      return wanted.some((start) => actual.startsWith(start));
    case 'endsWith':
      return wanted.some((end) => actual.endsWith(end));
    case 'contains':
      return wanted.some((part) => actual.includes(part));
  }
}
