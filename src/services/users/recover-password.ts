import { and, eq, isNull } from 'drizzle-orm';
import { user } from '../../db/schema/users.ts';
import { makeLink } from './one-time-links.ts';
import type { UserContext } from './start-session.ts';

/** Has a link mailed to the user of an address, if there is one. The answer does not say whether there is. */
export async function mailRecovery(
  context: UserContext,
  { email, baseUrl }: { email: string; baseUrl: string },
): Promise<void> {
  const [found] = await context.db
    .select({ id: user.id, language: user.language })
    .from(user)
    .where(and(eq(user.email, email), isNull(user.disabledAt)));
  if (!found) return;
  await makeLink(context, {
    purpose: 'recovery',
    userId: found.id,
    language: found.language,
    mailFrom: baseUrl,
    isShown: false,
  });
}
