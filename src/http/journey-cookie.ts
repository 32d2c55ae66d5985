import { getCookie } from 'hono/cookie';
import type { Context } from 'hono';
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
export function journeyCookie({ token, url }: { token: string; url: URL }): string {
  const domain = registrableDomain(url.hostname);
  return [
    `${journeyCookieName}=${token}`,
    'Path=/',
    `Max-Age=${token ? maxAgeSeconds : 0}`,
    ...(domain ? [`Domain=${domain}`] : []),
    ...(url.protocol === 'https:' ? ['Secure'] : []),
    'HttpOnly',
    'SameSite=Lax',
  ].join('; ');
}
