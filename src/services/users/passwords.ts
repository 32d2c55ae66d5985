import { scrypt } from 'node:crypto';

/**
 * The work of a new password: 32 MiB, about 50 ms, with the platform's own scrypt (RFC 7914). Stored with each hash, so that it can be
 * raised: an old hash is then replaced when its user signs in.
 */
const work = { N: 16_384, r: 16, p: 1 };
type Work = typeof work;

const saltBytes = 16;
const keyBytes = 32;
/** What a stored hash may ask for at most: scrypt takes 128 · N · r bytes. */
const maxMemoryBytes = 64 * 1024 * 1024;

const base64url = { alphabet: 'base64url', omitPadding: true } as const;

/** The hash of a password, with its salt and its work: `scrypt$16384$16$1$<salt>$<key>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(saltBytes));
  const key = await deriveKey({ password, salt, work });
  const { N, r, p } = work;
  return ['scrypt', N, r, p, salt.toBase64(base64url), key.toBase64(base64url)].join('$');
}

/** A hash that no password has. */
const nobodysHash = `scrypt$${work.N}$${work.r}$${work.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Whether a password is the one of a hash. Without a hash it does the same work, and the answer is no.
 * @returns `isOutdated`: the hash took less work than new ones do.
 */
export async function verifyPassword({
  password,
  hash,
}: {
  password: string;
  hash: string | null;
}): Promise<{ isRight: boolean; isOutdated: boolean }> {
  const [, N, r, p, salt, key] = (hash ?? nobodysHash).split('$');
  const given = { N: Number(N), r: Number(r), p: Number(p) };
  const stored = Uint8Array.fromBase64(key!, base64url);
  const derived = await deriveKey({ password, salt: Uint8Array.fromBase64(salt!, base64url), work: given });
  let difference = stored.length ^ derived.length;
  for (const [place, byte] of derived.entries()) difference |= byte ^ (stored[place] ?? 0);
  return {
    isRight: hash !== null && difference === 0,
    isOutdated: given.N !== work.N || given.r !== work.r || given.p !== work.p,
  };
}

async function deriveKey({
  password,
  salt,
  work: given,
}: {
  password: string;
  salt: Uint8Array;
  work: Work;
}): Promise<Uint8Array> {
  // One text, however a keyboard composes its letters.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, keyBytes, { ...given, maxmem: maxMemoryBytes }, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}
