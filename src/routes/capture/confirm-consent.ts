import type { Context } from 'hono';
import { KildeError } from '../../domain/errors.ts';
import type { Deps } from '../../http/deps.ts';
import { confirmedPage, confirmPage, usedLinkPage } from '../../http/submission-pages.ts';
import { confirmConsent, readConsentRequest } from '../../services/capture/forms/confirm-consent.ts';
import { knownForm } from './submit.ts';

/** The link in a mail by which a consent is confirmed: GET shows a page with a button, and its POST confirms. */
export async function answerConfirmation({ c, deps }: { c: Context; deps: Deps }): Promise<Response> {
  const asked = { formKey: c.req.param('form')!, token: c.req.param('token')! };
  const reader = { form: await knownForm(deps, asked.formKey), acceptLanguage: c.req.header('accept-language') };
  try {
    if (c.req.method !== 'POST') return confirmPage({ ...reader, consent: await readConsentRequest(deps, asked) });
    await confirmConsent(deps, asked);
    return confirmedPage(reader);
  } catch (error) {
    if (error instanceof KildeError && error.code === 'not_found') return usedLinkPage(reader);
    throw error;
  }
}
