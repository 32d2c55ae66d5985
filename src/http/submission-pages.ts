import type { Context } from 'hono';
import { escapeHtml } from '../domain/escape-html.ts';
import { htmlPage, preferredLanguage } from './page.ts';
import { hostOf } from '../services/origins.ts';
import { requestIdOf } from './request-id.ts';
import { problemHeaders, toProblem } from './problem.ts';

const words = {
  en: {
    thanks: 'Thank you',
    received: 'What you sent has been received.',
    failed: 'The form was not sent',
    kept: 'Go back to the form: what you have filled in is still there.',
    back: 'Back to the form',
    internal: 'Something went wrong on our side. Try again in a moment.',
    closed: 'This form is closed.',
  },
  no: {
    thanks: 'Takk',
    received: 'Vi har mottatt det du sendte.',
    failed: 'Skjemaet ble ikke sendt',
    kept: 'Gå tilbake til skjemaet: det du har fylt ut, står der fortsatt.',
    back: 'Tilbake til skjemaet',
    internal: 'Noe gikk galt hos oss. Prøv igjen om litt.',
    closed: 'Dette skjemaet er stengt.',
  },
} as const;

/** Where a browser lands that was given no other page. */
export function thanksPage({ acceptLanguage }: { acceptLanguage: string | undefined }): Response {
  const language = preferredLanguage(acceptLanguage);
  const text = words[language];
  return htmlPage({ title: text.thanks, language, body: `<h1>${text.thanks}</h1><p>${text.received}</p>` });
}

/** A problem as a page that a person can read, with the way back. */
export function problemPage({
  error,
  c,
  allow,
}: {
  error: unknown;
  c: Context;
  /** The methods of the address, for 405. */
  allow?: string;
}): Response {
  const back = c.req.header('referer');
  const language = preferredLanguage(c.req.header('accept-language'));
  const text = words[language];
  const problem = toProblem(error);
  const messages = problem.errors?.map((one) => one.message) ?? [
    problem.status >= 500 ? text.internal : problem.code === 'form_closed' ? text.closed : problem.detail,
  ];
  const body = [
    `<h1>${text.failed}</h1>`,
    ...messages.map((message) => `<p class="warn">${escapeHtml(message)}</p>`),
    ...(problem.code === 'form_closed' ? [] : [`<p>${text.kept}</p>`]),
    ...(hostOf(back) ? [`<p><a class="button" href="${escapeHtml(back!)}">${text.back}</a></p>`] : []),
    `<p class="soft">${problem.code} · ${requestIdOf(c)}</p>`,
  ];
  const page = htmlPage({ title: text.failed, language, status: problem.status, body: body.join('') });
  const headers = problemHeaders(error, { c, status: problem.status, ...(allow === undefined ? {} : { allow }) });
  for (const [name, value] of Object.entries(headers)) page.headers.set(name, value);
  return page;
}
