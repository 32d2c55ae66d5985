import { and, eq, sql } from 'drizzle-orm';
import { userList, userSeenAt } from '../../db/lists/user-lists.ts';
import { owner } from '../../db/schema/people.ts';
import { session, user } from '../../db/schema/users.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toIso, toIsoOrNull } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { Role } from '../../domain/users/roles.ts';
import { namedOrNull } from '../author.ts';
import type { Changes } from '../changes.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { makeLink } from './one-time-links.ts';
import type { UserContext } from './start-session.ts';

export { userList };

export type UserAnswer = {
  id: string;
  name: string;
  email: string;
  role: Role;
  language: 'en' | 'no' | null;
  owner: { id: string; name: string } | null;
  disabledAt: string | null;
  seenAt: string | null;
  createdAt: string;
};

const shown = {
  id: user.id,
  name: user.name,
  email: user.email,
  role: user.role,
  language: user.language,
  ownerId: user.ownerId,
  ownerName: owner.name,
  disabledAt: user.disabledAt,
  seenAt: userSeenAt.as('seen'),
  createdAt: user.createdAt,
};

type UserRow = typeof user.$inferSelect & { ownerName: string | null; seenAt: number | null };

const toAnswer = ({ id, ownerId, ownerName, disabledAt, seenAt, createdAt, ...fields }: UserRow): UserAnswer => ({
  id: String(id),
  ...fields,
  owner: namedOrNull(ownerId, ownerName),
  disabledAt: toIsoOrNull(disabledAt),
  seenAt: toIsoOrNull(seenAt),
  createdAt: toIso(createdAt),
});

/** Users of the web app, the newest first. */
export function listUsers(context: ListContext, query: ListQuery): PreparedList<UserAnswer> {
  return prepareList(context, {
    list: userList,
    query,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ ...shown, ...position })
        .from(user)
        .leftJoin(owner, eq(owner.id, user.ownerId))
        .where(where)
        .orderBy(...orderBy),
    toItem: toAnswer,
  });
}

/** Whether somebody can administer Kilde without this user. */
const isDispensable = (id: number) => sql`(role <> 'admin' OR disabled_at IS NOT NULL OR EXISTS
  (SELECT 1 FROM user other WHERE other.role = 'admin' AND other.disabled_at IS NULL AND other.id <> ${id}))`;

const lastAdministrator = () =>
  conflict('This is the last administrator. Give another user the role admin first, or invite one.');

/**
 * Changes a user. One who is disabled is signed out everywhere, and is chosen as an owner no more: what they own stays theirs.
 * @throws KildeError `not_found`; `conflict` where nobody would be left who administers Kilde.
 */
export async function updateUser(
  { db, clock }: UserContext,
  {
    id,
    changes: { disabled, ...fields },
  }: { id: number; changes: Changes<Pick<UserAnswer, 'name' | 'role' | 'language'> & { disabled: boolean }> },
): Promise<UserAnswer> {
  const disabledAt = disabled
    ? sql`coalesce(disabled_at, ${clock()})`
    : disabled === false
      ? sql`NULL`
      : user.disabledAt;
  const staysAdmin = fields.role === undefined || fields.role === 'admin';
  const isSame = eq(user.id, id);
  const [changed, , , [row]] = await db.batch([
    db
      .update(user)
      .set({ ...fields, disabledAt })
      .where(staysAdmin && disabled !== true ? isSame : and(isSame, isDispensable(id)))
      .returning({ id: user.id }),
    db.run(sql`UPDATE ${owner} SET name = ${fields.name ?? sql`name`}, active = ${disabled === undefined ? sql`active` : Number(!disabled)}
      WHERE changes() = 1 AND id = (SELECT owner_id FROM ${user} WHERE id = ${id})`),
    db
      .delete(session)
      .where(sql`user_id = ${id} AND EXISTS (SELECT 1 FROM ${user} WHERE id = ${id} AND disabled_at IS NOT NULL)`),
    db.select(shown).from(user).leftJoin(owner, eq(owner.id, user.ownerId)).where(isSame),
  ]);
  if (!row) throw notFound('user');
  if (changed.length === 0) throw lastAdministrator();
  return toAnswer(row);
}

/**
 * Deletes a user with their sessions and password. Their owner stays with all that it owns, and is chosen no more; the audit log and
 * notes keep their name.
 * @throws KildeError `not_found`; `conflict` where nobody would be left who administers Kilde.
 */
export async function deleteUser({ db }: UserContext, id: number): Promise<void> {
  const [, deleted, left] = await db.batch([
    db.run(sql`UPDATE ${owner} SET active = 0
      WHERE id = (SELECT owner_id FROM ${user} WHERE ${user.id} = ${id} AND ${isDispensable(id)})`),
    db
      .delete(user)
      .where(and(eq(user.id, id), isDispensable(id)))
      .returning({ id: user.id }),
    db.select({ id: user.id }).from(user).where(eq(user.id, id)),
  ]);
  if (deleted.length > 0) return;
  throw left.length === 0 ? notFound('user') : lastAdministrator();
}

/** Signs a user out everywhere. @throws KildeError `not_found`. */
export async function endSessionsOf({ db }: UserContext, userId: number): Promise<void> {
  const [, found] = await db.batch([
    db.delete(session).where(eq(session.userId, userId)),
    db.select({ id: user.id }).from(user).where(eq(user.id, userId)),
  ]);
  if (found.length === 0) throw notFound('user');
}

/** A link by which a user chooses a new password, for an administrator to hand over. @throws KildeError `not_found`; `conflict`. */
export async function makeRecoveryLink(context: UserContext, userId: number) {
  const [found] = await context.db.select().from(user).where(eq(user.id, userId));
  if (!found) throw notFound('user');
  if (found.disabledAt !== null) throw conflict('This user is disabled, and cannot sign in.');
  return makeLink(context, { purpose: 'recovery', userId, language: found.language, isShown: true });
}
