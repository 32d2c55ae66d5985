import { and, eq, gt, isNull, notExists } from 'drizzle-orm';
import { oneTimeLink, user } from '../../db/schema/users.ts';
import { makeLink } from './one-time-links.ts';
import type { UserContext } from './start-session.ts';

/** No other is mailed until then, so that nobody's mailbox can be filled. */
const pauseMs = 2 * 60 * 1000;

/** Has a link mailed to the user of an address, if there is one. The answer does not say whether there is. */
export async function mailRecovery(
  context: UserContext,
  { email, baseUrl }: { email: string; baseUrl: string },
): Promise<void> {
  const { db, clock } = context;
  const mailedLately = db
    .select({ id: oneTimeLink.id })
    .from(oneTimeLink)
    .where(
      and(
        eq(oneTimeLink.userId, user.id),
        isNull(oneTimeLink.usedAt),
        isNull(oneTimeLink.hash),
        gt(oneTimeLink.createdAt, clock() - pauseMs),
      ),
    );
  const [found] = await db
    .select({ id: user.id, language: user.language })
    .from(user)
    .where(and(eq(user.email, email), isNull(user.disabledAt), notExists(mailedLately)));
  if (!found) return;
  await makeLink(context, {
    purpose: 'recovery',
    userId: found.id,
    language: found.language,
    mailFrom: baseUrl,
    isShown: false,
  });
}
