import type { Context } from 'hono';
import { escapeHtml } from '../domain/escape-html.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { hostOf } from '../services/capture/page-hosts.ts';
import type { ConsentToConfirm } from '../services/capture/forms/confirm-consent.ts';
import { fieldMessage, reasons, texts } from './form-page-texts.ts';
import { htmlPage, preferredLanguage } from './page.ts';
import type { Language } from './page.ts';
import { problemHeaders, toProblem } from './problem.ts';
import type { Problem } from './problem.ts';
import { requestIdOf } from './request-id.ts';

/** What a page for the sender of a form depends on: the form's own texts and language, else the browser's language. */
type Reader = {
  form: { language: Language | null; thankYou: string | null; closedText: string | null } | null;
  acceptLanguage: string | undefined;
};

const languageOf = ({ form, acceptLanguage }: Reader): Language => form?.language ?? preferredLanguage(acceptLanguage);

/** A text that a form's owner wrote, with its paragraphs and line breaks. */
const paragraphs = (text: string): string =>
  text
    .split(/\r?\n\s*\r?\n/)
    .map((part) => `<p>${escapeHtml(part).replaceAll(/\r?\n/g, '<br>')}</p>`)
    .join('');

/** Where a browser lands that was given no other page. */
export function thanksPage(reader: Reader): Response {
  const language = languageOf(reader);
  const { thanks, received } = texts[language];
  const own = reader.form?.thankYou;
  return htmlPage({
    title: thanks,
    language,
    body: `<h1>${thanks}</h1>${own ? paragraphs(own) : `<p>${received}</p>`}`,
  });
}

/** A problem as a page that a person can read, with the way back. */
export function problemPage({
  error,
  c,
  form,
  allow,
}: Pick<Reader, 'form'> & {
  error: unknown;
  c: Context;
  /** The methods of the address, for 405. */
  allow?: string;
}): Response {
  const back = c.req.header('referer');
  const language = languageOf({ form, acceptLanguage: c.req.header('accept-language') });
  const text = texts[language];
  const problem = toProblem(error);
  const isClosed = problem.code === 'form_closed';
  const own = isClosed ? form?.closedText : null;
  const body = [
    `<h1>${text.failed}</h1>`,
    own
      ? paragraphs(own)
      : messagesOf(problem, language)
          .map((message) => `<p class="warn">${escapeHtml(message)}</p>`)
          .join(''),
    ...(isClosed ? [] : [`<p>${text.kept}</p>`]),
    ...(hostOf(back) ? [`<p><a class="button" href="${escapeHtml(back!)}">${text.back}</a></p>`] : []),
    `<p class="soft">${problem.code} · ${requestIdOf(c)}</p>`,
  ];
  const page = htmlPage({ title: text.failed, language, status: problem.status, body: body.join('') });
  const headers = problemHeaders(error, { c, status: problem.status, ...(allow === undefined ? {} : { allow }) });
  for (const [name, value] of Object.entries(headers)) page.headers.set(name, value);
  return page;
}

function messagesOf({ code, errors, detail }: Problem, language: Language): string[] {
  const reason = reasons[language][code as ErrorCode];
  const messages = (errors ?? []).flatMap(({ message }) => fieldMessage(message, language) ?? []);
  return messages.length > 0 ? [...new Set(messages)] : [reason ?? detail];
}

/** The page of the link in a mail: a consent is given by its button, never by opening it, which mail scanners do too. */
export function confirmPage({ consent, ...reader }: Reader & { consent: ConsentToConfirm }): Response {
  const language = languageOf(reader);
  const text = texts[language];
  const body = `<h1>${text.confirmTitle}</h1><p class="soft">${escapeHtml(consent.formName)}</p><p>${text.confirmAsked}</p>
    <div class="card">${paragraphs(consent.text ?? consent.purpose)}</div>
    <form method="post"><button type="submit">${text.confirm}</button></form>`;
  return htmlPage({ title: text.confirmTitle, language, body });
}

export function confirmedPage(reader: Reader): Response {
  const language = languageOf(reader);
  const text = texts[language];
  return htmlPage({
    title: text.confirmed,
    language,
    body: `<h1>${text.confirmed}</h1><p>${text.confirmedText}</p>`,
  });
}

export function usedLinkPage(reader: Reader): Response {
  const language = languageOf(reader);
  const text = texts[language];
  return htmlPage({
    title: text.usedTitle,
    language,
    status: 410,
    body: `<h1>${text.usedTitle}</h1><p>${text.usedText}</p>`,
  });
}
