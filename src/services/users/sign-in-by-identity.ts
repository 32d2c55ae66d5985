import { sql } from 'drizzle-orm';
import type { signInProvider } from '../../db/schema/users.ts';
import { oneTimeLink, user, userIdentity } from '../../db/schema/users.ts';
import { normalizeEmail } from '../../domain/people/normalize-email.ts';
import type { Role } from '../../domain/users/roles.ts';
import { createUserStatements } from './create-user.ts';
import type { Identity } from './openid-client.ts';
import type { UserContext } from './start-session.ts';

/** Why somebody whom a provider knows is not signed in. */
export type IdentityProblem = 'unverified' | 'unknown' | 'otherIdentity' | 'disabled';

type Provider = Pick<typeof signInProvider.$inferSelect, 'allowedDomains' | 'defaultRole'>;
type Known = {
  linkedId: number | null;
  sameId: number | null;
  linkId: number | null;
  role: Role | null;
  language: 'en' | 'no' | null;
};

/**
 * The user whom a provider says that somebody is: who signed in by that identity before; else the user of the address, whoever is
 * invited, or whoever has an address of an allowed domain. Nobody gets in by an address that the provider does not vouch for, nor
 * where the user has another identity at the same provider: an address can be given to somebody else.
 */
export async function findUserOfIdentity(
  context: UserContext,
  { identity, provider }: { identity: Identity; provider: Provider },
): Promise<{ userId: number } | { problem: IdentityProblem }> {
  const { db, clock } = context;
  const { issuer, subject, isVerified } = identity;
  const now = clock();
  const read = normalizeEmail(identity.email);
  const email = read.ok && isVerified ? read.email : null;
  const [known] = await db.all<Known>(sql`SELECT
      (SELECT user_id FROM ${userIdentity} WHERE issuer = ${issuer} AND subject = ${subject}) AS linkedId,
      (SELECT id FROM ${user} WHERE email = ${email}) AS sameId, l.id AS linkId, l.role, l.language
    FROM (SELECT 1) LEFT JOIN (SELECT id, role, language FROM ${oneTimeLink} WHERE email = ${email} AND purpose = 'invitation'
      AND used_at IS NULL AND expires_at > ${now} ORDER BY id DESC LIMIT 1) l`);
  const { linkedId, sameId, linkId, role, language } = known!;
  if (linkedId === null) {
    if (email === null) return { problem: 'unverified' };
    const isAllowed = read.ok && provider.allowedDomains.includes(read.domain);
    if (sameId === null && linkId === null && !isAllowed) return { problem: 'unknown' };
    const link = db.run(sql`INSERT INTO ${userIdentity} (issuer, subject, user_id, created_at)
      SELECT ${issuer}, ${subject}, u.id, ${now} FROM ${user} u WHERE u.email = ${email} AND u.disabled_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM ${userIdentity} i WHERE i.user_id = u.id AND i.issuer = ${issuer})
      ON CONFLICT DO NOTHING`);
    const made = { name: nameOf(identity, email), email, role: role ?? provider.defaultRole, language };
    const create = sameId === null ? createUserStatements(db, { ...made, now, passwordHash: null, linkId }) : [];
    await db.batch([...create, link] as unknown as [typeof link]);
  }
  const [found] = await db.all<{ id: number; disabledAt: number | null }>(sql`SELECT u.id, u.disabled_at AS disabledAt
    FROM ${userIdentity} i JOIN ${user} u ON u.id = i.user_id WHERE i.issuer = ${issuer} AND i.subject = ${subject}`);
  if (!found) return { problem: 'otherIdentity' };
  return found.disabledAt === null ? { userId: found.id } : { problem: 'disabled' };
}

/** One line, as a name is. */
function nameOf({ name }: Identity, email: string): string {
  const line = (name ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? email.slice(0, email.lastIndexOf('@')) : line;
}
