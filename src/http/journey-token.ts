import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { packJourney, unpackJourney } from '../domain/attribution/journey.ts';
import type { Journey } from '../domain/attribution/types.ts';

/**
 * Longest token in characters. Browsers keep 4,096 bytes of name, value and attributes together (RFC 6265, 6.1); the
 * rest is left to the attributes.
 */
export const journeyTokenMaxLength = 3_800;

const signatureLength = 43;
const base64url = { alphabet: 'base64url', omitPadding: true } as const;
/** `{"alg":"HS256"}` */
const encodedHeader = 'eyJhbGciOiJIUzI1NiJ9';

export type JourneySigner = {
  /** The journey as a token of base64url characters only, at most `journeyTokenMaxLength` of them. */
  sign(journey: Journey): string;
  /** The journey of a token, or null where its form or its signature is wrong. Never throws. */
  verify(token: string | null | undefined): Journey | null;
};

/**
 * Signs journeys as JWS (RFC 7515, HS256) with the header left out, which never varies: payload and signature
 * follow each other without a dot, so that no firewall rule has a character to dislike. Signed at once and not by the
 * platform's promises: for a few hundred bytes, waiting for those takes longer than the signature.
 * @param secrets newest first: the first signs, every one verifies, so keys rotate by putting a new one in front.
 */
export function createJourneySigner(secrets: Uint8Array[]): JourneySigner {
  const keys = secrets.map((secret) => hmac.create(sha256, secret));
  const encoder = new TextEncoder();
  const signatureOf = (key: (typeof keys)[number], payload: string): string =>
    key
      .clone()
      .update(encoder.encode(`${encodedHeader}.${payload}`))
      .digest()
      .toBase64(base64url);

  return {
    sign(journey) {
      const maxBytes = Math.floor(((journeyTokenMaxLength - signatureLength) * 3) / 4);
      const payload = encoder.encode(packJourney(journey, maxBytes)).toBase64(base64url);
      return payload + signatureOf(keys[0]!, payload);
    },

    verify(token) {
      if (!token || token.length <= signatureLength || token.length > journeyTokenMaxLength) return null;
      if (!/^[\w-]+$/.test(token)) return null;
      const payload = token.slice(0, -signatureLength);
      const signature = token.slice(-signatureLength);
      if (!keys.some((key) => isSame(signatureOf(key, payload), signature))) return null;
      try {
        return unpackJourney(new TextDecoder().decode(Uint8Array.fromBase64(payload, base64url)));
      } catch {
        return null;
      }
    },
  };
}

/** Compares texts of one length in the same time wherever they differ. */
function isSame(a: string, b: string): boolean {
  let difference = 0;
  for (let place = 0; place < signatureLength; place += 1) difference |= a.charCodeAt(place) ^ b.charCodeAt(place);
  return difference === 0;
}
