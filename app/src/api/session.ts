/**
 * Until people sign in by a session cookie everywhere, an API key may stand in for one: for development, and for tests. It stays in this
 * tab and never in an address. Everything of it is in this file.
 */
const name = 'kilde.key';

export function readKey(): string | undefined {
  return sessionStorage.getItem(name) ?? undefined;
}

export function storeKey(key: string): void {
  sessionStorage.setItem(name, key);
}

export function forgetKey(): void {
  sessionStorage.removeItem(name);
}
