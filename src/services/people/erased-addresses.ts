import type { InStatement } from '@libsql/client/http';
import type { Config } from '../../config.ts';
import type { Database } from '../../db/client.ts';
import { defineStatement } from '../../db/statement.ts';
import { Mentions, textsIn } from '../../domain/people/erase-mentions.ts';
import { findAddresses, mayHoldAddress } from '../../domain/people/find-addresses.ts';
import { toHex } from '../../domain/sha256-hex.ts';

/**
 * How long an erased address is remembered, as a keyed hash. Cloudflare Queues keeps a message for 14 days at most, in the queue and
 * again in its dead letter queue.
 */
export const rememberErasedMs = 30 * 24 * 60 * 60 * 1_000;

export type ErasureContext = { db: Database; config: Pick<Config, 'journeySecrets'> };

const insertErasure = defineStatement(`INSERT INTO erasure (hash, salt, erased_at) VALUES (:hash, '', :now)
  ON CONFLICT DO UPDATE SET erased_at = max(erased_at, excluded.erased_at)`);

/** The statements that remember addresses and telephone numbers as erased. */
export async function rememberErased(
  { config }: Pick<ErasureContext, 'config'>,
  { identities, now }: { identities: readonly string[]; now: number },
): Promise<InStatement[]> {
  const key = await hashKey(config.journeySecrets[0]!);
  return Promise.all(identities.map(async (one) => insertErasure({ hash: await keyedHash(key, one), now })));
}

const findHashes = defineStatement(
  `SELECT hash FROM erasure WHERE hash IN (SELECT value FROM json_each(:hashes)) AND erased_at >= :at`,
);

/**
 * The addresses in a text, in any spelling, that were erased after a moment: what came in before it is not to be stored with them.
 * One round trip; none where the text holds no address.
 */
export async function findErasedAddresses(
  context: ErasureContext,
  { text, at }: { text: string; at: number },
): Promise<string[]> {
  if (!mayHoldAddress(text)) return [];
  const emails = [...new Set(findAddresses(text).map(({ email }) => email))];
  return emails.length === 0 ? [] : findErased(context, { identities: emails, at });
}

/** Those of some addresses and telephone numbers, as they are stored, that were erased after a moment. One round trip. */
export async function findErased(
  { db, config }: ErasureContext,
  { identities, at }: { identities: readonly string[]; at: number },
): Promise<string[]> {
  const byHash = new Map<string, string>();
  for (const secret of config.journeySecrets) {
    const key = await hashKey(secret);
    for (const one of identities) byHash.set(await keyedHash(key, one), one);
  }
  const { rows } = await db.$client.execute(findHashes({ hashes: JSON.stringify([...byHash.keys()]), at }));
  return rows.map(({ hash }) => byHash.get(hash as string)!);
}

/**
 * Plain data from before an erasure that comes late, without the addresses that were erased since.
 * @returns the data as it is where it names nobody who was erased.
 */
export async function withoutErased<T>(
  context: ErasureContext,
  { data, at }: { data: T; at: number },
): Promise<{ data: T; erased: string[] }> {
  // A line break ends every address.
  const erased = await findErasedAddresses(context, { text: textsIn(data).join('\n'), at });
  return { data: erased.length === 0 ? data : (new Mentions(erased).replaceWithin(data) as T), erased };
}

async function hashKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

/** Named, so that it is never what the same secret signs a journey with. */
async function keyedHash(key: CryptoKey, identity: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`erased address\n${identity}`));
  return toHex(signature);
}
