/** The longest value kept of a name, a title and the like, in UTF-16 units. */
export const maxTextLength = 255;

// Controls (C0, DEL, C1), line and paragraph separators, and the invisible marks that come along when text is pasted.
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/**
 * Free text as it is stored: control and invisible characters out (a line break becomes a space), lone surrogates
 * replaced, NFC, trimmed, cut at 255 without splitting a character. Null where nothing is left. Idempotent.
 */
export function cleanText(raw: string): string | null {
  const text = raw.replace(/[\r\n\t\u2028\u2029]+/gu, ' ').replace(invisible, '').toWellFormed().normalize('NFC').trim();
  return cutText(text) || null;
}

function cutText(text: string): string {
  if (text.length <= maxTextLength) return text;
  const splitsPair = text.charCodeAt(maxTextLength - 1) >>> 10 === 0xd800 >>> 10;
  return text.slice(0, splitsPair ? maxTextLength - 1 : maxTextLength).trim();
}
