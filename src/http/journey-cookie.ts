import { getCookie } from 'hono/cookie';
import type { Context } from 'hono';
import type { Address } from '../domain/read-address.ts';
import { registrableDomain } from '../domain/identity/registrable-domain.ts';

export const journeyCookieName = 'kilde_journey';

/** 400 days: the longest that browsers keep a cookie. */
const maxAgeSeconds = 400 * 24 * 60 * 60;

export function readJourneyCookie(c: Context): string | undefined {
  return getCookie(c, journeyCookieName);
}

/**
 * The `Set-Cookie` value that keeps a journey: first-party, HttpOnly, and for the whole registrable domain, so that
 * the edge on `edge.example.com` and the site on `www.example.com` share it. An empty token ends it.
 */
export function journeyCookie({ token, address }: { token: string; address: Address }): string {
  return `${journeyCookieName}=${token}; Path=/; Max-Age=${token ? maxAgeSeconds : 0}; ${attributesAt(address)}`;
}

/** The latest: an isolate mostly answers to one name. */
let attributes: { origin: string; text: string } | undefined;

function attributesAt({ origin, protocol, hostname }: Address): string {
  if (attributes?.origin !== origin) {
    const domain = registrableDomain(hostname);
    const text = [
      ...(domain ? [`Domain=${domain}`] : []),
      ...(protocol === 'https:' ? ['Secure'] : []),
      'HttpOnly',
      'SameSite=Lax',
    ].join('; ');
    attributes = { origin, text };
  }
  return attributes.text;
}
