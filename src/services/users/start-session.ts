import { and, eq, lte, notInArray, sql } from 'drizzle-orm';
import { session } from '../../db/schema/users.ts';
import { randomToken } from '../../domain/random-token.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import { deviceWords } from '../../domain/users/device-words.ts';
import type { ServiceContext } from '../service-context.ts';

export type UserContext = Pick<ServiceContext, 'db' | 'clock'>;

export const sessionSeconds = 30 * 24 * 60 * 60;
/** Of one user. The oldest end first. */
const maxSessions = 50;

/**
 * Signs a browser in, with a token that it did not have before.
 * @param endsOthers whether every other session of the user ends, as after a change of the password.
 * @param replaces the token that the browser had, whose session ends.
 * @returns the token for its cookie; only its hash is stored.
 */
export async function startSession(
  { db, clock }: UserContext,
  {
    userId,
    userAgent,
    replaces,
    endsOthers = false,
  }: { userId: number; userAgent: string | undefined; replaces: string | null; endsOthers?: boolean },
): Promise<string> {
  const now = clock();
  const token = randomToken();
  const kept = db
    .select({ id: session.id })
    .from(session)
    .where(eq(session.userId, userId))
    .orderBy(sql`${session.id} DESC`)
    .limit(endsOthers ? 1 : maxSessions);
  await db.batch([
    db.delete(session).where(lte(session.expiresAt, now)),
    db.delete(session).where(eq(session.hash, replaces === null ? '' : await sha256Hex(replaces))),
    db.insert(session).values({
      userId,
      hash: await sha256Hex(token),
      device: deviceWords(userAgent),
      createdAt: now,
      seenAt: now,
      expiresAt: now + sessionSeconds * 1000,
    }),
    db.delete(session).where(and(eq(session.userId, userId), notInArray(session.id, kept))),
  ]);
  return token;
}
