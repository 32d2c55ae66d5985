import { eq } from 'drizzle-orm';
import type { Context } from 'hono';
import { apiKey } from '../db/schema/settings.ts';
import { findSession, noteSeen } from '../db/queries/users/sessions.ts';
import type { SessionRow } from '../db/queries/users/sessions.ts';
import { KildeError } from '../domain/errors.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';
import { roleOfScope, roleScopes } from '../domain/users/roles.ts';
import { runInBackground } from './background.ts';
import type { Deps } from './deps.ts';
import { limitKeyOf, limitRate } from './limit-rate.ts';
import { readSignedCookie, refuseOtherOrigin } from './session-cookie.ts';

export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** What each scope may do: a wider one holds the narrower. */
export const grants: Record<Scope, Scope[]> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
};

/** A revoked key may work for this long in an isolate that did not see the revocation. */
const cacheMs = 30_000;
const maxCached = 1_000;

/** Keys seen of late by their hash, per isolate and database: bounded by `maxCached` and `cacheMs`. */
const caches = new WeakMap<object, Map<string, { holder: Holder | null; until: number }>>();

/**
 * Who asks: an API key, or a user who is signed in. `id` is the key's: null for the administrator's, and for a user. `isAdmin`: the
 * scopes hold `admin`, so secrets may be seen.
 */
export type Actor = {
  id: number | null;
  name: string | null;
  isAdmin: boolean;
  /** The session of the user who asks; null of a key. */
  session: SessionRow | null;
  /** The owner that records name for the user; null of a key. */
  ownerId: number | null;
  /** Whether the key is a link to one report, made by an administrator: it reads that report whatever it names. */
  isLink?: boolean;
};
type Holder = Pick<Actor, 'id' | 'name'> & { scopes: Array<Scope | `report:${string}`>; expiresAt: number | null };

/** What a key to one report may say beside its key: how the report is answered, not what it counts. */
const linkParameters: ReadonlySet<string> = new Set(['key', 'format', 'heads', 'language']);

/** Forgets what is known of keys, after one was made or revoked. */
export function forgetKeys(deps: Deps): void {
  caches.delete(deps.db);
}

/**
 * Who asks, by their key, else by the session of their cookie.
 * @throws KildeError `unauthorized` without a valid key or session, `forbidden` where its scopes do not reach, `rate_limited`.
 */
export async function authenticate(asked: Asked): Promise<Actor> {
  const { c, deps } = asked;
  const token = hasKey(asked) ? null : await readSignedCookie({ c, config: deps.config }, 'kilde_session');
  if (token !== null) return authorizeSession(asked, token);
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

const hasKey = ({ c, reportId }: Asked): boolean =>
  c.req.header('authorization') !== undefined || (reportId !== undefined && c.req.query('key') !== undefined);

/** A session is read at every request: one that was ended, or whose user was disabled, is out at once. */
async function authorizeSession({ c, deps, scope }: Asked, token: string): Promise<Actor> {
  const session = await readSession({ c, deps }, token);
  if (!session) throw new KildeError('unauthorized', 'You are signed out. Sign in again.');
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    refuseOtherOrigin({ c, config: deps.config }, { needsProof: true });
  }
  const { role, name, ownerId } = session;
  if (!grants[roleScopes[role]].includes(scope)) {
    throw new KildeError('forbidden', `This needs the role ${roleOfScope(scope)}. You have the role ${role}.`);
  }
  return { id: null, name, isAdmin: role === 'admin', session, ownerId };
}

const seenEveryMs = 60 * 60 * 1000;

/** The session of a token. That it was seen is written once an hour, after the answer. */
export async function readSession({ c, deps }: Pick<Asked, 'c' | 'deps'>, token: string): Promise<SessionRow | null> {
  const now = deps.clock();
  const session = await findSession(deps.db, { hash: await sha256Hex(token), now });
  if (session && session.seenAt <= now - seenEveryMs) {
    runInBackground(c, noteSeen(deps.db, { id: session.sessionId, now }));
  }
  return session;
}

async function authorize({ c, deps, scope, reportId }: Asked): Promise<Actor> {
  const linkKey = reportId === undefined ? undefined : c.req.query('key');
  const match = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(c.req.header('authorization') ?? '');
  const key = linkKey ?? match?.[1];
  if (!key) throw new KildeError('unauthorized', 'Sign in, or send a key as "Authorization: Bearer <key>".');
  const holder = await holderOf({ key: key.slice(0, 200), deps });
  if (!holder) throw new KildeError('unauthorized', 'This key is not known.');
  if (holder.expiresAt !== null && holder.expiresAt <= deps.clock()) {
    throw new KildeError('unauthorized', `This key expired at ${new Date(holder.expiresAt).toISOString()}.`);
  }
  const actor = {
    id: holder.id,
    name: holder.name,
    isAdmin: holder.scopes.includes('admin'),
    session: null,
    ownerId: null,
  };
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
