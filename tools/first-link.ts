import { openDatabase } from '../src/db/client.ts';
import { makeFirstLink } from '../src/services/users/first-administrator.ts';

/** The address at which the first administrator is made; null where there is a user. `baseUrl`: Kilde's own address. */
export async function firstLink({
  url,
  authToken,
  baseUrl,
}: {
  url: string;
  authToken?: string | undefined;
  baseUrl: string;
}): Promise<string | null> {
  const config = { databaseUrl: url.replace(/^libsql:/, 'https:'), databaseAuthToken: authToken };
  const db = openDatabase({ config, fetch });
  const path = await makeFirstLink({ db, clock: Date.now });
  return path === null ? null : baseUrl.replace(/\/+$/, '') + path;
}
