import * as z from 'zod';
import { invalidInput } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import type { SortKey } from './query.ts';

export type Position = { values: Array<string | number | null>; id: string | number };

const shape = z.strictObject({
  s: z.string(),
  v: z.array(z.union([z.string(), z.number(), z.null()])),
  k: z.union([z.string(), z.number()]),
});

/** A cursor is opaque to callers: where a page ended, and the order it is of, as base64url of JSON. */
export function encodePosition({ values, id }: Position, sort: readonly SortKey[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ s: signatureOf(sort), v: values, k: id }));
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws KildeError `invalid_input` where it is no cursor, or one of a list in another order. */
export function decodePosition(cursor: string, sort: readonly SortKey[]): Position {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const { s, v, k } = shape.parse(parseJson(new TextDecoder().decode(bytes)));
    if (s === signatureOf(sort) && v.length === sort.length) return { values: v, id: k };
  } catch {
    // Told below, as all that is no cursor.
  }
  throw invalidInput([{ location: 'body.cursor', message: 'This is not a cursor of this list in this order.' }]);
}

const signatureOf = (sort: readonly SortKey[]): string =>
  sort.map(({ field, direction }) => `${field} ${direction}`).join(',');
