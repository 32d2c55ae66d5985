import type { Utm } from './attribution/types.ts';

const utmFields = ['source', 'medium', 'campaign', 'term', 'content', 'id'] as const;

/** A page's address without `utm_*` parameters. The rest of the query stays to the letter, and so does the fragment. */
export function withoutUtm(page: string): string {
  const url = new URL(page);
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !isUtm(part));
  url.search = toSearch(kept);
  return url.href;
}

function isUtm(part: string): boolean {
  // A question mark in front would be taken for that of the query.
  const [name = ''] = new URLSearchParams(`&${part}`).keys();
  return name.toLowerCase().startsWith('utm_');
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
    return value === null ? [] : [`utm_${field}=${encodeURIComponent(value)}`];
  });
  url.search = toSearch([url.search.slice(1), ...added].filter((part) => part !== ''));
  return url.href;
}

/** The parts with the question mark that the setter would otherwise take from a query which begins with one itself. */
function toSearch(parts: string[]): string {
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}
