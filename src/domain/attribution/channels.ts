import type { ChannelCondition, ChannelRule } from './channel-rule.ts';
import { readNamedSource } from './sources.ts';
import type { SourceCategory } from './sources.ts';
import { canonicalize } from './values.ts';

export type { ChannelRule };

/** Canonical, alias-resolved values. Null where unknown. */
export type ChannelInput = {
  source: string | null;
  medium: string | null;
  campaign: string | null;
  referrerDomain?: string | null;
  /** Name of the click identifier. */
  clickId?: string | null;
};

/** The rule that gave a channel: one of the site's own or a row of the default table, counted from 1. */
export type ChannelReason = { from: 'site' | 'default'; row: number; when: string };

type Facts = {
  source: string;
  medium: string;
  campaign: string;
  category: SourceCategory | null;
  /** By the medium, or by a source that names ads (`google_ads`). */
  isPaid: boolean;
  clickId: string;
  isShop: boolean;
};

type DefaultRule = { channel: string; when: string; holds: (facts: Facts) => boolean };

const paidMedium = /^(.*cp.*|ppc|retargeting|paid.*)$/;
const shopCampaign = /^(.*(([^a-df-z]|^)shop|shopping).*)$/;
const displayMedia = new Set(['display', 'banner', 'expandable', 'interstitial', 'cpm']);
const socialMedia = new Set(['social', 'social-network', 'social-media', 'sm', 'social network', 'social media']);
const emailWords = new Set(['email', 'e-mail', 'e_mail', 'e mail', 'newsletter']);

/** Media that say something else than that an ad was clicked, beside those of displays and e-mail. */
const otherMedia = /^(?:organic|referral|app|link|affiliate|audio|sms)$|push$|mobile|notification/;

/** Google Analytics 4's default channel group (support.google.com/analytics/answer/9756891) with AI Assistant added. In order. */
const defaultRules: readonly DefaultRule[] = [
  {
    channel: 'Direct',
    when: 'no source and no medium, or source (direct) with medium (none) or (not set)',
    holds: ({ source, medium }) =>
      (source === '' && medium === '') || (source === '(direct)' && (medium === '(none)' || medium === '(not set)')),
  },
  {
    channel: 'Cross-network',
    when: 'campaign contains cross-network',
    holds: ({ campaign }) => campaign.includes('cross-network'),
  },
  {
    channel: 'Paid Shopping',
    when: '(shopping source or shop campaign) and paid medium',
    holds: ({ category, isShop, isPaid }) => (category === 'shopping' || isShop) && isPaid,
  },
  {
    channel: 'Paid Search',
    when: 'search source and paid medium',
    holds: ({ category, isPaid }) => category === 'search' && isPaid,
  },
  {
    channel: 'Paid Social',
    when: 'social source and paid medium',
    holds: ({ category, isPaid }) => category === 'social' && isPaid,
  },
  {
    channel: 'Paid Video',
    when: 'video source and paid medium',
    holds: ({ category, isPaid }) => category === 'video' && isPaid,
  },
  {
    channel: 'Display',
    when: 'medium is display, banner, expandable, interstitial or cpm',
    holds: ({ medium }) => displayMedia.has(medium),
  },
  {
    channel: 'Paid AI',
    when: 'AI source and paid medium, or click id oppref',
    holds: ({ category, isPaid, clickId }) => (category === 'ai' && isPaid) || clickId === 'oppref',
  },
  { channel: 'Paid Other', when: 'paid medium', holds: ({ isPaid }) => isPaid },
  { channel: 'AI Assistant', when: 'AI source', holds: ({ category }) => category === 'ai' },
  {
    channel: 'Organic Shopping',
    when: 'shopping source or shop campaign',
    holds: ({ category, isShop }) => category === 'shopping' || isShop,
  },
  {
    channel: 'Organic Social',
    when: 'social source, or medium social, social-network, social-media, sm, social network or social media',
    holds: ({ category, medium }) => category === 'social' || socialMedia.has(medium),
  },
  {
    channel: 'Organic Video',
    when: 'video source, or medium contains video',
    holds: ({ category, medium }) => category === 'video' || medium.includes('video'),
  },
  {
    channel: 'Email',
    when: 'webmail source, or source or medium is email, e-mail, e_mail, e mail or newsletter',
    holds: ({ category, source, medium }) => category === 'email' || emailWords.has(source) || emailWords.has(medium),
  },
  {
    channel: 'Organic Search',
    when: 'search source, or medium organic',
    holds: ({ category, medium }) => category === 'search' || medium === 'organic',
  },
  {
    channel: 'Referral',
    when: 'medium referral, app or link',
    holds: ({ medium }) => medium === 'referral' || medium === 'app' || medium === 'link',
  },
  { channel: 'Affiliates', when: 'medium affiliate', holds: ({ medium }) => medium === 'affiliate' },
  { channel: 'Audio', when: 'medium audio', holds: ({ medium }) => medium === 'audio' },
  { channel: 'SMS', when: 'source or medium sms', holds: ({ source, medium }) => source === 'sms' || medium === 'sms' },
  {
    channel: 'Mobile Push Notifications',
    when: 'medium ends with push, contains mobile or notification, or source firebase',
    holds: ({ source, medium }) =>
      medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification') || source === 'firebase',
  },
  { channel: 'Unassigned', when: 'none of these', holds: () => true },
];

