import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { delivery } from '../../db/schema/schedules.ts';
import { oneTimeLink, user } from '../../db/schema/users.ts';
import { KildeError } from '../../domain/errors.ts';
import { toIso } from '../../domain/iso-time.ts';
import { randomToken } from '../../domain/random-token.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import type { LinkPurpose, Role } from '../../domain/users/roles.ts';
import type { UserContext } from './start-session.ts';

type LinkRow = typeof oneTimeLink.$inferSelect;

const hourMs = 60 * 60 * 1000;
/** How long a link can be used. */
const validMs: Record<LinkPurpose, number> = {
  invitation: 7 * 24 * hourMs,
  recovery: hourMs,
  firstAdministrator: 24 * hourMs,
};

/** Where a link leads, in the web app. */
export const acceptPath = (token: string): string => `/app/accept?token=${token}`;

export type NewLink = {
  purpose: LinkPurpose;
  email?: string | null;
  role?: Role | null;
  userId?: number | null;
  language?: 'en' | 'no' | null;
  /** Kilde's own address, where the link is to be mailed too. */
  mailFrom?: string | null;
  /** Whether it is answered: else it stands in the mail alone. */
  isShown: boolean;
};

/**
 * Makes a link, in place of the unused ones for the same. A mail with a token of its own is left to the deliveries.
 * @returns the link's id, its token where it is shown, and until when it can be used.
 */
export async function makeLink(
  { db, clock }: UserContext,
  { purpose, email = null, role = null, userId = null, language = null, mailFrom = null, isShown }: NewLink,
): Promise<{ id: number; token: string; expiresAt: string }> {
  const now = clock();
  const token = randomToken();
  const expiresAt = now + validMs[purpose];
  const isSame = and(
    eq(oneTimeLink.purpose, purpose),
    isNull(oneTimeLink.usedAt),
    sql`${oneTimeLink.email} IS ${email}`,
    sql`${oneTimeLink.userId} IS ${userId}`,
  );
  const [, [made]] = await db.batch([
    db.delete(oneTimeLink).where(isSame),
    db
      .insert(oneTimeLink)
      .values({
        purpose,
        email,
        role,
        userId,
        language,
        baseUrl: mailFrom,
        hash: isShown ? await sha256Hex(token) : null,
        createdAt: now,
        expiresAt,
      })
      .returning({ id: oneTimeLink.id }),
    db.run(sql`INSERT INTO ${delivery} (target, due_at, next_at)
      SELECT json_object('kind', 'signInLink', 'linkId', last_insert_rowid()), ${now}, ${now} WHERE ${mailFrom} IS NOT NULL`),
  ]);
  return { id: made!.id, token, expiresAt: toIso(expiresAt) };
}

/** That a link was used, has expired or never was is one answer. */
export const noLink = () =>
  new KildeError('not_found', 'This link was used, has expired, or was replaced by a newer one. Ask for a new one.');

/** The link of a token, while it can be used. */
async function isUsable({ clock }: UserContext, token: string): Promise<SQL> {
  const hash = await sha256Hex(token);
  const isNamed = or(eq(oneTimeLink.hash, hash), eq(oneTimeLink.mailedHash, hash));
  return and(isNamed, isNull(oneTimeLink.usedAt), gt(oneTimeLink.expiresAt, clock()))!;
}

export type LinkAnswer = { purpose: LinkPurpose; email: string | null; name: string | null; expiresAt: string };

/** A link that can be used, with whose it is. @throws KildeError `not_found`. */
export async function readLink(context: UserContext, token: string): Promise<LinkRow & { answer: LinkAnswer }> {
  const [row] = await context.db
    .select({ link: oneTimeLink, userEmail: user.email, userName: user.name })
    .from(oneTimeLink)
    .leftJoin(user, eq(user.id, oneTimeLink.userId))
    .where(await isUsable(context, token));
  if (!row) throw noLink();
  const { purpose, email, expiresAt } = row.link;
  const answer = { purpose, email: email ?? row.userEmail, name: row.userName, expiresAt: toIso(expiresAt) };
  return { ...row.link, answer };
}
