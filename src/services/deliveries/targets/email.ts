import * as z from 'zod';
import type { SendResult } from '../../../domain/deliveries/send-result.ts';
import { inTime } from '../../in-time.ts';
import { MailRefused } from '../send-mail.ts';
import type { Mail } from '../send-mail.ts';
import { notificationMail, reportMail } from '../render-mail.ts';
import { defineTarget } from './define-target.ts';
import type { ShapeParts, TargetContext } from './define-target.ts';

const maxRecipients = 50;
const timeoutMs = 15_000;

const shape = ({ email: address }: ShapeParts) =>
  z.strictObject({ kind: z.literal('email'), to: z.array(address).min(1).max(maxRecipients) });

type EmailTarget = z.output<ReturnType<typeof shape>>;

/** Mail to people, by the mail service that the Worker is bound to. */
export const email = defineTarget({
  shape,
  addressOf: () => null,
  recipientsOf: ({ to }: EmailTarget) => to,
  show: (target) => target,
  store: (given) => given,
  secretOf: () => null,
  prepareReport: ({ report, ...run }) => reportMail({ ...run, answer: report }),
  prepareNotification: notificationMail,
  send: async (context, { target, message }) => sendMail(context, { to: target.to, ...message }),
});

/** Sends one mail, and says in words why it was not accepted. */
export async function sendMail({ sendMail: send, abortAfter }: TargetContext, mail: Mail): Promise<SendResult> {
  if (!send) {
    const error =
      'No mail can be sent: set KILDE_MAIL_FROM, and bind EMAIL (on Cloudflare) or set KILDE_SMTP_URL (at the local start).';
    return { ok: false, error, fault: 'message' };
  }
  try {
    await inTime(send(mail), abortAfter(timeoutMs));
    return { ok: true };
  } catch (error) {
    if (error instanceof MailRefused) return error.result;
    const { code, name } = error as { code?: unknown; name?: unknown };
    if (name === 'TimeoutError') {
      const text = `The mail service did not answer within ${timeoutMs / 1000} s.`;
      return { ok: false, error: text, fault: 'silent' };
    }
    const kind = [code, name].find((one) => typeof one === 'string') ?? 'unknown';
    // One bad recipient says nothing of the others.
    return { ok: false, error: `The mail was not accepted (${kind.slice(0, 60)}).`, fault: 'message' };
  }
}