/** Every channel the default rules can give, in the order of the rules. */
export const defaultChannels: readonly string[] = defaultRules.map(({ channel }) => channel);

/** Is this canonical medium one that was paid for? */
export function isPaidMedium(canonicalMedium: string): boolean {
  return paidMedium.test(canonicalMedium);
}

/** Is this canonical medium one of those that mean a social network? */
export function isSocialMedium(canonicalMedium: string): boolean {
  return socialMedia.has(canonicalMedium);
}

/** The channel of an origin: the first of the site's own rules that holds, else the first default rule. Total. */
export function classifyChannel(
  input: ChannelInput,
  siteRules: readonly ChannelRule[] = [],
): { channel: string; rule: ChannelReason } {
  for (const [index, { channel, when }] of siteRules.entries()) {
    if (holdsAll(when, input)) return { channel, rule: { from: 'site', row: index + 1, when: describe(when) } };
  }
  const facts = readFacts(input);
  const index = defaultRules.findIndex(({ holds }) => holds(facts));
  const rule = defaultRules[index];
  if (rule === undefined) throw new Error('the last default rule always holds');
  return { channel: rule.channel, rule: { from: 'default', row: index + 1, when: rule.when } };
}

function readFacts({ source, medium, campaign, clickId }: ChannelInput): Facts {
  const facts = {
    source: canonicalize(source ?? ''),
    medium: canonicalize(medium ?? ''),
    campaign: canonicalize(campaign ?? ''),
  };
  const named = facts.source === '' ? null : readNamedSource(facts.source);
  const isAdClick = named?.isAd === true && mayBePaid(facts.medium);
  return {
    ...facts,
    // Ads that were not clicked (`google_ads / organic`) are no visit from the platform: the medium decides.
    category: named === null || (named.isAd && !isAdClick) ? null : named.category,
    isPaid: isPaidMedium(facts.medium) || isAdClick,
    clickId: clickId ?? '',
    isShop: shopCampaign.test(facts.campaign),
  };
}

/** Whether a medium leaves it to the source to say that ads were paid for: `google_ads / display` is display. */
function mayBePaid(medium: string): boolean {
  return !displayMedia.has(medium) && !emailWords.has(medium) && !otherMedia.test(medium);
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

function describe(when: ChannelRule['when']): string {
  return ruleFields
    .flatMap((field) => {
      const wanted = when[field];
      return wanted ? [`${field} ${wanted.op} ${[wanted.value].flat().join(', ')}`] : [];
    })
    .join(' and ');
}
