import { eq } from 'drizzle-orm';
import { consentRequest, form, submission } from '../../../db/schema/forms.ts';
import { fillPlaceholders } from '../../../domain/capture/fill-placeholders.ts';
import type { SendResult } from '../../../domain/deliveries/send-result.ts';
import { mapFields } from '../../../domain/capture/map-fields.ts';
import { normalizeEmail } from '../../../domain/people/normalize-email.ts';
import type { TargetContext } from '../../deliveries/targets/define-target.ts';
import { sendMail } from '../../deliveries/targets/email.ts';
import type { SenderMail } from '../../deliveries/targets/targets.ts';
import { autoReplyMail, confirmConsentMail } from './render-sender-mail.ts';
import { confirmWithinMs, signConsentToken } from './consent-token.ts';

/** An automatic reply that comes later than this would puzzle its reader. */
const replyWithinMs = 3 * 24 * 60 * 60 * 1_000;

const giveUp = (error: string): SendResult => ({ ok: false, error, fault: 'message', isFinal: true });

/**
 * Sends a mail to the sender of a submission: to the address in its answers, where that is one. The address is stored nowhere else.
 */
export async function sendSenderMail(
  context: TargetContext,
  { mail, submissionId }: { mail: SenderMail; submissionId: string },
): Promise<SendResult> {
  const [row] = await context.db
    .select({ fields: submission.fields, at: submission.at, form })
    .from(submission)
    .innerJoin(form, eq(form.id, submission.formId))
    .where(eq(submission.id, submissionId));
  if (!row) return giveUp('The submission was deleted.');
  const lead = mapFields({ fields: row.fields, mapping: row.form.fieldMapping });
  const address = normalizeEmail(lead.email ?? '');
  if (!address.ok) return giveUp('The submission has no valid e-mail address.');
  const to = [address.email];
  const language = row.form.language ?? 'en';
  const age = context.clock() - row.at;

  switch (mail.kind) {
    case 'autoReply': {
      const { autoReply, name } = row.form;
      if (!autoReply) return giveUp('The form has no automatic reply any more.');
      if (age > replyWithinMs)
        return giveUp('The submission is older than three days: an automatic reply is too late.');
      const answers = Object.entries(row.fields).map(([field, value]) => [field, [value].flat().join(', ')] as const);
      const { firstName, lastName, companyName } = lead;
      const values = { ...Object.fromEntries(answers), firstName, lastName, companyName, formName: name };
      const subject = fillPlaceholders({ text: autoReply.subject, values });
      const text = fillPlaceholders({ text: autoReply.text, values });
      return sendMail(context, { to, ...autoReplyMail({ subject, text, language }) });
    }
    case 'confirmConsent': {
      const [request] = await context.db.select().from(consentRequest).where(eq(consentRequest.id, mail.requestId));
      if (!request || age > confirmWithinMs)
        return giveUp('The consent was confirmed already, or the time for it is over.');
      const token = await signConsentToken(context.config.journeySecrets, { requestId: request.id, submissionId });
      const url = `${request.confirmUrl}/confirm/${token}`;
      const { purpose, text } = request;
      return sendMail(context, {
        to,
        ...confirmConsentMail({ formName: row.form.name, purpose, text, url, language }),
      });
    }
  }
}
