import { buttonHtml, htmlMail, mailHeaders } from '../capture/forms/render-sender-mail.ts';
import type { Language, SenderMailContent } from '../capture/forms/render-sender-mail.ts';

const linkWords = {
  en: {
    invitation: ['You are invited to Kilde', 'You are invited to Kilde. Choose a name and a password:', 'Accept'],
    recovery: [
      'A new password for Kilde',
      'Somebody asked for a new password for this address. Choose one:',
      'Choose a password',
    ],
    ignore: 'The link can be used once, until {until}. If you did not expect it, ignore this mail: nothing changes.',
  },
  no: {
    invitation: ['Du er invitert til Kilde', 'Du er invitert til Kilde. Velg navn og passord:', 'Godta'],
    recovery: ['Nytt passord til Kilde', 'Noen har bedt om nytt passord for denne adressen. Velg et:', 'Velg passord'],
    ignore:
      'Lenken kan brukes én gang, til {until}. Ventet du den ikke, kan du se bort fra denne e-posten: ingenting endres.',
  },
} as const;

/** The mail with a one-time link for a user of the web app. The link leads to a page with a form, so that a mail scanner uses nothing. */
export function linkMail({
  purpose,
  url,
  expiresAt,
  language,
}: {
  purpose: 'invitation' | 'recovery';
  url: string;
  expiresAt: number;
  language: Language;
}): SenderMailContent {
  const {
    [purpose]: [subject, asked, label],
    ignore,
  } = linkWords[language];
  const until = ignore.replace('{until}', `${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  return {
    subject,
    text: `${asked}\n\n${url}\n\n${until}\n`,
    html: htmlMail({
      language,
      body: `<p>${asked}</p>${buttonHtml({ url, label })}<p style="color:#5b706b">${until}</p>`,
    }),
    headers: mailHeaders,
  };
}
