import type { TestApp } from './test-app.ts';

/** The places that a problem names, in order. */
export function locations(body: { errors?: Array<{ location: string }> }): string[] {
  return (body.errors ?? []).map(({ location }) => location);
}

/** The version that the settings have now. */
export async function settingsVersion(kilde: TestApp): Promise<number> {
  const [row] = await kilde.sql('SELECT version FROM settings');
  return row!['version'] as number;
}

/** A key of these scopes. */
export async function keyOf(kilde: TestApp, scopes: string[]): Promise<string> {
  const { body } = await kilde.api('POST', '/api-keys', { name: scopes.join(' '), scopes });
  return body.key as string;
}
