/** How long a consent can be confirmed. */
export const confirmWithinMs = 30 * 24 * 60 * 60 * 1_000;

type Named = { requestId: number; submissionId: string };

const base64url = { alphabet: 'base64url', omitPadding: true } as const;
const encoder = new TextEncoder();

/**
 * The token of the link in a mail: the request's number and an HMAC-SHA256 of it and of its submission, by the newest of the
 * journeys' secrets. The request is deleted once it is confirmed, so the link works once.
 *
 * @example '17.mJ0u…' // 43 characters after the dot
 */
export async function signConsentToken(secrets: readonly Uint8Array<ArrayBuffer>[], named: Named): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await importKey(secrets[0]!), signedPart(named));
  return `${named.requestId}.${new Uint8Array(signature).toBase64(base64url)}`;
}

/** The number of the request that a token names; whether the token is genuine is `isConsentToken`'s to say. */
export function requestIdOf(token: string): number | null {
  const [, id] = /^([1-9]\d{0,14})\.[\w-]{43}$/.exec(token) ?? [];
  return id === undefined ? null : Number(id);
}

export async function isConsentToken(
  secrets: readonly Uint8Array<ArrayBuffer>[],
  { token, ...named }: Named & { token: string },
): Promise<boolean> {
  let signature: Uint8Array<ArrayBuffer>;
  try {
    signature = Uint8Array.fromBase64(token.slice(token.indexOf('.') + 1), { alphabet: 'base64url' });
  } catch {
    return false;
  }
  for (const secret of secrets) {
    if (await crypto.subtle.verify('HMAC', await importKey(secret), signature, signedPart(named))) return true;
  }
  return false;
}

function signedPart({ requestId, submissionId }: Named): Uint8Array<ArrayBuffer> {
  return encoder.encode(`consent:${requestId}:${submissionId}`);
}

async function importKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}
