import { and, desc, eq, ne } from 'drizzle-orm';
import { session, userPassword } from '../../db/schema/users.ts';
import type { SessionRow } from '../../db/queries/users/sessions.ts';
import { conflict, invalidInput, notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { UserContext } from './start-session.ts';

export type SessionAnswer = {
  id: string;
  device: string;
  createdAt: string;
  seenAt: string;
  expiresAt: string;
  current: boolean;
};

/** Where a user is signed in, the latest sign-in first. */
export async function listSessions({ db, clock }: UserContext, current: SessionRow): Promise<SessionAnswer[]> {
  const now = clock();
  const rows = await db.select().from(session).where(eq(session.userId, current.userId)).orderBy(desc(session.id));
  return rows
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ id, device, createdAt, seenAt, expiresAt }) => ({
      id: String(id),
      device,
      createdAt: toIso(createdAt),
      seenAt: toIso(seenAt),
      expiresAt: toIso(expiresAt),
      current: id === current.sessionId,
    }));
}

/** Ends a session of a user. @throws KildeError `not_found`, of another user's too. */
export async function endSession({ db }: UserContext, { id, userId }: { id: number; userId: number }): Promise<void> {
  const ended = await db
    .delete(session)
    .where(and(eq(session.id, id), eq(session.userId, userId)))
    .returning({ id: session.id });
  if (ended.length === 0) throw notFound('session');
}

/** Ends all sessions of a user but the one that asks. */
export async function endOtherSessions(
  { db }: UserContext,
  { userId, sessionId }: Pick<SessionRow, 'userId' | 'sessionId'>,
): Promise<void> {
  await db.delete(session).where(and(eq(session.userId, userId), ne(session.id, sessionId)));
}

/** Ends the session of a token, if there is one. */
export async function endSessionOf({ db }: UserContext, token: string): Promise<void> {
  await db.delete(session).where(eq(session.hash, await sha256Hex(token)));
}

/**
 * Changes the password of a user who knows it.
 * @throws KildeError `invalid_input` where it is not the one they have; `conflict` where they have none.
 */
export async function changePassword(
  { db, clock }: UserContext,
  { userId, current, next }: { userId: number; current: string; next: string },
): Promise<void> {
  const [stored] = await db.select().from(userPassword).where(eq(userPassword.userId, userId));
  const { isRight } = await verifyPassword({ password: current, hash: stored?.hash ?? null });
  if (!stored)
    throw conflict('You have no password. Set one by a link: choose "Forgotten password" where you sign in.');
  if (!isRight) throw invalidInput([{ location: 'body.currentPassword', message: 'The password is wrong.' }]);
  const changed = await db
    .update(userPassword)
    .set({ hash: await hashPassword(next), changedAt: clock() })
    .where(and(eq(userPassword.userId, userId), eq(userPassword.hash, stored.hash)))
    .returning({ userId: userPassword.userId });
  if (changed.length === 0) throw conflict('Your password was changed meanwhile. Sign in again.');
}
