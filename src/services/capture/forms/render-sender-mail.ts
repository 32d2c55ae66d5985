import { escapeHtml } from '../../../domain/escape-html.ts';
import { oneLine } from '../../../domain/one-line.ts';
import type { Mail } from '../../deliveries/send-mail.ts';

export type Language = 'en' | 'no';
export type SenderMailContent = Omit<Mail, 'to'>;

/** Other programs must not answer it with a reply of their own (RFC 3834). */
export const mailHeaders = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' };

const bodyStyle = 'margin:0;padding:24px;font:15px/1.5 system-ui,-apple-system,Segoe UI,sans-serif;color:#16302b';

export function htmlMail({ language, body }: { language: Language; body: string }): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head><body style="${bodyStyle}">${body}</body></html>`;
}

const paragraphs = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`)
    .join('');

/** The reply that a form's owner wrote, with its placeholders filled. */
export function autoReplyMail({
  subject,
  text,
  language,
}: {
  subject: string;
  text: string;
  language: Language;
}): SenderMailContent {
  return {
    subject: oneLine(subject),
    text,
    html: htmlMail({ language, body: paragraphs(text) }),
    headers: mailHeaders,
  };
}

const words = {
  en: {
    subject: 'Please confirm',
    asked: 'This address was entered in a form. Please confirm that you agree:',
    confirm: 'Confirm',
    ignore: 'If it was not you, ignore this mail: without your confirmation nothing is stored as agreed to.',
  },
  no: {
    subject: 'Bekreft',
    asked: 'Denne adressen ble skrevet inn i et skjema. Bekreft at du samtykker:',
    confirm: 'Bekreft',
    ignore: 'Var det ikke deg, kan du se bort fra denne e-posten: uten bekreftelsen lagres ikke noe samtykke.',
  },
} as const;

/** The mail by which a sender confirms a consent. The link leads to a page with a button, so that a mail scanner confirms nothing. */
export function confirmConsentMail({
  formName,
  purpose,
  text,
  url,
  language,
}: {
  formName: string;
  purpose: string;
  text: string | null;
  url: string;
  language: Language;
}): SenderMailContent {
  const { subject, asked, confirm, ignore } = words[language];
  const agreed = text ?? purpose;
  return {
    subject: oneLine(`${subject}: ${formName}`),
    text: `${asked}\n\n${agreed}\n\n${confirm}: ${url}\n\n${ignore}\n`,
    html: htmlMail({
      language,
      body: `<p>${asked}</p><p><strong>${escapeHtml(agreed)}</strong></p>${buttonHtml({ url, label: confirm })}<p style="color:#5b706b">${ignore}</p>`,
    }),
    headers: mailHeaders,
  };
}

/** A link that looks like a button. */
export const buttonHtml = ({ url, label }: { url: string; label: string }): string =>
  `<p><a href="${escapeHtml(url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#0b7a63;color:#fff;text-decoration:none">${label}</a></p>`;
