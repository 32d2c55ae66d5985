import { flattenedVerify, FlattenedSign } from 'jose';
import { packJourney, unpackJourney } from '../domain/attribution/journey.ts';
import type { Journey } from '../domain/attribution/types.ts';

/**
 * Longest token in characters. Browsers keep 4,096 bytes of name, value and attributes together (RFC 6265, 6.1); the
 * rest is left to the attributes.
 */
export const journeyTokenMaxLength = 3_800;

const signatureLength = 43;
const header = { alg: 'HS256' } as const;
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
export function createJourneySigner(secrets: Uint8Array[]): JourneySigner {
  let keys: CryptoKey[] | undefined;
  async function importKeys(): Promise<CryptoKey[]> {
    keys ??= await Promise.all(
      secrets.map((secret) =>
        crypto.subtle.importKey('raw', secret as BufferSource, { name: 'HMAC', hash: 'SHA-256' }, false, [
          'sign',
          'verify',
        ]),
      ),
    );
    return keys;
  }

  return {
    async sign(journey) {
      const [key] = await importKeys();
      const maxBytes = Math.floor(((journeyTokenMaxLength - signatureLength) * 3) / 4);
      const packed = new TextEncoder().encode(packJourney(journey, maxBytes));
      const signed = await new FlattenedSign(packed).setProtectedHeader(header).sign(key!);
      return signed.payload + signed.signature;
    },

    async verify(token) {
      if (!token || token.length <= signatureLength || token.length > journeyTokenMaxLength) return null;
      if (!/^[\w-]+$/.test(token)) return null;
      const jws = {
        protected: encodedHeader,
        payload: token.slice(0, -signatureLength),
        signature: token.slice(-signatureLength),
      };
      for (const key of await importKeys()) {
        try {
          const { payload } = await flattenedVerify(jws, key);
          return unpackJourney(new TextDecoder().decode(payload));
        } catch {
          // Another key may have signed it; none of them means no journey.
        }
      }
      return null;
    },
  };
}
