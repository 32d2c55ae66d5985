/** What an ID token claims. Nothing of it is known to be of its type before it is checked. */
export type Claims = Record<string, unknown>;

/** What an ID token must be about. Times in seconds since the epoch. */
export type Expected = { issuer: string; clientId: string; nonce: string; now: number };

/** By how much two clocks may differ. */
const skewSeconds = 60;

/**
 * What is wrong with the claims of an ID token whose signature holds; null: nothing.
 * Source: OpenID Connect Core 1.0, 3.1.3.7.
 */
export function claimProblem(claims: Claims, { issuer, clientId, nonce, now }: Expected): string | null {
  const { iss, sub, aud, azp, exp, nbf, iat } = claims;
  const audience = Array.isArray(aud) ? aud : [aud];
  if (iss !== issuer) return 'issuer';
  if (!audience.includes(clientId)) return 'audience';
  if (azp === undefined ? audience.length > 1 : azp !== clientId) return 'authorised party';
  if (typeof exp !== 'number' || exp + skewSeconds <= now) return 'expiry';
  if (typeof iat !== 'number' || iat - skewSeconds > now) return 'time of issue';
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf - skewSeconds > now)) return 'start';
  if (claims['nonce'] !== nonce) return 'nonce';
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) return 'subject';
  return null;
}

/**
 * Whether the provider vouches for the e-mail address. Microsoft Entra has no `email_verified`; its `xms_edov` says that the address is
 * of a domain that the user's organisation owns.
 */
export const isEmailVerified = ({ email_verified: verified, xms_edov: owned }: Claims): boolean =>
  verified === true || verified === 'true' || owned === true || owned === 1 || owned === '1' || owned === 'true';
