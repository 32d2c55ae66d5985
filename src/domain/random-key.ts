/** Lower-case letters and digits, without those that look alike (0 o, 1 i l, u v). */
const alphabet = '23456789abcdefghjkmnpqrstwxyz';

/** A random key that can be read aloud and typed from paper. Every key of that length is equally likely. */
export function randomKey(length: number): string {
  let key = '';
  while (key.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      // Bytes beyond the last whole turn of the alphabet would favour its first letters.
      if (byte < 256 - (256 % alphabet.length) && key.length < length) key += alphabet[byte % alphabet.length];
    }
  }
  return key;
}
