import { classifyChannel, isKnownMedium, isPaidMedium, isSocialMedium } from './channels.ts';
import type { ChannelReason, ChannelRule } from './channels.ts';
import { clickIdPlatform, isOfPlatform } from './click-ids.ts';
import type { ClickIdPlatform } from './click-ids.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import { meaningOf } from './placeholders.ts';
import { appScheme } from './read-evidence.ts';
import { hasUtm } from './read-parameters.ts';
import { findSourceByApp, findSourceByHost, nameUnknownHost, referrerDomainOf } from './sources.ts';
import type { KnownSource, SourceCategory } from './sources.ts';
import type { Arrival, ClickId, Evidence, Origin, Touch, Utm } from './types.ts';
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
  | 'otherClickIdWins'
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

/** `clickId` is the one of the arrival's click identifiers that decides. */
export type Resolution = { origin: Origin; clickId: ClickId | null; reasons: Reasons };

type Referrer = { host: string; domain: string; known: KnownSource | null };
type SourceAndMedium = Pick<Utm, 'source' | 'medium'>;
type Named = SourceAndMedium & Reasons['origin'] & { passedOver: PassedOver[] };
type Deciding = { clickId: ClickId; platform: ClickIdPlatform | null };

/** Rules that change nothing, with further domains that are no referrers. */
export function defaultRules(ignoredReferrers: readonly string[]): AttributionRules {
  return { channelRules: [], aliasOf: (_field, canonical) => canonical, ignoredReferrers };
}

/**
 * Where an arrival came from: utm, else a click identifier, else the external referrer, else direct. A later one fills what an
 * earlier one leaves out. Values stay as the sender spelt them, placeholder texts left out; the channel is by the canonical values
 * after alias rules.
 */
export function resolveOrigin(evidence: Evidence, rules: AttributionRules): Resolution {
  const isIgnored = evidence.referrerHost !== null && isIgnoredReferrer(evidence.referrerHost, rules.ignoredReferrers);
  const referrer = evidence.referrerHost === null || isIgnored ? null : readReferrer(evidence.referrerHost);
  const utm = meaningOf(evidence.utm);
  const deciding = decide(evidence.clickIds, referrer);
  const { source, medium, rule, detail, passedOver } = nameSource({ utm, evidence, deciding, referrer });
  if (isIgnored)
    passedOver.push({ evidence: 'referrer', value: evidence.referrerHost ?? '', reason: 'ignoredReferrer' });
  const origin = { ...utm, source, medium, referrerDomain: referrer?.domain ?? null };
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
      clickId: deciding?.clickId.name ?? null,
      hasDetail: (utm.term ?? utm.content ?? utm.id) !== null,
    },
    rules.channelRules,
  );
  return {
    origin: { ...origin, channel: channel.channel },
    clickId: deciding?.clickId ?? null,
    reasons: { origin: { rule, detail }, channel: channel.rule, passedOver },
  };
}

/** An arrival with its origin resolved. */
export function resolveTouch(arrival: Arrival, rules: AttributionRules): Touch {
  const { origin, clickId } = resolveOrigin(arrival, rules);
  return { ...origin, clickId, clickIds: arrival.clickIds, landingPage: arrival.landingPage, at: arrival.at };
}

/**
 * The click identifier that decides: the one that the referrer speaks for, else the last in the URL, since whoever shares a link
 * appends theirs.
 */
export function decidingClickId({ clickIds, referrerHost }: Evidence): ClickId | null {
  if (clickIds.length < 2) return clickIds[0] ?? null;
  return decide(clickIds, referrerHost === null ? null : readReferrer(referrerHost))?.clickId ?? null;
}

function decide(clickIds: readonly ClickId[], referrer: Referrer | null): Deciding | null {
  const all = clickIds.map((clickId) => ({ clickId, platform: clickIdPlatform(clickId.name) }));
  const isAlone = ({ platform }: Deciding) =>
    !platform?.isWeak || !all.some((other) => other.platform?.source === platform.source && !other.platform.isWeak);
  const able = all.filter((one) => one.platform && isAlone(one));
  const spokenFor = referrer && able.findLast(({ platform }) => speaksForPlatform(platform!, referrer));
  return spokenFor ?? able.at(-1) ?? all.at(-1) ?? null;
}

function readReferrer(host: string): Referrer {
  if (!host.startsWith(appScheme)) return { host, domain: referrerDomainOf(host), known: findSourceByHost(host) };
  const packageName = host.slice(appScheme.length);
  return { host, domain: packageName, known: findSourceByApp(packageName) };
}

type NameInput = { utm: Utm; evidence: Evidence; deciding: Deciding | null; referrer: Referrer | null };

