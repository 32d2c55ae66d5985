import { m } from '../../paraglide/messages.js';
import { formatDay } from '../../ui/format.ts';
import type { Form } from './queries.ts';

/** "on", "off", "closed 17 Sep 2026". */
export function stateOf({ enabled, closesAt }: Form, now = new Date().toISOString()): string {
  if (!enabled) return m.forms_off();
  return closesAt !== null && closesAt < now ? m.forms_closed({ day: formatDay(closesAt.slice(0, 10)) }) : m.forms_on();
}

/** Why a submission was quarantined, in words. */
export function reasonWords(reason: string): string {
  const words: Record<string, () => string> = {
    honeypot: () => m.held_honeypot(),
    tooFast: () => m.held_too_fast(),
    bot: () => m.held_bot(),
    captcha: () => m.held_captcha(),
    turnstile: () => m.held_captcha(),
    disposable: () => m.held_disposable(),
    disposableMail: () => m.held_disposable(),
  };
  return words[reason]?.() ?? reason;
}
