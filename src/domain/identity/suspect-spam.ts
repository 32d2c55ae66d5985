import { isbot } from 'isbot';
import { isDisposableDomain } from './mail-domains.ts';

export type SpamReason = 'honeypot' | 'tooFast' | 'bot' | 'captcha' | 'disposableEmail';

/** How the captcha went. `notAsked`: the form has none. `absent`: it has one and no token came. `unavailable`: the verifier did not answer. */
export type CaptchaOutcome = 'notAsked' | 'passed' | 'failed' | 'absent' | 'unavailable';

export type SpamEvidence = {
  honeypot: string | undefined;
  /** From opening the page to sending the form. Null where the page did not say. */
  elapsedMs: number | null;
  minimumMs: number;
  userAgent: string;
  /** Null where the form has no e-mail. */
  emailDomain: string | null;
  captcha: CaptchaOutcome;
};

/** Every reason to hold a submission back for somebody to look at; empty means none. */
export function suspectSpam(evidence: SpamEvidence): SpamReason[] {
  const reasons: SpamReason[] = [];
  if (evidence.honeypot !== undefined && evidence.honeypot.trim() !== '') reasons.push('honeypot');
  if (evidence.elapsedMs !== null && evidence.elapsedMs >= 0 && evidence.elapsedMs < evidence.minimumMs) reasons.push('tooFast');
  if (isBotAgent(evidence.userAgent)) reasons.push('bot');
  if (evidence.captcha === 'failed' || evidence.captcha === 'absent') reasons.push('captcha');
  if (evidence.emailDomain !== null && isDisposableDomain(evidence.emailDomain)) reasons.push('disposableEmail');
  return reasons;
}

/** Whether a user agent names itself a crawler. */
export function isBotAgent(userAgent: string): boolean {
  return isbot(userAgent);
}
