import { isClickIdName } from '../attribution/click-ids.ts';
import { sessionTimeoutMs } from '../attribution/journey.ts';
import { mendSeparators, utmFieldOf } from '../attribution/read-parameters.ts';
import type { LinkMember } from '../attribution/origin-fields.ts';
import { linkFields, linkMembers, noUtm, parameters, utmFields } from '../attribution/origin-lists.ts';
import { recordOf } from '../record-of.ts';
import type { Utm } from '../attribution/types.ts';

/** A page's address without `utm_*` parameters, placement and the mark of a followed link. The rest of the query stays to the letter, and so does the fragment. */
export function withoutUtm(page: string): string {
  const url = new URL(page);
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !isUtm(part) && nameOf(part) !== followedParameter);
  url.search = toSearch(kept);
  return url.href;
}

function isUtm(part: string): boolean {
  const name = nameOf(part);
  return name.startsWith('utm_') || utmFieldOf.has(name);
}

/** The name of a query's part, decoded and in lower case. */
function nameOf(part: string): string {
  // A question mark in front would be taken for that of the query.
  const [name = ''] = new URLSearchParams(`&${part}`).keys();
  return name.toLowerCase();
}

/** The utm values of a tagged link. */
export function utmOfLink(link: Record<LinkMember, string | null>): Utm {
  return { ...noUtm, ...recordOf(linkFields, (field) => link[linkMembers[field]]) };
}

/**
 * The page's address with `utm_*` parameters at the end of its query.
 *
 * @example tagUrl('https://firma.no/?a=1#top', { source: 'linkedin', … }) // 'https://firma.no/?a=1&utm_source=linkedin#top'
 */
export function tagUrl(page: string, utm: Utm): string {
  const url = new URL(page);
  const added = utmFields.flatMap((field) => {
    const value = utm[field];
    return value === null ? [] : [`${parameters[field]}=${encodeURIComponent(value)}`];
  });
  url.search = toSearch([url.search.slice(1), ...added].filter((part) => part !== ''));
  return url.href;
}

/**
 * An address with the click identifiers and the `utm_*` parameters of a query, to the letter. A `utm_*` parameter that the address has stays
 * as it is; a click identifier replaces an older one; `p` is the placement. No other parameter is added: the page might redirect by it.
 *
 * @example addMarks('https://firma.no/?utm_source=x', '?fbclid=1&utm_source=y&p=z')
 *   // 'https://firma.no/?utm_source=x&fbclid=1&kilde_placement=z'
 */
export function addMarks(address: string, query: string): string {
  const marks = partsOf(mendSeparators(query))
    .map((part) => part.replace(/^p=(?=.)/i, `${parameters.placement}=`))
    .filter((part) => isClickId(part) || isUtm(part));
  if (marks.length === 0) return address;
  const url = new URL(address);
  const own = partsOf(url.search);
  const ownNames = new Set(own.map(nameOf));
  const added = marks.filter((part) => isClickId(part) || !ownNames.has(nameOf(part)));
  const replaced = new Set(added.map(nameOf));
  url.search = toSearch([...own.filter((part) => !replaced.has(nameOf(part))), ...added]);
  return url.href;
}

/** When somebody was led here by a short address: seconds in base 36. */
const followedParameter = 'kilde_followed';
const followedValue = new RegExp(`[?&]${followedParameter}=([a-z\\d]{1,8})(?=[&#]|$)`);

/** The address that a short address on another domain leads to: the arrival is counted there, and not again by the page. */
export function markFollowed(address: string, at: number): string {
  const url = new URL(address);
  const mark = `${followedParameter}=${Math.floor(at / 1_000).toString(36)}`;
  url.search = toSearch([...partsOf(url.search).filter((part) => nameOf(part) !== followedParameter), mark]);
  return url.href;
}

/** Whether a short address has led here within a visit's time. Later, the address was stored or sent on: that is another visit. */
export function isFollowed(address: string, at: number): boolean {
  const [, seconds] = followedValue.exec(address) ?? [];
  return seconds !== undefined && Math.abs(at - Number.parseInt(seconds, 36) * 1_000) < sessionTimeoutMs;
}

function partsOf(search: string): string[] {
  return search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '');
}

/** Whether a part is a click identifier with a value. */
function isClickId(part: string): boolean {
  return isClickIdName(nameOf(part)) && /=./.test(part);
}

/** The parts with the question mark that the setter would otherwise take from a query which begins with one itself. */
function toSearch(parts: string[]): string {
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}
