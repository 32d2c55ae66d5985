import type { Utm } from './attribution/types.ts';

const utmFields = ['source', 'medium', 'campaign', 'term', 'content', 'id'] as const;

/** A page's address without `utm_*` parameters. The rest of the query stays to the letter, and so does the fragment. */
export function withoutUtm(page: string): string {
  const url = new URL(page);
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !isUtm(part));
  url.search = kept.join('&');
  return url.href;
}

function isUtm(part: string): boolean {
  const [name = ''] = new URLSearchParams(part).keys();
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
  url.search = [url.search.slice(1), ...added].filter((part) => part !== '').join('&');
  return url.href;
}
