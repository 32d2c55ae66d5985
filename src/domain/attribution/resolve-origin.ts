import { classifyChannel, isPaidMedium, isSocialMedium } from './channels.ts';
import type { ChannelReason, ChannelRule } from './channels.ts';
import { clickIdPlatform } from './click-ids.ts';
import type { ClickIdPlatform } from './click-ids.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import { hasUtm } from './read-evidence.ts';
import { findSourceByHost, nameUnknownHost, referrerDomainOf } from './sources.ts';
import type { KnownSource, SourceCategory } from './sources.ts';
import type { Arrival, Evidence, Origin, Touch, Utm } from './types.ts';
import { canonicalize } from './values.ts';

export type AliasField = keyof Utm | 'referrerDomain';

/** The canonical value an alias rule puts in place of another, or the same value where there is no rule. */
export type AliasOf = (field: AliasField, canonical: string) => string;

/** What a site decides about origins. */
export type AttributionRules = {
  channelRules: readonly ChannelRule[];
  aliasOf: AliasOf;
  /** Further domains that count as no referrer, beside payment, login and consent providers; each covers its subdomains. */
  ignoredReferrers: readonly string[];
};

export type OriginRule = 'utm' | 'clickId' | 'referrer' | 'direct';

/** Why a piece of evidence was not used. */
export type PassedOverReason =
  | 'utmWins'
  | 'clickIdWins'
  | 'referrerSaysOtherwise'
  | 'conflictsWithUtm'
  | 'unknownClickId'
  | 'ignoredReferrer'
  | 'ownSite';

export type PassedOver = { evidence: 'utm' | 'clickId' | 'referrer'; value: string; reason: PassedOverReason };

export type Reasons = {
  origin: { rule: OriginRule; detail: string };
  channel: ChannelReason;
  passedOver: PassedOver[];
};

export type Resolution = { origin: Origin; reasons: Reasons };

type Referrer = { host: string; domain: string; known: KnownSource | null };
type SourceAndMedium = Pick<Utm, 'source' | 'medium'>;
type Named = SourceAndMedium & Reasons['origin'] & { passedOver: PassedOver[] };

/** Rules that change nothing, with further domains that are no referrers. */
export function defaultRules(ignoredReferrers: readonly string[]): AttributionRules {
  return { channelRules: [], aliasOf: (_field, canonical) => canonical, ignoredReferrers };
}

/**
 * Where an arrival came from: utm, else a click identifier, else the external referrer, else direct. Values stay as the sender
 * spelt them; the channel is by the canonical values after alias rules.
 */
export function resolveOrigin(evidence: Evidence, rules: AttributionRules): Resolution {
  const isIgnored = evidence.referrerHost !== null && isIgnoredReferrer(evidence.referrerHost, rules.ignoredReferrers);
  const referrer = evidence.referrerHost === null || isIgnored ? null : readReferrer(evidence.referrerHost);
  const { source, medium, rule, detail, passedOver } = nameSource(evidence, referrer);
  if (isIgnored)
    passedOver.push({ evidence: 'referrer', value: evidence.referrerHost ?? '', reason: 'ignoredReferrer' });
  const origin = { ...evidence.utm, source, medium, referrerDomain: referrer?.domain ?? null };
  const resolve = (field: AliasField): string | null => {
    const value = origin[field];
    return value === null ? null : rules.aliasOf(field, canonicalize(value));
  };
  const channel = classifyChannel(
    {
      source: resolve('source'),
      medium: resolve('medium'),
      campaign: resolve('campaign'),
      referrerDomain: resolve('referrerDomain'),
      clickId: evidence.clickId?.name ?? null,
    },
    rules.channelRules,
  );
  return {
    origin: { ...origin, channel: channel.channel },
    reasons: { origin: { rule, detail }, channel: channel.rule, passedOver },
  };
}

/** An arrival with its origin resolved. */
export function resolveTouch(arrival: Arrival, rules: AttributionRules): Touch {
  const { origin } = resolveOrigin(arrival, rules);
  return { ...origin, clickId: arrival.clickId, landingPage: arrival.landingPage, at: arrival.at };
}

function readReferrer(host: string): Referrer {
  return { host, domain: referrerDomainOf(host), known: findSourceByHost(host) };
}

