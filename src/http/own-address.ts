import type { Context } from 'hono';
import { KildeError } from '../domain/errors.ts';
import { readAddress } from '../domain/read-address.ts';
import type { Address } from '../domain/read-address.ts';

/** The address that was asked for. @throws KildeError `bad_request` where the Host header names no host. */
export function ownAddress(c: Context): Address {
  const address = readAddress(c.req.url);
  if (address === null) throw unreadableHost();
  return address;
}

/** Cloudflare lets no such request through; whoever hosts Kilde on a machine of their own may get one. */
export function unreadableHost(): KildeError {
  const message = 'The Host header is not the name of a host.';
  return new KildeError('bad_request', message, [{ location: 'header.host', message }]);
}
