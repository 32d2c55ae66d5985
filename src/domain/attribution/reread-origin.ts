import { classifyChannel } from './channels.ts';
import { clickIdPlatform } from './click-ids.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import { detailFields, originFields, sentFields, utmFields } from './origin-fields.ts';
import type { SentField } from './origin-fields.ts';
import { recordOf } from '../record-of.ts';
import { isPlaceholder, meaningOf } from './placeholders.ts';
import { appScheme, ranks } from './read-evidence.ts';
import type { Rank } from './read-evidence.ts';
import { defaultRules, nameByReferrer, readReferrer, resolveOrigin } from './resolve-origin.ts';
import type { AttributionRules, Referrer } from './resolve-origin.ts';
import { rulesVersion } from './rules-version.ts';
import { findSourceByApp, hasKnownHostBelow } from './sources.ts';
import type { Utm } from './types.ts';
import { canonicalize } from '../text-values.ts';

/** What is stored of where arrivals came from, as canonical values. `clickIdName` is the click identifier that decided. */
export type StoredValues = Record<SentField, string | null> & { clickIdName: string | null };

export type Reread = {
  values: StoredValues;
  channel: string;
  /** The source was read from a referrer whose domain alone is stored: today's rules may give another source to one of its hosts. */
  hostIsUnknown: boolean;
};

/**
 * Reads a stored origin again by today's rules, as far as what is stored allows. Every channel can be read again. Placeholder texts
 * are no values, and referrers that are ignored today are none. A source and a medium change only where they are what a referrer or a
 * click identifier alone gives, so that no utm value is touched. The domain stands for the referrer's host, which is not stored, unless
 * the source is the host. What today's rules wrote stays as it is.
 * @param storedBy the version of the rules by which it was stored.
 */
export function rereadOrigin(
  stored: StoredValues,
  { rules, storedBy }: { rules: AttributionRules; storedBy: number },
): Reread {
  const { referrerDomain: domain, clickIdName } = stored;
  const host = hostOf(stored);
  const isIgnored = [host, domain].some((one) => one !== null && isIgnoredReferrer(one, rules.ignoredReferrers));
  const referrer = host === null ? null : readReferrer(host);
  const utm = meaningOf(recordOf(utmFields, (field) => stored[field]));
  const named = findDerivation(stored, referrer);
  const bare = { ...utm, source: null, medium: null };
  const clickIds = clickIdName === null ? [] : [{ name: clickIdName, value: 'unknown' }];
  // Today's rules would have given another name: what they stored was sent.
  const wasSent =
    storedBy === rulesVersion &&
    named !== null &&
    !isSameName(
      resolveOrigin({ utm: bare, clickIds, referrerHost: host, landingPage: null }, defaultRules([])).origin,
      stored,
    );
  const derived = wasSent ? null : named;
  const hasLostValue = utm.source !== stored.source || utm.medium !== stored.medium;

  let { source, medium } = utm;
  if (derived === 'clickId' || hasLostValue || (derived === 'referrer' && (isIgnored || referrer?.known))) {
    const given = derived === null ? utm : bare;
    const evidence = { utm: given, clickIds, referrerHost: isIgnored ? null : host, landingPage: null };
    ({ source, medium } = resolveOrigin(evidence, rules).origin);
  }
  const values = { ...utm, source, medium, referrerDomain: isIgnored ? null : domain, clickIdName };
  return {
    values,
    channel: channelOf(values, rules),
    hostIsUnknown: derived === 'referrer' && !isIgnored && referrer?.known != null && host === domain,
  };
}

/**
 * What of an arrival can be told from what is stored of it. Source and medium are no utm values where a referrer or a click id alone gives
 * both.
 */
export function storedEvidence(stored: StoredValues): { utm: Utm; referrerHost: string | null } {
  const referrerHost = hostOf(stored);
  const derived = findDerivation(stored, referrerHost === null ? null : readReferrer(referrerHost));
  const utm = recordOf(utmFields, (field) => stored[field]);
  return { utm: derived === null ? utm : { ...utm, source: null, medium: null }, referrerHost };
}

/** How much stored values say of where an arrival came from: see `rankEvidence`. */
export function rankStored(stored: StoredValues): Rank {
  const says = (what: 'origin' | 'detail') =>
    sentFields.some((field) => originFields[field].says === what && stored[field] !== null);
  if (stored.clickIdName !== null || says('origin')) return ranks.known;
  return says('detail') ? ranks.campaign : ranks.direct;
}

function isSameName(one: Pick<Utm, 'source' | 'medium'>, other: Pick<Utm, 'source' | 'medium'>): boolean {
  return one.source === other.source && one.medium === other.medium;
}

/** Fields that are neither source nor medium: an address that has one of them has been tagged. */
const tags = utmFields.filter((field) => field !== 'source' && field !== 'medium');

/** Is the source the name of a host below the referrer's domain, as referrals from hosts that no table knows are called? */
function isNamedByHost({ source, medium, referrerDomain }: StoredValues): boolean {
  if (source === null || referrerDomain === null || medium !== 'referral') return false;
  return source === referrerDomain || source.endsWith(`.${referrerDomain}`);
}

function hostOf(stored: StoredValues): string | null {
  const { source, referrerDomain } = stored;
  if (referrerDomain === null) return null;
  if (isNamedByHost(stored)) return source;
  return findSourceByApp(referrerDomain) ? appScheme + referrerDomain : referrerDomain;
}

/** What alone gave source and medium, where nothing else can have: no other utm value is there, and both are what it gives. */
function findDerivation(stored: StoredValues, referrer: Referrer | null): 'referrer' | 'clickId' | null {
  const { source, medium, clickIdName } = stored;
  if (source === null || medium === null) return null;
  if (tags.some((field) => stored[field] !== null && !isPlaceholder(stored[field]))) return null;
  if (referrer) {
    const named = nameByReferrer(referrer);
    if (isNamedByHost(stored) || (named.source === source && named.medium === medium)) return 'referrer';
  }
  const platform = clickIdName === null ? null : clickIdPlatform(clickIdName);
  if (platform?.source !== source || platform.medium !== medium) return null;
  // A host below the domain may have been the platform's own.
  return referrer && !referrer.known && hasKnownHostBelow(referrer.domain) ? null : 'clickId';
}

function channelOf(values: StoredValues, rules: AttributionRules): string {
  const resolve = (field: 'source' | 'medium' | 'campaign' | 'referrerDomain'): string | null => {
    const value = values[field];
    return value === null ? null : rules.aliasOf(field, canonicalize(value));
  };
  return classifyChannel(
    {
      source: resolve('source'),
      medium: resolve('medium'),
      campaign: resolve('campaign'),
      referrerDomain: resolve('referrerDomain'),
      clickId: values.clickIdName,
      hasDetail: detailFields.some((field) => values[field] !== null),
    },
    rules.channelRules,
  ).channel;
}
