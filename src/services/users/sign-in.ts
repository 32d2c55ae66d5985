import { eq } from 'drizzle-orm';
import { user, userPassword } from '../../db/schema/users.ts';
import { KildeError } from '../../domain/errors.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { UserContext } from './start-session.ts';

/**
 * The user of an e-mail address and a password. An unknown address, a wrong password and a disabled user take the same work and get the
 * same answer.
 * @throws KildeError `unauthorized`.
 */
export async function checkPassword(
  { db, clock }: UserContext,
  { email, password }: { email: string; password: string },
): Promise<{ userId: number }> {
  const [found] = await db
    .select({ id: user.id, disabledAt: user.disabledAt, hash: userPassword.hash })
    .from(user)
    .leftJoin(userPassword, eq(userPassword.userId, user.id))
    .where(eq(user.email, email));
  const { isRight, isOutdated } = await verifyPassword({ password, hash: found?.hash ?? null });
  if (!found || !isRight || found.disabledAt !== null) {
    throw new KildeError('unauthorized', 'The e-mail address or the password is wrong.');
  }
  if (isOutdated) {
    const hash = await hashPassword(password);
    await db.update(userPassword).set({ hash, changedAt: clock() }).where(eq(userPassword.userId, found.id));
  }
  return { userId: found.id };
}
