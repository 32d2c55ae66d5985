const tokenBytes = 32;

/** A token that nobody guesses: 256 random bits in base64url. Also for tools: Node 24 has no `toBase64`. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(tokenBytes));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
