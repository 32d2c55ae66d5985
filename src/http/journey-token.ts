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
  /** The journey as a token of base64url characters only, at most `journeyTokenMaxLength` of them. `site` is the key of its site. */
  sign(journey: Journey, site: string): Promise<string>;
  /** The journey of a token and its site's key, or null where its form or its signature is wrong. Never throws. */
  read(token: string | null | undefined): Promise<SignedJourney | null>;
  /** The journey of a token: null, too, where it was signed for another site than `site`. */
  verify(token: string | null | undefined, site?: string): Promise<Journey | null>;
};

/** `site` is null in tokens from before they named one: those are every site's. */
export type SignedJourney = { journey: Journey; site: string | null };

/**
 * Signs journeys as JWS (RFC 7515, HS256) with the header left out, which never varies: payload and signature
 * follow each other without a dot, so that no firewall rule has a character to dislike. The payload is the packed journey, with the
 * site's key as its last element.
 * @param secrets newest first: the first signs, every one verifies, so keys rotate by putting a new one in front.
 */
export function createJourneySigner(secrets: Uint8Array<ArrayBuffer>[]): JourneySigner {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  // The keys themselves are kept: a promise of them would be the request's that asked first.
  let keys: CryptoKey[] | undefined;
  const importKeys = async (): Promise<CryptoKey[]> => (keys = await Promise.all(secrets.map(importKey)));
  const signedPart = (payload: string) => encoder.encode(`${encodedHeader}.${payload}`);

  const readSigned = async (token: string): Promise<SignedJourney | null> => {
    const payload = token.slice(0, -signatureLength);
    const signature = fromBase64url(token.slice(-signatureLength));
    const signed = signedPart(payload);
    for (const key of keys ?? (await importKeys())) {
      if (!(await crypto.subtle.verify('HMAC', key, signature, signed))) continue;
      const text = decoder.decode(fromBase64url(payload));
      const journey = unpackJourney(text);
      // An arrival is an array: text at the end of the outer one is the site's key.
      return journey && { journey, site: /,"([^"\\]*)"\]$/.exec(text)?.[1] ?? null };
    }
    return null;
  };

  const signer: JourneySigner = {
    async sign(journey, site) {
      const [newest] = keys ?? (await importKeys());
      const packed = packJourney(journey, maxPayloadBytes - site.length - 3);
      const payload = encoder.encode(`${packed.slice(0, -1)},"${site}"]`).toBase64(base64url);
      const signature = await crypto.subtle.sign('HMAC', newest!, signedPart(payload));
      return payload + new Uint8Array(signature).toBase64(base64url);
    },

    async read(token) {
      if (!token || token.length <= signatureLength || token.length > journeyTokenMaxLength) return null;
      try {
        return await readSigned(token);
      } catch {
        // No base64url: signed by nobody.
        return null;
      }
    },

    async verify(token, site) {
      const signed = await signer.read(token);
      if (signed === null) return null;
      return site === undefined || signed.site === null || signed.site === site ? signed.journey : null;
    },
  };
  return signer;
}

async function importKey(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** The bytes of a text without padding; one text alone stands for them. @throws SyntaxError */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  return Uint8Array.fromBase64(padded, { alphabet: 'base64url', lastChunkHandling: 'strict' });
}
