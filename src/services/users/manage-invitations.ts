import { and, eq } from 'drizzle-orm';
import { invitationList, isInvitation } from '../../db/lists/user-lists.ts';
import { oneTimeLink, user } from '../../db/schema/users.ts';
import { conflict, notFound } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import type { ListQuery } from '../../domain/lists/list-info.ts';
import type { Role } from '../../domain/users/roles.ts';
import { prepareList } from '../lists/prepare-list.ts';
import type { ListContext, PreparedList } from '../lists/prepare-list.ts';
import { makeLink } from './one-time-links.ts';
import type { UserContext } from './start-session.ts';

export { invitationList };

export type InvitationAnswer = {
  id: string;
  email: string;
  role: Role;
  language: 'en' | 'no' | null;
  /** Whether it was sent by mail. */
  mailed: boolean;
  createdAt: string;
  expiresAt: string;
};

/** Invitations that were not accepted, expired ones among them, the newest first. */
export function listInvitations(context: ListContext, query: ListQuery): PreparedList<InvitationAnswer> {
  return prepareList(context, {
    list: invitationList,
    query,
    where: isInvitation,
    records: ({ where, orderBy, position }) =>
      context.db
        .select({ link: oneTimeLink, ...position })
        .from(oneTimeLink)
        .where(where)
        .orderBy(...orderBy),
    toItem: ({ link: { id, email, role, language, baseUrl, createdAt, expiresAt } }) => ({
      id: String(id),
      email: email!,
      role: role!,
      language,
      mailed: baseUrl !== null,
      createdAt: toIso(createdAt),
      expiresAt: toIso(expiresAt),
    }),
  });
}

/**
 * Invites somebody, in place of an earlier invitation of the same address.
 * @param mailFrom Kilde's own address, where the link is to be mailed too.
 * @returns the invitation with its token, which is shown this once.
 * @throws KildeError `conflict` where the address is a user's.
 */
export async function invite(
  context: UserContext,
  invited: { email: string; role: Role; language: 'en' | 'no' | null; mailFrom: string | null },
): Promise<InvitationAnswer & { token: string }> {
  const { email, role, language, mailFrom } = invited;
  const [same] = await context.db.select({ id: user.id }).from(user).where(eq(user.email, email));
  if (same) throw conflict(`${email} is a user already.`);
  const createdAt = toIso(context.clock());
  const { id, token, expiresAt } = await makeLink(context, { purpose: 'invitation', ...invited, isShown: true });
  return { id: String(id), email, role, language, mailed: mailFrom !== null, createdAt, expiresAt, token };
}

/** Revokes an invitation: its link is of no use any more. @throws KildeError `not_found`. */
export async function revokeInvitation({ db }: UserContext, id: number): Promise<void> {
  const revoked = await db
    .delete(oneTimeLink)
    .where(and(eq(oneTimeLink.id, id), isInvitation))
    .returning({ id: oneTimeLink.id });
  if (revoked.length === 0) throw notFound('invitation');
}
