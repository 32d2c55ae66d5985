import * as z from 'zod';
import { invalidInput } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import type { SortKey } from '../segments/query.ts';

/** Where a page ended: the sort values of its last record, and the record's id. */
export type Position = { values: Array<string | number | null>; id: string | number };

/** The list that a cursor belongs to, such as `forms` or `webhooks/3/deliveries`, and its order. */
export type ListOrder = { list: string; sort: readonly SortKey[] };

const shape = z.strictObject({
  s: z.string(),
  v: z.array(z.union([z.string(), z.number(), z.null()])),
  k: z.union([z.string(), z.number()]),
});

/** A cursor is opaque to callers: where a page ended, and the list and order it is of, as base64url of JSON. */
export function encodePosition({ values, id }: Position, order: ListOrder): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ s: signatureOf(order), v: values, k: id }));
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @throws KildeError `invalid_input` where it is no cursor, or one of another list or of another order. */
export function decodePosition(
  cursor: string,
  { location = 'query.cursor', ...order }: ListOrder & { location?: string },
): Position {
  let read: z.output<typeof shape> | null = null;
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    read = shape.parse(parseJson(new TextDecoder().decode(bytes)));
  } catch {
    // Refused below, as all that is no cursor.
  }
  if (read?.s === signatureOf(order) && read.v.length === order.sort.length) return { values: read.v, id: read.k };
  throw invalidInput([{ location, message: messageFor(read?.s ?? null, order) }]);
}

function messageFor(signature: string | null, { list }: ListOrder): string {
  if (signature === null) return 'This is not a cursor. Send nextCursor of the page before.';
  return signature.startsWith(`${list} `)
    ? 'This cursor belongs to another order. Send the same sort as for the page before, or no cursor.'
    : 'This cursor belongs to another list. Send nextCursor of the page before.';
}

const signatureOf = ({ list, sort }: ListOrder): string =>
  `${list} ${sort.map(({ field, direction }) => (direction === 'desc' ? `-${field}` : field)).join(',')}`;
