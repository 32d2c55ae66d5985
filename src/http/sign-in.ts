import type { Context } from 'hono';
import type { SessionRow } from '../db/queries/users/sessions.ts';
import { toIso } from '../domain/iso-time.ts';
import { randomToken } from '../domain/random-token.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';
import { roleScopes } from '../domain/users/roles.ts';
import { sessionSeconds, startSession } from '../services/users/start-session.ts';
import { grants, readSession } from './auth.ts';
import type { Deps } from './deps.ts';
import { limitKeyOf, limitRate } from './limit-rate.ts';
import { ownAddress } from './own-address.ts';
import { isLoopback, readSignedCookie, writeSignedCookie } from './session-cookie.ts';

type Asked = { c: Context; deps: Deps };

/** Who is signed in, as the web app asks: all null, and no scopes, where nobody is. */
export function sessionAnswer(session: SessionRow | null) {
  if (!session) return { user: null, role: null, scopes: [], session: null };
  const { userId, name, email, language, ownerId, ownerName, role, sessionId, expiresAt } = session;
  return {
    user: {
      id: String(userId),
      name,
      email,
      language,
      owner: ownerId === null ? null : { id: String(ownerId), name: ownerName ?? '' },
    },
    role,
    scopes: grants[roleScopes[role]],
    session: { id: String(sessionId), expiresAt: toIso(expiresAt) },
  };
}

/**
 * Signs the browser in as a user, with a cookie whose token is new: one that came along is never adopted, and its session ends.
 * @throws KildeError `forbidden` where the cookie could be read on its way.
 */
export async function signInAs(
  { c, deps }: Asked,
  { userId, endsOthers = false }: { userId: number; endsOthers?: boolean },
): Promise<SessionRow | null> {
  const { config } = deps;
  const replaces = await readSignedCookie({ c, config }, 'kilde_session');
  const token = await startSession(deps, { userId, userAgent: c.req.header('user-agent'), replaces, endsOthers });
  await writeSignedCookie({ c, config }, { name: 'kilde_session', value: token, maxAgeSeconds: sessionSeconds });
  const session = await readSession({ c, deps }, token);
  if (session && (await readDevice({ c, deps }, session.email)) === null) {
    const value = `${await accountOf(session.email)}.${randomToken()}`;
    await writeSignedCookie({ c, config }, { name: 'kilde_device', value, maxAgeSeconds: deviceSeconds });
  }
  return session;
}

const deviceSeconds = 365 * 24 * 60 * 60;

/** An account as it stands in the cookie of a device, and in limits: their service is not told the address of a person. */
const accountOf = async (email: string): Promise<string> => sha256Hex(`account ${email}`);

/** The cookie of a browser that has signed in to this account before; null where it has not. */
async function readDevice({ c, deps }: Asked, email: string): Promise<string | null> {
  const device = await readSignedCookie({ c, config: deps.config }, 'kilde_device');
  return device?.startsWith(`${await accountOf(email)}.`) ? device : null;
}

/**
 * Whether a link for a new password can be mailed. Anybody may ask for one, so its address must not be what their request says: it is
 * `KILDE_PUBLIC_URL`, or this machine's.
 */
export const canMailRecovery = ({ c, deps: { config, sendMail } }: Asked): boolean =>
  sendMail !== null && (config.publicUrl !== null || isLoopback(ownAddress(c).hostname));

/**
 * Counts an attempt before its work is done, at most twenty a minute of each: of a browser that has signed in to the account before by
 * that browser alone, so that strangers cannot lock its user out; of any other by its address on the net, and by the account (OWASP's
 * device cookies).
 * @param account the user's e-mail address; null: none is named.
 * @throws KildeError `rate_limited`.
 */
export async function limitAttempts({ c, deps }: Asked, account: string | null): Promise<void> {
  const device = account === null ? null : await readDevice({ c, deps }, account);
  const keys =
    device === null
      ? [`sign-in ${limitKeyOf(c)}`, ...(account === null ? [] : [await accountOf(account)])]
      : [await sha256Hex(device)];
  for (const key of keys) await limitRate(deps.limits, { limit: 'failedKeys', key });
}
