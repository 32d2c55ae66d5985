import { classifyChannel, isKnownMedium, isPaidMedium, isSocialMedium } from './channels.ts';
import type { ChannelReason, ChannelRule } from './channels.ts';
import { clickIdPlatform, isOfPlatform } from './click-ids.ts';
import type { ClickIdPlatform } from './click-ids.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import type { SentField } from './origin-fields.ts';
import { detailFields } from './origin-lists.ts';
import { meaningOf } from './placeholders.ts';
import { appScheme } from './read-evidence.ts';
import { findSourceByApp, findSourceByHost, nameUnknownHost, referrerDomainOf } from './sources.ts';
import type { KnownSource, SourceCategory } from './sources.ts';
import type { Arrival, ClickId, Evidence, Origin, Touch, Utm } from './types.ts';
import { canonicalize } from '../text-values.ts';

/** The canonical value an alias rule puts in place of another, or the same value where there is no rule. */
export type AliasOf = (field: SentField, canonical: string) => string;

/** What a site decides about origins. */
export type AttributionRules = {
  channelRules: readonly ChannelRule[];
  aliasOf: AliasOf;
  /** Further domains that count as no referrer, beside payment, login and consent providers; each covers its subdomains. */
  ignoredReferrers: readonly string[];
};

/** What gave a value: utm, the referrer, or a click identifier by its name; null where the value is unknown. */
export type GivenBy = 'utm' | 'referrer' | (string & {}) | null;

/**
 * `clickId` is the one of the arrival's click identifiers that decides. `by` and `channelRule` are what `explain` needs: reasons in words
 * are worked out there, since a submission needs none.
 */
export type Resolution = {
  origin: Origin;
  clickId: ClickId | null;
  by: { source: GivenBy; medium: GivenBy };
  channelRule: ChannelReason;
};

export type Referrer = { host: string; domain: string; known: KnownSource | null };
type SourceAndMedium = Pick<Utm, 'source' | 'medium'>;
type Named = SourceAndMedium & { by: Resolution['by'] };
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
  const { source, medium, by } = nameSource({ utm, clickIds: evidence.clickIds, deciding, referrer });
  const origin = { ...utm, source, medium, referrerDomain: referrer?.domain ?? null };
  const resolve = (field: SentField): string | null => {
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
      hasDetail: detailFields.some((field) => utm[field] !== null),
    },
    rules.channelRules,
  );
  return {
    origin: { ...origin, channel: channel.channel },
    clickId: deciding?.clickId ?? null,
    by,
    channelRule: channel.rule,
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

export function readReferrer(host: string): Referrer {
  if (!host.startsWith(appScheme)) return { host, domain: referrerDomainOf(host), known: findSourceByHost(host) };
  const packageName = host.slice(appScheme.length);
  return { host, domain: packageName, known: findSourceByApp(packageName) };
}

type NameInput = { utm: Utm; clickIds: readonly ClickId[]; deciding: Deciding | null; referrer: Referrer | null };

function nameSource({ utm, clickIds, deciding, referrer }: NameInput): Named {
  const { source, medium } = utm;
  if (source !== null) {
    const filler = medium === null ? findFiller({ source, clickIds, deciding }) : null;
    const filled = filler && nameByClickId(filler, referrer).medium;
    return {
      source,
      medium: medium ?? filled,
      by: { source: 'utm', medium: medium === null ? (filler?.name ?? null) : 'utm' },
    };
  }
  const { clickId, platform = null } = deciding ?? {};
  const able = platform && clickId && !isOutranked(platform, referrer) ? platform : null;
  if (medium !== null) {
    if (able && agreesWithMedium(able, medium)) {
      return { source: nameByClickId(able, referrer).source, medium, by: { source: able.name, medium: 'utm' } };
    }
    const known = referrer?.known?.name ?? null;
    return { source: known, medium, by: { source: known && 'referrer', medium: 'utm' } };
  }
  if (able) return { ...nameByClickId(able, referrer), by: { source: able.name, medium: able.name } };
  if (referrer) return { ...nameByReferrer(referrer), by: { source: 'referrer', medium: 'referrer' } };
  return { source: null, medium: null, by: { source: null, medium: null } };
}

/** The click identifier, the deciding one first, whose platform the utm names as the source: it knows the medium. */
function findFiller({
  source,
  clickIds,
  deciding,
}: Pick<NameInput, 'clickIds' | 'deciding'> & { source: string }): ClickIdPlatform | null {
  const platforms = [...clickIds.map(({ name }) => clickIdPlatform(name)), deciding?.platform];
  return platforms.findLast((platform) => platform && isOfPlatform(platform, canonicalize(source))) ?? null;
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
export function speaksForPlatform(platform: ClickIdPlatform, { host, domain, known }: Referrer): boolean {
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

export function nameByReferrer({ host, domain, known }: Referrer): SourceAndMedium {
  if (known) return { source: known.name, medium: mediumByCategory[known.category] };
  return { source: host.startsWith(appScheme) ? domain : nameUnknownHost(host), medium: 'referral' };
}
