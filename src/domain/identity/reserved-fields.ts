import { clickIdIndex } from '../attribution/click-ids.ts';

/** Field values as a form sends them: one, or several under the same name. */
export type FormFields = Record<string, string | string[]>;

/** Fields of a form that steer Kilde, and what each says. Names are matched without case. */
export const controlFields = {
  _next: 'Where to send the browser afterwards.',
  _gotcha: 'Honeypot: invisible to people, so whoever fills it is a program.',
  _subject: 'Subject of the notification.',
  _id: 'Idempotency key: the same submission under it is stored once.',
  _page: 'URL of the page that holds the form, with its query.',
  _ref: 'Referrer of that page.',
  _journey: 'Signed journey, where the cookie cannot reach the edge.',
  _t: 'Milliseconds from opening the page to sending the form, by the page itself.',
  _consent: 'Purpose consented to by sending the form.',
  'cf-turnstile-response': 'Turnstile token.',
} as const;

const controlNames = new Set<string>(Object.keys(controlFields));

/** Whether a field steers Kilde rather than being the visitor's answer: the list above, `utm_*`, and click ids. */
export function isControlField(name: string): boolean {
  const folded = name.toLowerCase();
  return controlNames.has(folded) || folded.startsWith('utm_') || clickIdIndex(folded) !== undefined;
}

/**
 * Parts a form's fields into those that steer Kilde and the visitor's answers. Control names come out in lower case,
 * each with its first value that is not blank. Nothing is lost: a name in neither list, `_custom` too, stays visible,
 * and so does Formspree's `_replyto`, which is the visitor's own address.
 */
export function splitFields(fields: FormFields): { control: Record<string, string>; visible: FormFields } {
  const control = new Map<string, string>();
  const visible: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!isControlField(name)) {
      visible.push([name, value]);
      continue;
    }
    const folded = name.toLowerCase();
    const first = [control.get(folded) ?? '', value].flat().find((one) => one.trim() !== '');
    control.set(folded, first ?? '');
  }
  // fromEntries defines own properties, so a field called `__proto__` is only a field.
  return { control: Object.fromEntries(control), visible: Object.fromEntries(visible) };
}
