import { isBotAgent, isMonitorAgent } from './is-bot-agent.ts';
import type { MailDomains } from '../hosts/mail-domains.ts';

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
  // UptimeRobot and its like come to see whether the form works.
  if (isBotAgent(userAgent) && !isMonitorAgent(userAgent)) reasons.push('bot');
  if (captcha === 'failed' || captcha === 'absent') reasons.push('captcha');
  // Nobody checked it: accepting it would make the setting a promise that nothing keeps.
  if (captcha === 'notConfigured') reasons.push('captchaNotConfigured');
  if (emailDomain !== null && mailDomains.isDisposable(emailDomain)) reasons.push('disposableEmail');
  return reasons;
}
