import { getCookie } from 'hono/cookie';
import type { Context } from 'hono';
import type { Address } from '../domain/read-address.ts';
import type { Journey } from '../domain/attribution/types.ts';
import { registrableDomain } from '../domain/hosts/registrable-domain.ts';
import type { JourneySigner } from './journey-token.ts';

export const journeyCookieName = 'kilde_journey';

/** 400 days: the longest that browsers keep a cookie. */
const maxAgeSeconds = 400 * 24 * 60 * 60;

export function readJourneyCookie(c: Context): string | undefined {
  return getCookie(c, journeyCookieName);
}

/** The cookie of a site that shares its domain with another site, whose journey has the plain name already. */
export function journeyCookieNameOf(site: { key: string }): string {
  return `${journeyCookieName}_${site.key}`;
}

/**
 * The journey that the browser's cookie holds for a site, and the name of the cookie that holds it, or is to. `known` is null where
 * there is none. Mostly a browser has one cookie; where that one is another site's, this site has one of its own.
 */
export async function findJourney({
  c,
  signer,
  site,
}: {
  c: Context;
  signer: JourneySigner;
  site: { key: string };
}): Promise<{ name: string; token: string | undefined; known: Journey | null }> {
  const token = readJourneyCookie(c);
  const read = token ? await signer.read(token) : null;
  if (read !== null && (read.site === null || read.site === site.key)) {
    return { name: journeyCookieName, token, known: read.journey };
  }
  const name = journeyCookieNameOf(site);
  const own = getCookie(c, name);
  if (read === null && own === undefined) return { name: journeyCookieName, token, known: null };
  return { name, token: own, known: own ? await signer.verify(own, site.key) : null };
}

/**
 * The `Set-Cookie` value that keeps a journey: first-party, HttpOnly, and for the whole registrable domain, so that
 * the edge on `edge.example.com` and the site on `www.example.com` share it. An empty token ends it.
 */
export function journeyCookie({
  name = journeyCookieName,
  token,
  address,
}: {
  name?: string;
  token: string;
  address: Address;
}): string {
  return `${name}=${token}; Path=/; Max-Age=${token ? maxAgeSeconds : 0}; ${attributesAt(address)}`;
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
