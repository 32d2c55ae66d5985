import { packJourney, unpackJourney } from '../domain/attribution/journey.ts';
import type { Journey } from '../domain/attribution/types.ts';

/**
 * Longest token in characters. Browsers keep 4,096 bytes of name, value and attributes together (RFC 6265, 6.1); the
 * rest is left to the attributes.
 */
export const journeyTokenMaxLength = 3_800;

const signatureLength = 43;
const maxPayloadBytes = Math.floor(((journeyTokenMaxLength - signatureLength) * 3) / 4);
const base64url = { alphabet: 'base64url', omitPadding: true } as const;
/** `{"alg":"HS256"}` */
const encodedHeader = 'eyJhbGciOiJIUzI1NiJ9';

export type JourneySigner = {
  /** The journey as a token of base64url characters only, at most `journeyTokenMaxLength` of them. */
  sign(journey: Journey): Promise<string>;
  /** The journey of a token, or null where its form or its signature is wrong. Never throws. */
  verify(token: string | null | undefined): Promise<Journey | null>;
};

/**
 * Signs journeys as JWS (RFC 7515, HS256) with the header left out, which never varies: payload and signature
 * follow each other without a dot, so that no firewall rule has a character to dislike.
 * @param secrets newest first: the first signs, every one verifies, so keys rotate by putting a new one in front.
 */
export function createJourneySigner(secrets: Uint8Array<ArrayBuffer>[]): JourneySigner {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  // The keys themselves are kept: a promise of them would be the request's that asked first.
  let keys: CryptoKey[] | undefined;
  const importKeys = async (): Promise<CryptoKey[]> => (keys = await Promise.all(secrets.map(importKey)));
  const signedPart = (payload: string) => encoder.encode(`${encodedHeader}.${payload}`);

  return {
    async sign(journey) {
      const [newest] = keys ?? (await importKeys());
      const payload = encoder.encode(packJourney(journey, maxPayloadBytes)).toBase64(base64url);
      const signature = await crypto.subtle.sign('HMAC', newest!, signedPart(payload));
      return payload + new Uint8Array(signature).toBase64(base64url);
    },

    async verify(token) {
      if (!token || token.length <= signatureLength || token.length > journeyTokenMaxLength) return null;
      try {
        const payload = token.slice(0, -signatureLength);
        const signature = fromBase64url(token.slice(-signatureLength));
        const signed = signedPart(payload);
        for (const key of keys ?? (await importKeys())) {
          if (await crypto.subtle.verify('HMAC', key, signature, signed)) {
            return unpackJourney(decoder.decode(fromBase64url(payload)));
          }
        }
      } catch {
        // No base64url: signed by nobody.
      }
      return null;
    },
  };
}

async function importKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** The bytes of a text without padding; one text alone stands for them. @throws SyntaxError */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return Uint8Array.fromBase64(padded, { alphabet: 'base64url', lastChunkHandling: 'strict' });
}
