const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
let windows1252: TextDecoder | undefined;

/** Bytes as text: by the charset that was declared, else as UTF-8, and where they are none, as windows-1252. Never throws. */
export function decodeBytes(bytes: Uint8Array, declared?: TextDecoder | null, { isCut = false } = {}): string {
  if (declared) return declared.decode(bytes);
  try {
    // Of text that was cut, the last character may be half there.
    return isCut ? new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }) : utf8.decode(bytes);
  } catch {
    return (windows1252 ??= new TextDecoder('windows-1252')).decode(bytes);
  }
}

/** The decoder of a charset by its label; null where there is none of that name, and for UTF-8, which is read without being named. */
export function findDecoder(charset: string | null | undefined): TextDecoder | null {
  if (!charset || /^(?:utf-?8|us-ascii)$/i.test(charset)) return null;
  try {
    return new TextDecoder(charset);
  } catch {
    return null;
  }
}

/** Decodes `+` and percent once. What is no escape stays as it is written. */
export function decodeComponent(text: string, declared?: TextDecoder | null): string {
  if (!/[%+\ud800-\udfff]/.test(text)) return text;
  const spaced = text.replaceAll('+', ' ').toWellFormed();
  if (!declared) {
    try {
      return decodeURIComponent(spaced);
    } catch {
      // Escapes that are none, or no UTF-8.
    }
  }
  return spaced.replace(/(?:%[\da-f]{2})+/gi, (escapes) => decodeBytes(readEscapes(escapes), declared));
}

function readEscapes(escapes: string): Uint8Array {
  return Uint8Array.from(escapes.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
}
