import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { apiKey } from '../db/schema/settings.ts';
import { KildeError } from '../domain/errors.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';
import type { Deps } from './deps.ts';
import { limitKeyOf, limitRate } from './limit-rate.ts';

export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** What each scope may do: a wider one holds the narrower. */
const grants: Record<Scope, Scope[]> = { read: ['read'], write: ['read', 'write'], admin: ['read', 'write', 'admin'] };

/** A revoked key may work for this long in an isolate that did not see the revocation. */
const cacheMs = 30_000;
const maxCached = 1_000;

/** Keys seen of late by their hash, per isolate and database: bounded by `maxCached` and `cacheMs`. */
const caches = new WeakMap<object, Map<string, { holder: Holder | null; until: number }>>();

/** Whose key it is. `id` is null for the administrator's. `isAdmin`: its scopes hold `admin`, so it may see secrets. */
export type Actor = {
  id: number | null;
  name: string | null;
  isAdmin: boolean;
  /** Whether the key is a link to one report, made by an administrator: it reads that report whatever it names. */
  isLink?: boolean;
};
type Holder = Omit<Actor, 'isAdmin'> & { scopes: Array<Scope | `report:${string}`>; expiresAt: number | null };

/** What a key to one report may say beside its key: how the report is answered, not what it counts. */
const linkParameters: ReadonlySet<string> = new Set(['key', 'format', 'heads', 'language']);

/** Forgets what is known of keys, after one was made or revoked. */
export function forgetKeys(deps: Deps): void {
  caches.delete(deps.db);
}

/** @returns whose key it is. @throws KildeError `unauthorized` without a valid key, `forbidden` where its scopes do not reach, `rate_limited`. */
export async function authenticate(asked: Asked): Promise<Actor> {
  const { c, deps } = asked;
  try {
    return await authorize(asked);
  } catch (error) {
    // Who tries keys is slowed down; who has one never asks this limit.
    await limitRate(deps.limits, { limit: 'failedKeys', key: limitKeyOf(c) });
    throw error;
  }
}

/** `reportId`: the report that is asked for, where a key to it alone will do. */
type Asked = { c: Context; deps: Deps; scope: Scope; reportId?: string | undefined };

async function authorize({ c, deps, scope, reportId }: Asked): Promise<Actor> {
  const linkKey = reportId === undefined ? undefined : c.req.query('key');
  const match = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(c.req.header('authorization') ?? '');
  const key = linkKey ?? match?.[1];
  if (!key) throw new KildeError('unauthorized', 'Send the key as "Authorization: Bearer <key>".');
  const holder = await holderOf({ key: key.slice(0, 200), deps });
  if (!holder) throw new KildeError('unauthorized', 'This key is not known.');
  if (holder.expiresAt !== null && holder.expiresAt <= deps.clock()) {
    throw new KildeError('unauthorized', `This key expired at ${new Date(holder.expiresAt).toISOString()}.`);
  }
  const actor = { id: holder.id, name: holder.name, isAdmin: holder.scopes.includes('admin') };
  if (reportId !== undefined && holder.scopes.includes(`report:${reportId}`)) {
    refuseParameters(c);
    return { ...actor, isLink: true };
  }
  // A key in an address may be read by others: none that can do more is accepted there.
  if (linkKey !== undefined)
    throw new KildeError('forbidden', 'A key in the address must be one to this report alone.');
  if (!holder.scopes.some((one) => isScope(one) && grants[one].includes(scope))) {
    throw new KildeError('forbidden', `This needs a key with the scope "${scope}".`);
  }
  return actor;
}

const isScope = (scope: string): scope is Scope => scopes.some((one) => one === scope);

/** @throws KildeError `forbidden` where a key to one report asks for another view of it. */
function refuseParameters(c: Context): void {
  const other = Object.keys(c.req.query()).find((name) => !linkParameters.has(name));
  if (other === undefined) return;
  throw new KildeError(
    'forbidden',
    `A key to one report cannot change it by "${other.slice(0, 50)}". It takes ${[...linkParameters].join(', ')}.`,
    [{ location: `query.${other.slice(0, 50)}`, message: 'is not allowed with a key to one report' }],
  );
}

async function holderOf({ key, deps }: { key: string; deps: Deps }): Promise<Holder | null> {
  const hash = await sha256Hex(key);
  if (deps.config.adminKey && isSameHash(hash, await sha256Hex(deps.config.adminKey))) {
    return { id: null, name: null, scopes: ['admin'], expiresAt: null };
  }
  let cache = caches.get(deps.db);
  if (!cache) caches.set(deps.db, (cache = new Map()));
  const known = cache.get(hash);
  if (known && known.until > deps.clock()) return known.holder;
  const [holder = null] = await deps.db
    .select({ id: apiKey.id, name: apiKey.name, scopes: apiKey.scopes, expiresAt: apiKey.expiresAt })
    .from(apiKey)
    .where(eq(apiKey.hash, hash));
  if (cache.size >= maxCached) cache.clear();
  cache.set(hash, { holder, until: deps.clock() + cacheMs });
  return holder;
}

/** Hashes of one length are compared whole, so that the time taken tells nothing of where they differ. */
function isSameHash(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
