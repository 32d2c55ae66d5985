import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { LibSQLDatabase } from 'drizzle-orm/libsql/driver-core';
import { LibSQLSession } from 'drizzle-orm/libsql/session';
import type { Config } from '../config.ts';
import { dialect } from './dialect.ts';
import { DatabaseUnreachable } from './is-unavailable.ts';

export type Database = ReturnType<typeof openDatabase>;

/**
 * Opens the libSQL database over HTTP: one request per statement and per batch, no socket held.
 * @param fetch stands between client and wire, so that calls can be counted or failed.
 */
export function openDatabase({
  config,
  fetch,
}: {
  config: Pick<Config, 'databaseUrl' | 'databaseAuthToken'>;
  fetch: typeof globalThis.fetch;
}) {
  const client = createClient({
    url: config.databaseUrl,
    ...(config.databaseAuthToken ? { authToken: config.databaseAuthToken } : {}),
    intMode: 'number',
    // The client's own queue would run one request's work inside another, which workerd forbids.
    concurrency: Infinity,
    fetch: tellUnreachable(fetch),
  });
  return databaseOver(client);
}

/** A database over a client. */
export function databaseOver(client: Client) {
  const session = new LibSQLSession(client, dialect, undefined, {}, undefined);
  return Object.assign(new LibSQLDatabase('async', dialect, session, undefined), { $client: client });
}

/** A fetch whose every failure to bring a whole answer is a `DatabaseUnreachable`: refused, reset, cut short, no JSON. */
function tellUnreachable(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const tell = (error: unknown): never => {
    throw new DatabaseUnreachable(error);
  };
  return async (...request) => {
    const response = await fetch(...request).catch(tell);
    const json = response.json.bind(response);
    response.json = <T>() => json<T>().catch(tell);
    return response;
  };
}
