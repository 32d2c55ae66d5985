import type { Role } from '../../../domain/users/roles.ts';
import type { Database } from '../../client.ts';
import { defineStatement } from '../../statement.ts';

/** Whose session it is. */
export type SessionRow = {
  sessionId: number;
  userId: number;
  name: string;
  email: string;
  role: Role;
  language: 'en' | 'no' | null;
  ownerId: number | null;
  ownerName: string | null;
  seenAt: number;
  expiresAt: number;
};

const selectSession = defineStatement(`SELECT s.id AS sessionId, u.id AS userId, u.name, u.email, u.role, u.language,
    u.owner_id AS ownerId, o.name AS ownerName, s.seen_at AS seenAt, s.expires_at AS expiresAt
  FROM session s JOIN user u ON u.id = s.user_id LEFT JOIN owner o ON o.id = u.owner_id
  WHERE s.hash = :hash AND s.expires_at > :now AND u.disabled_at IS NULL`);

/** The session with the hash of a token: null where there is none, it has expired, or its user is disabled. */
export async function findSession(db: Database, key: { hash: string; now: number }): Promise<SessionRow | null> {
  const { rows } = await db.$client.execute(selectSession(key));
  return (rows[0] as unknown as SessionRow | undefined) ?? null;
}

const updateSeen = defineStatement(`UPDATE session SET seen_at = :now WHERE id = :id`);

export async function noteSeen(db: Database, session: { id: number; now: number }): Promise<void> {
  await db.$client.execute(updateSeen(session));
}
