import { isClickIdName } from '../attribution/click-ids.ts';
import { utmFieldOf } from '../attribution/read-parameters.ts';
import { fieldPath } from '../people/field-names.ts';

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

/**
 * What a field that steers Kilde is called, in lower case; null where it is the visitor's answer. The names above, the six `utm_*`, the
 * placement and click ids; all but the first also as the last part of a wrapped name, `form_fields[utm_source]`.
 */
export function controlNameOf(name: string): string | null {
  const folded = name.toLowerCase();
  if (controlNames.has(folded) || isOriginName(folded)) return folded;
  const last = fieldPath(folded).at(-1)!;
  return last !== folded && isOriginName(last) ? last : null;
}

/** Does a field of this name say where the visitor came from? */
export function isOriginName(lowerCaseName: string): boolean {
  return utmFieldOf.has(lowerCaseName) || isClickIdName(lowerCaseName);
}

/**
 * Splits a form's fields into those that steer Kilde and the visitor's answers. Control names come out in lower case, each with its first
 * value that is not blank; a whole name comes before a wrapped one. Nothing is lost: a name in neither list, `_custom` and
 * `utm_source_platform` too, stays visible, and so does Formspree's `_replyto`, which is the visitor's own address.
 */
export function splitFields(fields: FormFields): { control: Record<string, string>; visible: FormFields } {
  const control = new Map<string, string>();
  const wrapped: [string, string | string[]][] = [];
  const visible: [string, string | string[]][] = [];
  const steer = (name: string, value: string | string[]): void => {
    const first = [control.get(name) ?? '', value].flat().find((one) => one.trim() !== '');
    control.set(name, first ?? '');
  };
  for (const [name, value] of Object.entries(fields)) {
    const steers = controlNameOf(name);
    if (steers === null) visible.push([name, value]);
    else if (steers === name.toLowerCase()) steer(steers, value);
    else wrapped.push([steers, value]);
  }
  for (const [name, value] of wrapped) steer(name, value);
  // fromEntries defines own properties, so a field called `__proto__` is only a field.
  return { control: Object.fromEntries(control), visible: Object.fromEntries(visible) };
}
