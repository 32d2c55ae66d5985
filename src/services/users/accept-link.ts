import { sql } from 'drizzle-orm';
import { oneTimeLink, user, userPassword } from '../../db/schema/users.ts';
import { conflict, invalidInput } from '../../domain/errors.ts';
import { createUserStatements } from './create-user.ts';
import type { NewUser } from './create-user.ts';
import { noLink, readLink } from './one-time-links.ts';
import { hashPassword } from './passwords.ts';
import type { UserContext } from './start-session.ts';

export type Acceptance = {
  token: string;
  password: string;
  name?: string | undefined;
  /** Of the first administrator, whose link names nobody. */
  email?: string | undefined;
  language?: 'en' | 'no' | undefined;
};

/**
 * Uses a one-time link: whoever is invited becomes a user, or the user of a recovery gets a new password.
 * @returns the user, and whether their other sessions end.
 * @throws KildeError `not_found` of a link that cannot be used; `invalid_input`; `conflict` where the address has a user already.
 */
export async function acceptLink(
  context: UserContext,
  { token, password, name, email, language }: Acceptance,
): Promise<{ userId: number; isRecovery: boolean }> {
  const link = await readLink(context, token);
  if (email !== undefined && link.answer.email !== null && email !== link.answer.email) {
    throw invalidInput([{ location: 'body.email', message: `This link is for ${link.answer.email}.` }]);
  }
  if (link.purpose === 'recovery') {
    return { userId: await recoverPassword(context, { linkId: link.id, password }), isRecovery: true };
  }
  const whom = link.email ?? email;
  const errors = [
    ...(name === undefined ? [{ location: 'body.name', message: 'must be given' }] : []),
    ...(whom === undefined ? [{ location: 'body.email', message: 'must be given' }] : []),
  ];
  if (errors.length > 0) throw invalidInput(errors);
  const role = link.role ?? 'admin';
  const made = { name: name!, email: whom!, role, language: language ?? link.language };
  return { userId: await createInvited(context, { link, made, password }), isRecovery: false };
}

async function createInvited(
  { db, clock }: UserContext,
  { link, made, password }: { link: { id: number; purpose: string }; made: NewUser; password: string },
): Promise<number> {
  const isFirst = link.purpose === 'firstAdministrator';
  const [rows] = await db.batch(
    createUserStatements(db, {
      ...made,
      now: clock(),
      passwordHash: await hashPassword(password),
      linkId: link.id,
      condition: isFirst ? sql`NOT EXISTS (SELECT 1 FROM ${user})` : sql`1`,
    }),
  );
  if (rows[0]) return rows[0].id;
  const [state] = await db.all<{ users: number; same: number }>(
    sql`SELECT count(*) AS users, coalesce(sum(email = ${made.email}), 0) AS same FROM ${user}`,
  );
  if (state!.same > 0) throw conflict(`${made.email} is a user already. Sign in, or choose "Forgotten password".`);
  throw isFirst && state!.users > 0 ? conflict('There is an administrator already, who can invite you.') : noLink();
}

async function recoverPassword(
  { db, clock }: UserContext,
  { linkId, password }: { linkId: number; password: string },
): Promise<number> {
  const now = clock();
  const [rows] = await db.batch([
    db.all<{ userId: number }>(sql`INSERT INTO ${userPassword} (user_id, hash, changed_at)
      SELECT u.id, ${await hashPassword(password)}, ${now} FROM ${oneTimeLink} l JOIN ${user} u ON u.id = l.user_id
        WHERE l.id = ${linkId} AND l.used_at IS NULL AND u.disabled_at IS NULL
      ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at RETURNING user_id AS userId`),
    db.run(sql`UPDATE ${oneTimeLink} SET used_at = ${now} WHERE id = ${linkId} AND changes() = 1`),
  ]);
  if (!rows[0]) throw noLink();
  return rows[0].userId;
}
