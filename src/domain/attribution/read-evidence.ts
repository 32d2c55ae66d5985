import { isSameSite } from '../hosts/registrable-domain.ts';
import { readAddress } from '../read-address.ts';
import type { Address } from '../read-address.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import { originalHost } from './original-host.ts';
import { knownBy, utmFields } from './origin-lists.ts';
import { meaningOf } from './placeholders.ts';
import { readParameters } from './read-parameters.ts';
import type { Evidence } from './types.ts';
import { cleanValue, maxValueLength } from '../text-values.ts';

export type NavigationInput = {
  /** The page's whole URL, query and fragment included. */
  pageUrl: string | null;
  /** The same read already, to be read once alone. */
  page?: Address | null | undefined;
  referrer: string | null;
  /** Further hosts that belong to the site. Asked in lower case, without `www.`. */
  isOwnHost?: (host: string) => boolean;
};

/**
 * Evidence, and whether the visitor came from another page of the site, which is no arrival at all; `internalHost` is that
 * page's host.
 */
export type Navigation = { evidence: Evidence; isInternal: boolean; internalHost: string | null };

/**
 * What one arrival shows of where it came from. Total: any string gives evidence, never an error. Decoding of `+` and percent
 * is done once; of a repeated parameter the first value that is not empty counts; names have no case.
 *
 * @example readEvidence({ pageUrl: 'https://firma.no/?utm_source=linkedin', referrer: null }).utm.source // 'linkedin'
 */
export function readEvidence(input: NavigationInput): Evidence {
  return readNavigation(input).evidence;
}

/** As `readEvidence`, and tells an internal navigation from an arrival without a referrer. */
export function readNavigation({
  pageUrl,
  page = pageUrl ? readAddress(pageUrl) : null,
  referrer,
  isOwnHost,
}: NavigationInput): Navigation {
  const pageHost = page ? plainHost(page.hostname) : '';
  const host = readReferrerHost(referrer);
  const isInternal =
    host !== null && !host.startsWith(appScheme) && (isFromSameSite(host, pageHost) || (isOwnHost?.(host) ?? false));
  const { utm, clickIds } = readParameters(pageUrl ?? '');
  return {
    evidence: { utm, clickIds, referrerHost: isInternal ? null : host, landingPage: readLandingPage(page) },
    isInternal,
    internalHost: isInternal ? host : null,
  };
}

/** How much an arrival says of where it came from: nothing, what of its campaign, or where from. */
export const ranks = { direct: 0, campaign: 1, known: 2 } as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/**
 * An arrival is known by a source, a medium, a click identifier or a referrer. One with a campaign, a term, a content or an id alone
 * never replaces a known one, as direct does not. Placeholder texts and referrers on the ignore list say nothing.
 */
export function rankEvidence({ utm, clickIds, referrerHost }: Evidence, ignoredReferrers?: readonly string[]): Rank {
  const meant = meaningOf(utm);
  if (clickIds.length > 0 || knownBy.some((field) => meant[field] !== null)) return ranks.known;
  if (referrerHost !== null && !isIgnoredReferrer(referrerHost, ignoredReferrers)) return ranks.known;
  return utmFields.some((field) => meant[field] !== null) ? ranks.campaign : ranks.direct;
}

/** Does this arrival say where it came from? */
export function isKnown(evidence: Evidence, ignoredReferrers?: readonly string[]): boolean {
  return rankEvidence(evidence, ignoredReferrers) === ranks.known;
}

/** An ignored referrer is none: a page that a payment leads back to may show the same click again. */
export function withoutIgnored<One extends Evidence>(evidence: One, ignoredReferrers?: readonly string[]): One {
  const { referrerHost } = evidence;
  return referrerHost !== null && isIgnoredReferrer(referrerHost, ignoredReferrers)
    ? { ...evidence, referrerHost: null }
    : evidence;
}

/** Those that say most of where they came from. */
export function mostTelling<One extends Evidence>(
  arrivals: readonly One[],
  ignoredReferrers?: readonly string[],
): One[] {
  const ranked = arrivals.map((one) => rankEvidence(one, ignoredReferrers));
  const best = Math.max(...ranked);
  return arrivals.filter((_one, index) => ranked[index] === best);
}

function readLandingPage(page: Address | null): string | null {
  if (page === null || (page.protocol !== 'https:' && page.protocol !== 'http:')) return null;
  const landingPage = page.origin + page.pathname;
  if (landingPage.length <= maxValueLength) return landingPage;
  // A cut may leave half an escape behind.
  return landingPage.slice(0, maxValueLength).replace(/%[0-9A-Fa-f]?$/, '');
}

/** What marks the package name of an Android app, which looks like a host and is none. */
export const appScheme = 'android-app://';

function readReferrerHost(referrer: string | null): string | null {
  if (!referrer) return null;
  const address = readAddress(referrer);
  if (address === null) return null;
  const { protocol, hostname } = address;
  if (protocol === 'android-app:') return hostname === '' ? null : cleanValue(appScheme + hostname.toLowerCase());
  return protocol === 'https:' || protocol === 'http:' ? cleanValue(plainHost(hostname)) : null;
}

function plainHost(hostname: string): string {
  const lower = hostname.toLowerCase();
  const host = originalHost(lower.endsWith('.') ? lower.slice(0, -1) : lower);
  return host.startsWith('www.') ? host.slice(4) : host;
}

function isFromSameSite(host: string, pageHost: string): boolean {
  if (host === pageHost) return true;
  // The public suffix list is asked only where the last label agrees.
  return pageHost !== '' && lastLabel(host) === lastLabel(pageHost) && isSameSite(host, pageHost);
}

function lastLabel(host: string): string {
  return host.slice(host.lastIndexOf('.') + 1);
}
