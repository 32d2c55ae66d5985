import { count, desc, eq, lt } from 'drizzle-orm';
import * as z from 'zod';
import { apiKey } from '../db/schema/settings.ts';
import { notFound } from '../domain/errors.ts';
import { toIso } from '../domain/iso-time.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';
import { decodeCursor } from '../domain/cursor.ts';
import { readPage } from './read-page.ts';
import type { Page, PageRequest } from './read-page.ts';
import type { ServiceContext } from './service-context.ts';

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
export async function listApiKeys({ db }: ServiceContext, page: PageRequest): Promise<Page<ApiKeyAnswer>> {
  const after = decodeCursor(page.cursor, z.tuple([z.number()]));
  return readPage({
    db,
    page,
    rows: db
      .select(shown)
      .from(apiKey)
      .where(after ? lt(apiKey.id, after[0]) : undefined)
      .orderBy(desc(apiKey.id))
      .limit(page.limit + 1),
    count: db.select({ count: count() }).from(apiKey),
    cursorOf: ({ id }) => [id],
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
