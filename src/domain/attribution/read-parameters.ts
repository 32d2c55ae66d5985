import { decodeComponent } from '../decode-bytes.ts';
import { readQuery } from '../read-query.ts';
import { clickIdPlatform, clickIdPlatforms, maxClickIdLength, maxClickIds } from './click-ids.ts';
import { isPlaceholder, meaningOf } from './placeholders.ts';
import type { UtmField } from './origin-fields.ts';
import { noUtm, parameters, utmFields } from './origin-lists.ts';
import type { ClickId, Utm } from './types.ts';
import { cleanValue } from '../text-values.ts';

export type Parameters = { utm: Utm; clickIds: ClickId[] };

/** The field of each parameter. */
export const utmFieldOf: ReadonlyMap<string, UtmField> = new Map(utmFields.map((field) => [parameters[field], field]));

/** Does any `utm_*` parameter carry a value that is no placeholder? */
export function hasUtm(utm: Utm): boolean {
  const meant = meaningOf(utm);
  return utmFields.some((field) => meant[field] !== null);
}

/**
 * The utm values and click identifiers of a URL: of its query, and of its fragment what the query does not have (`#utm_source=…`,
 * `#/page?utm_source=…`).
 */
export function readParameters(written: string): Parameters {
  // `&#038;` holds what begins a fragment.
  const url = written.includes('&#') ? written.replaceAll(numericAmpersand, '&') : written;
  const hash = url.indexOf('#');
  const address = hash < 0 ? url : url.slice(0, hash);
  const start = queryStart.exec(address);
  const query = readPairs(start === null ? '' : address.slice(start.index + start[0].length));
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
  const field = utmFieldOf.get(name);
  if (!platform && !field) return;
  // A second query inside the value: `facebook?fbclid=abc`, encoded or not.
  const inner = value.includes('=') ? value.search(innerQuery) : -1;
  const own = inner < 0 ? value : value.slice(0, inner);
  if (platform) addClickId(clickIds, { name: platform.name, value: own });
  else if (field) {
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

function readPairs(written: string): Parameters {
  // All of it was encoded, its separators too.
  const query = !written.includes('=') && /%3d/i.test(written) ? decodeComponent(written) : written;
  return collectParameters(query.includes('=') ? readQuery(mendSeparators(query)) : []);
}

/** Beside what is read here, what mail programs and analytics append to every link. */
const appended = '_hs[a-z]+|mc_[ce]id|_gl|_ga|mkt_tok|hsa_[a-z]+|srsltid';
const known = `(?:${['utm_[a-z]+', ...utmFieldOf.keys(), ...clickIdPlatforms.map(({ name }) => name), appended].join('|')})`;
/** Where the query begins. Before a known name `&` or an encoded question mark may stand in place of it. */
const queryStart = new RegExp(String.raw`\?|(?:[&;]|%3f|%26)+(?=${known}(?:=|%3d))`, 'i');
const numericAmpersand = /&#(?:0*38|x0*26);/gi;
const ampersand = String.raw`(?:&(?:amp(?:;|%3b)|#0*38;|#x0*26;)+|\\u0026)`;
/** `&` as HTML and JSON write it, and `?` or `;` in its place before a known name. */
const broken = new RegExp(String.raw`${ampersand}(?:amp;)*|(?:[?&;]|%3f)*(?:[?;]|%3f)(?=${known}=)`, 'gi');
const innerQuery = new RegExp(String.raw`(?:[?&;]|${ampersand})+(?=${known}=)`, 'i');

/** A query with `&` where something else stands in its place. */
export function mendSeparators(query: string): string {
  return /[?;]|%3f|&amp|&#|\\u0026/i.test(query) ? query.replace(broken, '&') : query;
}