function nameSource({ utm, evidence, deciding, referrer }: NameInput): Named {
  const passedOver: PassedOver[] = [];
  const passOver = (of: PassedOver['evidence'], value: string, reason: PassedOverReason): void =>
    void passedOver.push({ evidence: of, value, reason });
  for (const { name } of evidence.clickIds) {
    if (name !== deciding?.clickId.name) passOver('clickId', name, 'otherClickIdWins');
  }
  if (utm.source !== null || utm.medium !== null) {
    return nameByUtm({ utm, evidence, deciding, referrer }, passedOver);
  }
  const { clickId, platform = null } = deciding ?? {};
  if (clickId && platform && !isOutranked(platform, referrer)) {
    if (referrer && !speaksForPlatform(platform, referrer)) passOver('referrer', referrer.host, 'clickIdWins');
    return { ...nameByClickId(platform, referrer), rule: 'clickId', detail: clickId.name, passedOver };
  }
  if (clickId) passOver('clickId', clickId.name, platform ? 'referrerSaysOtherwise' : 'unknownClickId');
  if (referrer)
    return { ...nameByReferrer(referrer), rule: 'referrer', detail: describeReferrer(referrer), passedOver };
  const rule = hasUtm(utm) ? 'utm' : 'direct';
  const detail = rule === 'utm' ? 'utm without source and medium' : 'no evidence';
  return { source: null, medium: null, rule, detail, passedOver };
}

function nameByUtm({ utm, evidence, deciding, referrer }: NameInput, passedOver: PassedOver[]): Named {
  const filled =
    utm.source === null ? fillSource({ utm, deciding, referrer }) : fillMedium({ utm, evidence, deciding, referrer });
  const { clickId, platform } = deciding ?? {};
  if (clickId && filled?.by !== clickId.name) {
    const isComplete = utm.source !== null && utm.medium !== null;
    const reason = !platform ? 'unknownClickId' : isComplete ? 'utmWins' : 'conflictsWithUtm';
    passedOver.push({ evidence: 'clickId', value: clickId.name, reason });
  }
  if (referrer && filled?.by !== 'referrer') {
    passedOver.push({ evidence: 'referrer', value: referrer.host, reason: 'utmWins' });
  }
  const named = [utm.source !== null && 'utm_source', utm.medium !== null && 'utm_medium', filled?.by];
  return {
    source: filled?.source ?? utm.source,
    medium: filled?.medium ?? utm.medium,
    rule: 'utm',
    detail: named.filter(Boolean).join(' + '),
    passedOver,
  };
}

type Filled = SourceAndMedium & { by: string };

/** Who a medium without a source belongs to: a click identifier that agrees with it, else a referrer that is known. */
function fillSource({ utm, deciding, referrer }: Omit<NameInput, 'evidence'>): Filled | null {
  const { clickId, platform } = deciding ?? {};
  if (clickId && platform && !isOutranked(platform, referrer) && agreesWithMedium(platform, utm.medium ?? '')) {
    return { source: nameByClickId(platform, referrer).source, medium: utm.medium, by: clickId.name };
  }
  return referrer?.known ? { source: referrer.known.name, medium: utm.medium, by: 'referrer' } : null;
}

/** The medium of a click identifier whose platform the utm names as the source. */
function fillMedium({ utm, evidence, deciding, referrer }: NameInput): Filled | null {
  if (utm.source === null || utm.medium !== null || !deciding) return null;
  const source = canonicalize(utm.source);
  for (const { name } of [...evidence.clickIds, deciding.clickId].toReversed()) {
    const platform = clickIdPlatform(name);
    if (platform && isOfPlatform(platform, source)) {
      return { source: utm.source, medium: nameByClickId(platform, referrer).medium, by: name };
    }
  }
  return null;
}

function agreesWithMedium({ medium }: ClickIdPlatform, given: string): boolean {
  const canonical = canonicalize(given);
  const isSocial = isSocialMedium(canonical) && medium.includes('social');
  const isPaid = isPaidMedium(canonical) || (isPaidMedium(medium) && !isKnownMedium(canonical));
  return isPaid || canonical === medium || isSocial;
}

function isOutranked(platform: ClickIdPlatform, referrer: Referrer | null): boolean {
  return platform.yieldsToReferrer && referrer !== null && !speaksForPlatform(platform, referrer);
}

const googleDomains =
  /(?:^|\.)(?:doubleclick\.net|googleadservices\.com|googlesyndication\.com|youtube\.com|youtu\.be|google\.com)$/;
/** Hosts of the frames that Google shows display ads in. */
const displayFrames = /(?:^|\.)(?:doubleclick\.net|googlesyndication\.com)$/;

/** Does this referrer belong to the platform that set the identifier? */
function speaksForPlatform(platform: ClickIdPlatform, { host, domain, known }: Referrer): boolean {
  if (known && isOfPlatform(platform, known.name)) return true;
  return platform.source === 'google' && (googleDomains.test(host) || domain.startsWith('com.google.android.'));
}

function nameByClickId(platform: ClickIdPlatform, referrer: Referrer | null): SourceAndMedium {
  const { source, medium } = platform;
  const name = referrer?.known?.name;
  return {
    source: name !== undefined && isOfPlatform(platform, name) ? name : source,
    medium: source === 'google' && referrer && displayFrames.test(referrer.host) ? 'display' : medium,
  };
}

const mediumByCategory: Record<SourceCategory, string> = {
  search: 'organic',
  social: 'social',
  ai: 'referral',
  email: 'email',
  video: 'referral',
  shopping: 'referral',
};

function nameByReferrer({ host, domain, known }: Referrer): SourceAndMedium {
  if (known) return { source: known.name, medium: mediumByCategory[known.category] };
  return { source: host.startsWith(appScheme) ? domain : nameUnknownHost(host), medium: 'referral' };
}

function describeReferrer({ host, known }: Referrer): string {
  return known ? `${host}: ${known.category}` : host;
}
