import { readQuery } from '../read-query.ts';
import { clickIdPlatform, clickIdPlatforms, maxClickIdLength, maxClickIds } from './click-ids.ts';
import { isPlaceholder, meaningOf } from './placeholders.ts';
import type { ClickId, Utm } from './types.ts';
import { cleanValue } from './values.ts';

export type Parameters = { utm: Utm; clickIds: ClickId[] };

export const noUtm: Utm = { source: null, medium: null, campaign: null, term: null, content: null, id: null };

/** Does any `utm_*` parameter carry a value that is no placeholder? */
export function hasUtm(utm: Utm): boolean {
  const { source, medium, campaign, term, content, id } = meaningOf(utm);
  return (source ?? medium ?? campaign ?? term ?? content ?? id) !== null;
}

/**
 * The utm values and click identifiers of a URL: of its query, and of its fragment what the query does not have (`#utm_source=…`,
 * `#/page?utm_source=…`).
 */
export function readParameters(url: string): Parameters {
  const hash = url.indexOf('#');
  const address = hash < 0 ? url : url.slice(0, hash);
  const question = address.indexOf('?');
  const query = readPairs(question < 0 ? '' : address.slice(question + 1));
  if (hash < 0) return query;
  const fragment = url.slice(hash + 1);
  const inFragment = readPairs(fragment.slice(fragment.indexOf('?') + 1));
  return {
    utm: hasUtm(query.utm) ? query.utm : hasUtm(inFragment.utm) ? inFragment.utm : query.utm,
    clickIds: query.clickIds.length > 0 ? query.clickIds : inFragment.clickIds,
  };
}

/**
 * What the pairs of a query, or the fields of a form, say. Of a repeated utm name the first value that is neither empty nor a
 * placeholder counts.
 */
export function collectParameters(pairs: Iterable<readonly [name: string, value: string]>): Parameters {
  const found: Parameters = { utm: { ...noUtm }, clickIds: [] };
  for (const [name, value] of pairs) collectPair(found, name.toLowerCase(), value);
  return found;
}

function collectPair({ utm, clickIds }: Parameters, name: string, value: string): void {
  const platform = clickIdPlatform(name);
  const field = name.startsWith('utm_') ? name.slice(4) : '';
  if (!platform && !isUtmField(field)) return;
  // A second query inside the value: `facebook?fbclid=abc`, encoded or not.
  const inner = value.includes('=') ? value.search(innerQuery) : -1;
  const own = inner < 0 ? value : value.slice(0, inner);
  if (platform) addClickId(clickIds, { name: platform.name, value: own });
  else if (isUtmField(field)) {
    const cleaned = cleanValue(own);
    const present = utm[field];
    if (present === null || (cleaned !== null && isPlaceholder(present) && !isPlaceholder(cleaned)))
      utm[field] = cleaned;
  }
  if (inner < 0) return;
  for (const [more, text] of readQuery(mendSeparators(value.slice(inner + 1)))) {
    collectPair({ utm, clickIds }, more.toLowerCase(), text);
  }
}

/** Adds a click identifier unless it is there already or its value is none. */
export function addClickId(clickIds: ClickId[], { name, value }: ClickId): void {
  const id = cleanValue(value, maxClickIdLength);
  if (id === null || isPlaceholder(id) || clickIds.some((one) => one.name === name && one.value === id)) return;
  clickIds.push({ name, value: id });
  if (clickIds.length > maxClickIds) clickIds.shift();
}

function readPairs(query: string): Parameters {
  return collectParameters(query.includes('=') ? readQuery(mendSeparators(query)) : []);
}

const known = `(?:utm_[a-z]+|${clickIdPlatforms.map(({ name }) => name).join('|')})=`;
const ampersand = String.raw`(?:&(?:amp(?:;|%3b)|#0*38;|#x0*26;)+|\\u0026)`;
/** `&` as HTML and JSON write it, and `?` in its place before a known name. */
const broken = new RegExp(String.raw`${ampersand}(?:amp;)*|[?&]*\?(?=${known})`, 'gi');
const innerQuery = new RegExp(String.raw`(?:[?&]|${ampersand})+(?=${known})`, 'i');

/** A query with `&` where something else stands in its place. */
export function mendSeparators(query: string): string {
  return /\?|&amp|&#|\\u0026/i.test(query) ? query.replace(broken, '&') : query;
}

function isUtmField(field: string): field is keyof Utm {
  return Object.hasOwn(noUtm, field);
}
