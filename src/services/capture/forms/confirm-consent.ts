import { and, eq, gt } from 'drizzle-orm';
import type { Config } from '../../../config.ts';
import type { Database } from '../../../db/client.ts';
import { consentRequest, form, submission } from '../../../db/schema/forms.ts';
import { defineStatement } from '../../../db/statement.ts';
import { notFound } from '../../../domain/errors.ts';
import { confirmWithinMs, isConsentToken, requestIdOf } from './consent-token.ts';

type Context = { db: Database; clock: () => number; config: Pick<Config, 'journeySecrets'> };

/** What the page of a link in a mail shows. */
export type ConsentToConfirm = { purpose: string; text: string | null; formName: string };

/**
 * The consent that a link names, which its reader has not confirmed yet.
 * @throws KildeError `not_found` where the link is not one of ours, was used already, or is too old.
 */
export async function readConsentRequest(
  { db, clock, config }: Context,
  { formKey, token }: { formKey: string; token: string },
): Promise<ConsentToConfirm & { id: number }> {
  const id = requestIdOf(token);
  if (id === null) throw notFound('link');
  const [row] = await db
    .select({ request: consentRequest, formName: form.name })
    .from(consentRequest)
    .innerJoin(submission, eq(submission.id, consentRequest.submissionId))
    .innerJoin(form, eq(form.id, submission.formId))
    .where(and(eq(consentRequest.id, id), eq(form.key, formKey), gt(consentRequest.at, clock() - confirmWithinMs)));
  if (!row) throw notFound('link');
  const { submissionId, purpose, text } = row.request;
  if (!(await isConsentToken(config.journeySecrets, { token, requestId: id, submissionId }))) throw notFound('link');
  return { id, purpose, text, formName: row.formName };
}

const giveConsent = defineStatement(`
  INSERT INTO consent (person_id, purpose, text, at, form_id, submission_id)
  SELECT s.person_id, r.purpose, r.text, :now, s.form_id, s.id
  FROM consent_request r JOIN submission s ON s.id = r.submission_id WHERE r.id = :id AND s.person_id > 0`);
const deleteRequest = defineStatement(`DELETE FROM consent_request WHERE id = :id`);

/** Stores the consent as given now; the link works once. @throws KildeError `not_found`. */
export async function confirmConsent(
  context: Context,
  asked: { formKey: string; token: string },
): Promise<ConsentToConfirm> {
  const request = await readConsentRequest(context, asked);
  const args = { id: request.id, now: context.clock() };
  await context.db.$client.batch([giveConsent(args), deleteRequest(args)], 'write');
  return request;
}
