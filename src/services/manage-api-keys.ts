import { eq } from 'drizzle-orm';
import { apiKeyList } from '../db/lists/settings-lists.ts';
import { apiKey } from '../db/schema/settings.ts';
import { notFound } from '../domain/errors.ts';
import { toIso } from '../domain/iso-time.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';
import type { ListQuery } from '../domain/lists/list-info.ts';
import { prepareList } from './lists/prepare-list.ts';
import type { ListContext, PreparedList } from './lists/prepare-list.ts';
import type { ServiceContext } from './service-context.ts';

export { apiKeyList };

type Scope = (typeof apiKey.$inferSelect)['scopes'][number];

export type ApiKeyAnswer = { id: string; name: string; prefix: string; scopes: Scope[]; createdAt: string };

const keyBytes = 32;
const prefixLength = 12;

/** All but the hash, which stays in the database. */
const shown = {
  id: apiKey.id,
  name: apiKey.name,
  prefix: apiKey.prefix,
  scopes: apiKey.scopes,
  createdAt: apiKey.createdAt,
};

function toAnswer({ id, createdAt, ...fields }: Omit<typeof apiKey.$inferSelect, 'hash'>): ApiKeyAnswer {
  return { id: String(id), ...fields, createdAt: toIso(createdAt) };
}

/** API keys, the newest first. */
export function listApiKeys(context: ListContext, query: ListQuery): PreparedList<ApiKeyAnswer> {
  return prepareList(context, {
    list: apiKeyList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...shown, ...position })
        .from(apiKey)
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** Makes a key. It is in this answer and nowhere else: only its hash is kept. */
export async function createApiKey(
  context: ServiceContext,
  { name, scopes }: { name: string; scopes: Scope[] },
): Promise<ApiKeyAnswer & { key: string }> {
  const key = `kilde_${toBase64Url(crypto.getRandomValues(new Uint8Array(keyBytes)))}`;
  const [row] = await context.db
    .insert(apiKey)
    .values({
      name,
      scopes,
      hash: await sha256Hex(key),
      prefix: key.slice(0, prefixLength),
      createdAt: context.clock(),
    })
    .returning(shown);
  return { ...toAnswer(row!), key };
}

/** Revokes a key. @throws KildeError `not_found`. */
export async function deleteApiKey(context: ServiceContext, id: number): Promise<void> {
  const deleted = await context.db.delete(apiKey).where(eq(apiKey.id, id)).returning({ id: apiKey.id });
  if (deleted.length === 0) throw notFound('API key');
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
