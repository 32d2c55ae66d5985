/** Longest raw value that is stored, in UTF-16 units: what common CRMs hold in a text column. */
export const maxValueLength = 255;

// Controls (C0 with NUL, DEL, C1), line and paragraph separators, bidirectional controls and invisible characters. The two
// zero-width joiners stay: Persian spelling and emoji need them.
const invisible =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;

/** Nothing to remove, trim or correct, as most values are. */
const plain = /^[!-~]+$/;

/**
 * A raw value as it is stored: control characters removed, trimmed, cut, spelling otherwise untouched.
 * Null where nothing is left. Idempotent.
 *
 * @param maxLength in UTF-16 units; a surrogate pair is never split.
 */
export function cleanValue(raw: string | null | undefined, maxLength: number = maxValueLength): string | null {
  if (raw === null || raw === undefined || raw === '') return null;
  if (raw.length <= maxLength && plain.test(raw)) return raw;
  const visible = raw.toWellFormed().replace(invisible, '').trim();
  return cutText(visible, maxLength).trimEnd() || null;
}

/** The first `maxLength` UTF-16 units of a text, one fewer where the cut would split a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? maxLength - 1 : maxLength);
}

const plainLowerCase = /^[!-@[-~]+$/;

/** The form in which two values are compared: Unicode NFKC, lower case, inner whitespace collapsed. Idempotent. */
export function canonicalize(value: string): string {
  if (plainLowerCase.test(value)) return value;
  // Lower case can take a composition apart (`İ` with a cedilla), so it is composed once more.
  return value.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\s+/g, ' ').trim();
}
