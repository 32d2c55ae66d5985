import { sql } from 'drizzle-orm';
import { user } from '../../db/schema/users.ts';
import { acceptPath, makeLink } from './one-time-links.ts';
import type { UserContext } from './start-session.ts';

/**
 * A link by which somebody becomes the first administrator, in place of any before it: a path of Kilde's own. Null where there is a user:
 * then administrators invite the others, and nobody can sign up.
 */
export async function makeFirstLink(context: UserContext): Promise<string | null> {
  const [found] = await context.db.all<{ isThere: number }>(sql`SELECT EXISTS (SELECT 1 FROM ${user}) AS isThere`);
  if (found!.isThere) return null;
  const { token } = await makeLink(context, { purpose: 'firstAdministrator', isShown: true });
  return acceptPath(token);
}
