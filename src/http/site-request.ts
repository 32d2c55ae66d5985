import type { Context } from 'hono';
import { KildeError } from '../domain/errors.ts';

/**
 * What a client may send that a site reads as coming from its proxy: where a visitor is, or by which host and scheme it was asked.
 * `_` stands for `-` where a server hands headers on as CGI variables.
 */
const proxyHeader =
  /^(forwarded|x[-_]forwarded.*|x[-_]real[-_]ip|x[-_]original[-_]host|x[-_]host|(true|x|x[-_]cluster)?[-_]?client[-_]ip|cf[-_]connecting[-_]ip(v6)?)$/;

/** The cookies by which users of Kilde are signed in: one origin to a browser, but none of the site's business. */
const ownCookie = /^(__Host-)?kilde_(session|device|sign_in)=/;

/** A request that has it came through this Worker already: the site's address leads back to Kilde. */
export const loopHeader = 'kilde-pass-through';

/**
 * The address of a page at the site's origin. The path is put into the origin's own address, never resolved against it: a path such
 * as `//other.example/x` names a host where it is resolved.
 * @param origin scheme, host, port and base path; null: the site is at the address itself.
 * @throws KildeError `bad_request` where the address would lead elsewhere.
 */
export function addressAtSite({ url, origin }: { url: URL; origin: string | null }): URL {
  if (origin === null) return new URL(url);
  const site = new URL(origin);
  const target = new URL(origin);
  target.pathname = site.pathname.replace(/\/$/, '') + url.pathname;
  target.search = url.search;
  if (target.origin !== site.origin) throw new KildeError('bad_request', 'The path of this address cannot be read.');
  return target;
}

/**
 * The visitor's request as the site gets it: unchanged, but for who is said to have asked.
 * @param publicUrl the address that was asked for, with the scheme that the visitor used.
 * @param visitorAddress the IP address of the connection, undefined where it is not known.
 */
export function requestToSite({
  c,
  target,
  publicUrl,
  visitorAddress,
}: {
  c: Context;
  target: URL;
  publicUrl: URL;
  visitorAddress: string | undefined;
}): Request {
  const request = new Request(target, c.req.raw);
  const { headers } = request;
  for (const name of Array.from(headers.keys())) if (proxyHeader.test(name)) headers.delete(name);
  const cookies = headers.get('cookie');
  if (cookies?.includes('kilde_')) {
    const kept = cookies.split(/; */).filter((cookie) => !ownCookie.test(cookie));
    if (kept.length === 0) headers.delete('cookie');
    else headers.set('cookie', kept.join('; '));
  }
  headers.set('x-forwarded-host', publicUrl.host);
  headers.set('x-forwarded-proto', publicUrl.protocol.slice(0, -1));
  if (visitorAddress !== undefined) headers.set('x-forwarded-for', visitorAddress);
  headers.set(loopHeader, publicUrl.hostname);
  return request;
}