function nameSource(evidence: Evidence, referrer: Referrer | null): Named {
  const { utm, clickId } = evidence;
  const platform = clickId && clickIdPlatform(clickId.name);
  if (utm.source !== null || utm.medium !== null) return nameByUtm(utm, clickId?.name ?? null, platform, referrer);

  const passedOver: PassedOver[] = [];
  if (clickId && platform && !isOutranked(platform, referrer)) {
    const passedReferrer = referrer && !speaksForPlatform(platform, referrer);
    if (passedReferrer) passedOver.push({ evidence: 'referrer', value: referrer.host, reason: 'clickIdWins' });
    return { ...nameByClickId(platform, referrer), rule: 'clickId', detail: clickId.name, passedOver };
  }
  if (clickId) {
    const reason = platform ? 'referrerSaysOtherwise' : 'unknownClickId';
    passedOver.push({ evidence: 'clickId', value: clickId.name, reason });
  }
  if (referrer)
    return { ...nameByReferrer(referrer), rule: 'referrer', detail: describeReferrer(referrer), passedOver };
  const rule = hasUtm(utm) ? 'utm' : 'direct';
  const detail = rule === 'utm' ? 'utm without source and medium' : 'no evidence';
  return { source: null, medium: null, rule, detail, passedOver };
}

function nameByUtm(
  utm: Utm,
  clickIdName: string | null,
  platform: ClickIdPlatform | null,
  referrer: Referrer | null,
): Named {
  const passedOver: PassedOver[] = [];
  const filled = platform ? fillFromClickId(utm, platform) : null;
  if (clickIdName !== null && filled === null) {
    const isComplete = utm.source !== null && utm.medium !== null;
    const reason = !platform ? 'unknownClickId' : isComplete ? 'utmWins' : 'conflictsWithUtm';
    passedOver.push({ evidence: 'clickId', value: clickIdName, reason });
  }
  if (referrer) passedOver.push({ evidence: 'referrer', value: referrer.host, reason: 'utmWins' });
  const named = [utm.source !== null && 'utm_source', utm.medium !== null && 'utm_medium'].filter(Boolean);
  const detail = [...named, ...(filled ? [clickIdName] : [])].join(' + ');
  return { ...(filled ?? { source: utm.source, medium: utm.medium }), rule: 'utm', detail, passedOver };
}

/** What a click identifier adds where utm names the same source but no medium, or an agreeing medium but no source. */
function fillFromClickId(utm: Utm, platform: ClickIdPlatform): SourceAndMedium | null {
  if (utm.source !== null && utm.medium === null) {
    const source = canonicalize(utm.source);
    const isSame = source === platform.source || platform.alsoKnownAs.includes(source);
    return isSame ? { source: utm.source, medium: platform.medium } : null;
  }
  if (utm.source === null && utm.medium !== null) {
    const medium = canonicalize(utm.medium);
    const agrees =
      isPaidMedium(medium) ||
      medium === platform.medium ||
      (isSocialMedium(medium) && platform.medium.includes('social'));
    return agrees ? { source: platform.source, medium: utm.medium } : null;
  }
  return null;
}

function isOutranked(platform: ClickIdPlatform, referrer: Referrer | null): boolean {
  return platform.yieldsToReferrer && referrer !== null && !speaksForPlatform(platform, referrer);
}

const googleDomains = new Set([
  'doubleclick.net',
  'googleadservices.com',
  'googlesyndication.com',
  'youtube.com',
  'youtu.be',
]);
const metaNames = new Set(['facebook', 'instagram', 'messenger', 'threads', 'whatsapp']);

/** Does this referrer belong to the platform that set the identifier? */
function speaksForPlatform(platform: ClickIdPlatform, { host, domain, known }: Referrer): boolean {
  if (known?.name === platform.source) return true;
  if (platform.source === 'google') {
    return googleDomains.has(domain) || domain === 'google.com' || host.startsWith('com.google.android.');
  }
  return isMeta(platform) && metaNames.has(known?.name ?? '');
}

function isMeta(platform: ClickIdPlatform): boolean {
  return platform.source === 'facebook' || platform.source === 'instagram';
}

function nameByClickId(platform: ClickIdPlatform, referrer: Referrer | null): SourceAndMedium {
  const name = referrer?.known?.name;
  const source = name !== undefined && isMeta(platform) && metaNames.has(name) ? name : platform.source;
  return { source, medium: platform.medium };
}

const mediumByCategory: Record<SourceCategory, string> = {
  search: 'organic',
  social: 'social',
  ai: 'referral',
  email: 'email',
  video: 'referral',
  shopping: 'referral',
};

function nameByReferrer({ host, known }: Referrer): SourceAndMedium {
  return known
    ? { source: known.name, medium: mediumByCategory[known.category] }
    : { source: nameUnknownHost(host), medium: 'referral' };
}

function describeReferrer({ host, known }: Referrer): string {
  return known ? `${host}: ${known.category}` : host;
}
