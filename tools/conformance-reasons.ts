import { leftOut } from './source-facts.ts';

const assistant = 'an AI assistant, in AIAssistants.yml too';
const social = 'a social network, for Google Analytics 4 too';
const video = 'a video site, for Google Analytics 4 too';
const webmail = 'a mailbox in the browser: the link was in a mail';

/** Why a case of a list is decided otherwise here, by file. A case without a reason fails conformance. */
const reasons: Record<string, Record<string, string>> = {
  'SearchEngines.yml': {
    'chat.openai.com': assistant,
    'chatgpt.com': assistant,
    'www.perplexity.ai': assistant,
    'you.com': assistant,
    'digg.com': social,
    'www.facebook.com': social,
    'friendfeed.com': social,
  },
  'Socials.yml': { 'youtube.com': video, 'youtu.be': video, 'vimeo.com': video },
  'AIAssistants.yml': {
    'x.com/i/grok':
      'browsers send other sites the origin alone (strict-origin-when-cross-origin), so it cannot be told from x.com',
  },
  'ga4_source_categories.csv': { 'email.seznam.cz': webmail, 'mail.rambler.ru': webmail, 'mail.yandex.ru': webmail },
};

/** The reason for a disagreement, or null where none is known. */
export function reasonFor(file: string, what: string, actual: string | null): string | null {
  const host = what
    .toLowerCase()
    .replace(/\/.*$/, '')
    .replace(/^www\./, '')
    .replaceAll('{}', '*');
  return reasons[file]?.[what] ?? (actual === null ? (leftOut[host] ?? null) : null);
}
