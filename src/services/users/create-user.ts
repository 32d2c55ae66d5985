import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { owner } from '../../db/schema/people.ts';
import { oneTimeLink, user, userPassword } from '../../db/schema/users.ts';
import type { Role } from '../../domain/users/roles.ts';

export type NewUser = { name: string; email: string; role: Role; language: 'en' | 'no' | null };

/**
 * The statements that make a user, for one batch: the user, the password, the link's end, and the owner that records name for them. The
 * first gives the new user's id; it gives nothing, and the others change nothing, where a user has the address already or `condition`
 * does not hold.
 * @param linkId the one-time link that is used up; null: none.
 */
export function createUserStatements(
  db: Database,
  {
    name,
    email,
    role,
    language,
    now,
    passwordHash,
    linkId,
    condition = sql`1`,
  }: NewUser & { now: number; passwordHash: string | null; linkId: number | null; condition?: SQL },
) {
  const isLinkUnused =
    linkId === null
      ? sql`1`
      : sql`EXISTS (SELECT 1 FROM ${oneTimeLink} l WHERE l.id = ${linkId} AND l.used_at IS NULL AND l.expires_at > ${now})`;
  // Each next one of these changes something only where the one before it did.
  const whole = [
    ...(passwordHash === null
      ? []
      : [
          db.run(sql`INSERT INTO ${userPassword} (user_id, hash, changed_at)
            SELECT last_insert_rowid(), ${passwordHash}, ${now} WHERE changes() = 1`),
        ]),
    ...(linkId === null
      ? []
      : [db.run(sql`UPDATE ${oneTimeLink} SET used_at = ${now} WHERE id = ${linkId} AND changes() = 1`)]),
  ];
  return [
    db.all<{ id: number }>(sql`INSERT INTO ${user} (name, email, role, language, created_at)
      SELECT ${name}, ${email}, ${role}, ${language}, ${now}
      WHERE NOT EXISTS (SELECT 1 FROM ${user} u WHERE u.email = ${email}) AND ${isLinkUnused} AND ${condition} RETURNING id`),
    ...whole,
    db.run(sql`INSERT INTO ${owner} (name, email, created_at)
      SELECT u.name, u.email, ${now} FROM ${user} u WHERE u.email = ${email} AND u.owner_id IS NULL
      ON CONFLICT (email) DO UPDATE SET active = 1`),
    db.run(sql`UPDATE ${user} SET owner_id = (SELECT o.id FROM ${owner} o WHERE o.email = ${email})
      WHERE email = ${email} AND owner_id IS NULL`),
  ] as const;
}
