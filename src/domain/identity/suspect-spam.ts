import { createIsbotFromList, list } from 'isbot';
import type { MailDomains } from './mail-domains.ts';

export type SpamReason = 'honeypot' | 'tooFast' | 'bot' | 'captcha' | 'captchaNotConfigured' | 'disposableEmail';

/**
 * How the captcha went. `notAsked`: the form has none. `absent`: it has one and no token came. `unavailable`: the verifier
 * did not answer, which is our trouble and no sign against the visitor. `notConfigured`: the form asks for one and the installation has
 * no secret to check it with.
 */
export type CaptchaOutcome = 'notAsked' | 'passed' | 'failed' | 'absent' | 'unavailable' | 'notConfigured';

export type SpamEvidence = {
  /** The honeypot's value. Undefined where the field was not sent. */
  honeypot: string | undefined;
  /** From opening the page to sending the form, in milliseconds. Null where the page did not say. */
  elapsedMs: number | null;
  minimumMs: number;
  userAgent: string;
  /** Null where the form has no e-mail. */
  emailDomain: string | null;
  captcha: CaptchaOutcome;
  mailDomains: MailDomains;
};

/** Every reason to hold a submission back until somebody has looked at it. Empty where there is none. */
export function suspectSpam({
  honeypot,
  elapsedMs,
  minimumMs,
  userAgent,
  emailDomain,
  captcha,
  mailDomains,
}: SpamEvidence): SpamReason[] {
  const reasons: SpamReason[] = [];
  if (honeypot !== undefined && honeypot.trim() !== '') reasons.push('honeypot');
  // A negative time is a visitor's clock that is ahead of ours, not a fast visitor.
  if (elapsedMs !== null && elapsedMs >= 0 && elapsedMs < minimumMs) reasons.push('tooFast');
  if (isBotAgent(userAgent)) reasons.push('bot');
  if (captcha === 'failed' || captcha === 'absent') reasons.push('captcha');
  // Nobody checked it: accepting it would make the setting a promise that nothing keeps.
  if (captcha === 'notConfigured') reasons.push('captchaNotConfigured');
  if (emailDomain !== null && mailDomains.isDisposable(emailDomain)) reasons.push('disposableEmail');
  return reasons;
}

/**
 * The patterns of isbot that do not name a robot but whatever is no visitor's browser: HTTP clients, site servers, and the browsers of
 * tests and monitors. Forms are posted by servers and checked by monitors, so these are no sign of spam.
 */
export const toolPatterns: readonly string[] = [
  '\\.com\\b',
  '\\bperl\\b',
  '(?<!lib)http',
  '@[a-z][\\w-]+\\.',
  '^apache/',
  '^azure',
  '^client/',
  '^custom',
  '^php',
  '^postman',
  '^python',
  '^rest',
  '^wget',
  '^wordpress',
  'agent\\b',
  'check\\b',
  'checker',
  'cypress/',
  'headless',
  'java(?!;)',
  'library',
  'monitor\\b',
  'node\\b',
  'phantomjs',
  'pingdom',
  'playwright',
  'selenium',
  'server',
  'speedcurve',
  'statuscake',
  'synthetic',
  'tools',
  'url',
  '^dispatch/\\d',
  '^jetty/',
  'proxy',
  'validator',
];

// isbot's remaining patterns without a word in them judge the mere shape of an agent (`name/1.0`), which any server's has. A crawler
// that no pattern knows still gives its address with a plus sign, as is the custom.
const robotPatterns = [
  ...list.filter((pattern) => /[a-z]{3}/u.test(pattern.replace(/\\\w/gu, '')) && !toolPatterns.includes(pattern)),
  '\\+https?:',
];

// UptimeRobot and its like come to see whether the form works.
const monitors =
  /uptimerobot|pingdom|statuscake|betteruptime|better stack|freshping|datadogsynthetics|checkly|site24x7|updown\.io/iu;

const maxAgentLength = 512;

let matchesRobot: ((userAgent: string) => boolean) | undefined;

/** Whether a user agent says of itself that it is a crawler or another robot. An empty one says nothing. */
export function isBotAgent(userAgent: string): boolean {
  // Compiled at the first question: the touch path asks none.
  matchesRobot ??= createIsbotFromList(robotPatterns);
  const agent = userAgent.slice(0, maxAgentLength);
  return matchesRobot(agent) && !monitors.test(agent);
}
