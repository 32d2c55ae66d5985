import { htmlPage, preferredLanguage } from './page.ts';

const texts = {
  en: {
    title: 'This link leads nowhere',
    text: 'There is no link at this address. Check that it is written as it was given.',
  },
  no: {
    title: 'Lenken fører ingen steder',
    text: 'Det finnes ingen lenke på denne adressen. Sjekk at den er skrevet som den ble oppgitt.',
  },
} as const;

/** What a browser sees at a short address that there is not. */
export function unknownLinkPage({ acceptLanguage }: { acceptLanguage: string | undefined }): Response {
  const language = preferredLanguage(acceptLanguage);
  const { title, text } = texts[language];
  return htmlPage({ title, language, status: 404, body: `<h1>${title}</h1><p>${text}</p>` });
}
