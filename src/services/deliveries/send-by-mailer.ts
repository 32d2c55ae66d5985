import { MailRefused } from './send-mail.ts';
import type { Mail, MailAnswer } from './send-mail.ts';

/** Hands a mail to the process that speaks SMTP. @throws MailRefused with what the mail server answered. */
export async function sendByMailer({
  MAILER,
  from,
  message,
}: {
  MAILER: { fetch: typeof globalThis.fetch };
  from: string;
  message: Mail;
}): Promise<void> {
  const response = await MAILER.fetch('http://mailer.invalid/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...message, from }),
  });
  const answer = await response.json<MailAnswer>();
  if (!answer.ok) throw new MailRefused(answer);
}
