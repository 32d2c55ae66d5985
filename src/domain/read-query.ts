import { decodeComponent } from './decode-bytes.ts';

/**
 * Names and values of a query, in order: what `URLSearchParams` reads of it, in a fraction of the time, since hardly anything
 * leaves the language. A question mark before it is left out. Unlike there, bytes that are not UTF-8 are read as windows-1252.
 * @param declared decoder of the charset that the escapes are written in, where one was declared.
 */
export function readQuery(query: string, declared?: TextDecoder | null): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const pair of (query.startsWith('?') ? query.slice(1) : query).split('&')) {
    const equals = pair.indexOf('=');
    if (equals >= 0) {
      pairs.push([decodeComponent(pair.slice(0, equals), declared), decodeComponent(pair.slice(equals + 1), declared)]);
    } else if (pair !== '') pairs.push([decodeComponent(pair, declared), '']);
  }
  return pairs;
}
