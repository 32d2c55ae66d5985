const tokenBytes = 32;

/** A token that nobody guesses: 256 random bits in base64url. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(tokenBytes));
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}
