import { isSameSite } from '../identity/registrable-domain.ts';
import { readAddress } from '../read-address.ts';
import type { Address } from '../read-address.ts';
import { readQuery } from '../read-query.ts';
import { clickIdIndex, clickIdPlatforms, maxClickIdLength } from './click-ids.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import { originalHost } from './original-host.ts';
import type { ClickId, Evidence, Utm } from './types.ts';
import { cleanValue, maxValueLength } from './values.ts';

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
  const isInternal = host !== null && (isFromSameSite(host, pageHost) || (isOwnHost?.(host) ?? false));
  const { utm, clickId } = readParameters(pageUrl ?? '');
  return {
    evidence: { utm, clickId, referrerHost: isInternal ? null : host, landingPage: readLandingPage(page) },
    isInternal,
    internalHost: isInternal ? host : null,
  };
}

/** True where nothing says where the arrival came from. A referrer on the ignore list says nothing. */
export function isDirect(evidence: Evidence, ignoredReferrers?: readonly string[]): boolean {
  const { utm, clickId, referrerHost } = evidence;
  if (clickId !== null || hasUtm(utm)) return false;
  return referrerHost === null || isIgnoredReferrer(referrerHost, ignoredReferrers);
}

/** Does any `utm_*` parameter carry a value? */
export function hasUtm({ source, medium, campaign, term, content, id }: Utm): boolean {
  return (source ?? medium ?? campaign ?? term ?? content ?? id) !== null;
}

function readLandingPage(page: Address | null): string | null {
  if (page === null || (page.protocol !== 'https:' && page.protocol !== 'http:')) return null;
  const landingPage = page.origin + page.pathname;
  if (landingPage.length <= maxValueLength) return landingPage;
  // A cut may leave half an escape behind.
  return landingPage.slice(0, maxValueLength).replace(/%[0-9A-Fa-f]?$/, '');
}

function readReferrerHost(referrer: string | null): string | null {
  if (!referrer) return null;
  const address = readAddress(referrer);
  // `android-app://com.google.android.gm/`: the host is the app's package name.
  if (address === null || !/^(?:https?|android-app):$/.test(address.protocol)) return null;
  return cleanValue(plainHost(address.hostname));
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

type Parameters = { utm: Utm; clickId: ClickId | null };

/** The query's parameters, and those of the fragment for what the query does not have (`#utm_source=…`, `#/page?utm_source=…`). */
function readParameters(url: string): Parameters {
  const hash = url.indexOf('#');
  const address = hash < 0 ? url : url.slice(0, hash);
  const question = address.indexOf('?');
  const query = scanParameters(question < 0 ? '' : address.slice(question + 1));
  if (hash < 0) return query;
  const fragment = url.slice(hash + 1);
  const inFragment = scanParameters(fragment.slice(fragment.indexOf('?') + 1));
  return { utm: hasUtm(query.utm) ? query.utm : inFragment.utm, clickId: query.clickId ?? inFragment.clickId };
}

function scanParameters(query: string): Parameters {
  const utm: Utm = { source: null, medium: null, campaign: null, term: null, content: null, id: null };
  let clickId: ClickId | null = null;
  if (!query.includes('=')) return { utm, clickId };
  let best = clickIdPlatforms.length;
  for (const [parameter, value] of readQuery(query)) {
    const name = parameter.toLowerCase();
    if (name.startsWith('utm_')) {
      const field = name.slice(4);
      if (isUtmField(field)) utm[field] ??= cleanValue(value);
      continue;
    }
    const index = clickIdIndex(name);
    const platform = index === undefined || index >= best ? undefined : clickIdPlatforms[index];
    const id = platform && cleanValue(value, maxClickIdLength);
    if (platform && id && index !== undefined) {
      best = index;
      clickId = { name: platform.name, value: id };
    }
  }
  return { utm, clickId };
}

function isUtmField(field: string): field is keyof Utm {
  return (
    field === 'source' ||
    field === 'medium' ||
    field === 'campaign' ||
    field === 'term' ||
    field === 'content' ||
    field === 'id'
  );
}
