import { eq } from 'drizzle-orm';
import { oneTimeLink, user } from '../../db/schema/users.ts';
import type { SendResult } from '../../domain/deliveries/send-result.ts';
import { randomToken } from '../../domain/random-token.ts';
import { sha256Hex } from '../../domain/sha256-hex.ts';
import type { TargetContext } from '../deliveries/targets/define-target.ts';
import { sendMail } from '../deliveries/targets/email.ts';
import { linkMail } from './render-link-mail.ts';
import { acceptPath } from './one-time-links.ts';

/** Sends a one-time link. Its token is made now, so that no queue holds it: an earlier mail's is not valid any more. */
export async function sendLinkMail(context: TargetContext, { linkId }: { linkId: number }): Promise<SendResult> {
  const { db, clock } = context;
  const token = randomToken();
  const [link] = await db
    .update(oneTimeLink)
    .set({ mailedHash: await sha256Hex(token) })
    .where(eq(oneTimeLink.id, linkId))
    .returning();
  if (!link || link.usedAt !== null || link.expiresAt <= clock()) {
    return { ok: false, error: 'The link was used, has expired or was replaced.', fault: 'message', isFinal: true };
  }
  const [found] =
    link.userId === null ? [] : await db.select({ email: user.email }).from(user).where(eq(user.id, link.userId));
  const to = link.email ?? found!.email;
  const url = `${link.baseUrl}${acceptPath(token)}`;
  return sendMail(context, {
    to: [to],
    ...linkMail({
      purpose: link.purpose === 'recovery' ? 'recovery' : 'invitation',
      url,
      expiresAt: link.expiresAt,
      language: link.language ?? 'en',
    }),
  });
}
