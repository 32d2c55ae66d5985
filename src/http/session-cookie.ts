import type { Context } from 'hono';
import { getSignedCookie, setSignedCookie, deleteCookie } from 'hono/cookie';
import type { Config } from '../config.ts';
import { KildeError } from '../domain/errors.ts';
import { ownAddress } from './own-address.ts';

/**
 * `kilde_session` holds a session's token; `kilde_device` says for which account the browser has signed in before; `kilde_sign_in`
 * holds what a sign-in by another provider has to be continued with.
 */
type CookieName = 'kilde_session' | 'kilde_device' | 'kilde_sign_in';

type Asked = { c: Context; config: Pick<Config, 'journeySecrets' | 'publicUrl'> };

export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Whether the browser speaks HTTPS, also with a proxy in front of Kilde that ends it. */
function isHttps({ c, config }: Asked): boolean {
  const { protocol, hostname } = ownAddress(c);
  if (protocol === 'https:') return true;
  return (
    config.publicUrl !== null &&
    new URL(config.publicUrl).hostname === hostname &&
    config.publicUrl.startsWith('https:')
  );
}

/** With `__Host-` a browser takes the cookie over HTTPS alone, for this host alone. This machine itself is asked over HTTP. */
const optionsOf = (asked: Asked) =>
  ({
    ...(isHttps(asked) ? { prefix: 'host' as const, secure: true } : {}),
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
  }) as const;

/** The value of a cookie that Kilde has signed; null where there is none, or another has signed it. */
export async function readSignedCookie(asked: Asked, name: CookieName): Promise<string | null> {
  // Where none is sent, no key is made.
  if (!asked.c.req.header('cookie')?.includes(name)) return null;
  const { prefix } = optionsOf(asked);
  for (const secret of asked.config.journeySecrets) {
    const value = await getSignedCookie(asked.c, secret, name, prefix);
    if (value) return value;
  }
  return null;
}

/** @throws KildeError `forbidden` over HTTP, but for this machine itself: others on the way could read the cookie. */
export async function writeSignedCookie(
  asked: Asked,
  { name, value, maxAgeSeconds }: { name: CookieName; value: string; maxAgeSeconds: number },
): Promise<void> {
  if (!isHttps(asked) && !isLoopback(ownAddress(asked.c).hostname)) {
    throw new KildeError(
      'forbidden',
      'Sign in over https, or on this machine at http://127.0.0.1. Behind a proxy that ends TLS, set KILDE_PUBLIC_URL.',
    );
  }
  const [secret] = asked.config.journeySecrets;
  await setSignedCookie(asked.c, name, value, secret!, { ...optionsOf(asked), maxAge: maxAgeSeconds });
}

export function deleteSignedCookie(asked: Asked, name: CookieName): void {
  deleteCookie(asked.c, name, optionsOf(asked));
}

/**
 * Refuses a change that a page of another origin asks a browser for.
 * @param needsProof whether a request that says nothing of its origin is refused too: one that a cookie authorises.
 * @throws KildeError `forbidden`.
 */
export function refuseOtherOrigin({ c, config }: Asked, { needsProof }: { needsProof: boolean }): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site === 'same-origin') return;
  const own = [ownAddress(c).origin, ...(config.publicUrl === null ? [] : [new URL(config.publicUrl).origin])];
  if (site === undefined && (origin === undefined ? !needsProof : own.includes(origin))) return;
  const from = origin ?? site;
  throw new KildeError(
    'forbidden',
    from === undefined
      ? 'A change by cookie must have the header Origin.'
      : `A page of ${from.slice(0, 100)} may not ask for this. It must be one of ${own.join(', ')}.`,
  );
}
