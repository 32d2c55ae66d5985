import type * as z from 'zod';
import { invalidInput } from '../errors.ts';
import { parseJson } from '../parse-json.ts';

/** A cursor is opaque to callers: the sort values of the last row, as base64url of JSON. */
export function encodeCursor(values: ReadonlyArray<string | number | null>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @throws KildeError `invalid_input` where it is no cursor of the shape asked for. */
export function decodeCursor<T extends z.ZodType>(
  cursor: string | null | undefined,
  shape: T,
  location = 'query.cursor',
): z.output<T> | null {
  if (!cursor) return null;
  try {
    const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    return shape.parse(parseJson(new TextDecoder().decode(bytes)));
  } catch {
    throw invalidInput([
      { location, message: 'This cursor does not belong to this list. Send nextCursor of the page before.' },
    ]);
  }
}
