import type { Context } from 'hono';
import { ownPrefix } from '../config.ts';
import type { Config } from '../config.ts';
import { KildeError } from '../domain/errors.ts';
import { readAddress } from '../domain/read-address.ts';
import type { Address } from '../domain/read-address.ts';

/** The address that was asked for. @throws KildeError `bad_request` where the Host header names no host. */
export function ownAddress(c: Context): Address {
  const address = readAddress(c.req.url);
  if (address === null) throw unreadableHost();
  return address;
}

/** What an address of Kilde's depends on: the request that asks for it, and the settings. */
type Asked = { c: Context; config: Pick<Config, 'passThrough' | 'publicUrl'> };

/**
 * An address of Kilde's for whoever is outside, such as a form's action or a short link. Every absolute address that Kilde gives
 * out is made here: at `KILDE_PUBLIC_URL`, else at the host that was asked for.
 *
 * @example ownUrl(asked, '/f/contact') // 'https://www.example.com/_kilde/f/contact' on a host of PASS_THROUGH_HOSTS
 */
export function ownUrl({ c, config }: Asked, path: string): string {
  return config.publicUrl === null ? ownAddress(c).origin + ownPath({ c, config }, path) : config.publicUrl + path;
}

/** An address of Kilde's for the page or redirect that is answered: a path on the host that was asked for. */
export function ownPath({ c, config: { passThrough, publicUrl } }: Asked, path: string): string {
  const host = withoutFinalDot(ownAddress(c).hostname);
  if (passThrough?.hosts.includes(host)) return ownPrefix + path;
  const base = publicUrl === null ? null : new URL(publicUrl);
  return base?.hostname === host && base.pathname !== '/' ? base.pathname + path : path;
}

/** `example.com.` is the same host as `example.com`. */
export function withoutFinalDot(hostname: string): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}

/** Cloudflare lets no such request through; whoever hosts Kilde on a machine of their own may get one. */
export function unreadableHost(): KildeError {
  const message = 'The Host header is not the name of a host.';
  return new KildeError('bad_request', message, [{ location: 'header.host', message }]);
}
