import * as z from 'zod';
import { normalizeHost, normalizeOriginHost } from '../domain/hosts/host-name.ts';
import { normalizeEmail } from '../domain/people/normalize-email.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { undoScopes } from '../domain/undo-terms.ts';

/** Shapes that several resources share. */

/** One line of text: trimmed, not empty, without control characters. */
export function line(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(maxLength, `must be at most ${maxLength} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters');
}

export const nameText = line(200);

/** A key that stands in an address: `/f/<key>`, `/l/<slug>`. */
export const slugText = z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be 1 to 60 of a–z, 0–9 and -');

/** An id of another record, as the API writes it, read as its number. */
export const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be an id')
  .transform(Number);

/** An e-mail address as it is compared. */
export const emailText = z
  .string()
  .max(320, 'must be at most 320 characters')
  .transform((text, context) => {
    const normalized = normalizeEmail(text);
    if (normalized.ok) return normalized.email;
    context.addIssue({ code: 'custom', message: 'must be an e-mail address' });
    return z.NEVER;
  });

/** A moment, ISO 8601 with its offset, read as milliseconds since the epoch. */
export const moment = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-09-01T10:00:00Z' })
  .transform((text) => Date.parse(text));

/** An address that a browser can be sent to. */
export const webAddress = z
  .string()
  .trim()
  .max(2_000, 'must be at most 2000 characters')
  .refine(
    (text) => /^https?:\/\//i.test(text) && URL.canParse(text),
    'must be an address that starts with http:// or https://',
  );

/** A host name; `www.` is left out, since a domain covers all below it. */
export const domainText = z
  .string()
  .max(300, 'must be at most 300 characters')
  .transform((text, context) => {
    const host = normalizeHost(text);
    if (host !== null) return host.replace(/^www\.(?=.+\.)/, '');
    context.addIssue({
      code: 'custom',
      message: 'must be a host name such as example.com, without scheme, port or path',
    });
    return z.NEVER;
  });

/** A host name, or an origin such as `https://example.com`, read as the host name. */
export const originText = z
  .string()
  .max(300, 'must be at most 300 characters')
  .transform((text, context) => {
    const host = normalizeOriginHost(text);
    if (host !== null) return host;
    context.addIssue({ code: 'custom', message: 'must be a host name or an origin such as https://example.com' });
    return z.NEVER;
  });

export const timeZoneName = z
  .string()
  .max(100)
  .refine((name) => isTimeZone(name), 'must be an IANA time zone such as Europe/Oslo');

/** Where a record stands in its list. */
export const positionNumber = z.number().int().min(0).max(1_000_000);

/** From 0 to 1, in whole percents. */
export const probabilityValue = z
  .number()
  .refine(
    (value) => value >= 0 && value <= 1 && Math.abs(value * 100 - Math.round(value * 100)) < 1e-9,
    'must be from 0 to 1, in hundredths, such as 0.25 for 25 %',
  );

/** A list without repeats. */
export function distinct<T extends z.ZodType>(item: T, maxItems: number) {
  return z
    .array(item)
    .max(maxItems, `must hold at most ${maxItems}`)
    .transform((items) => [...new Set(items)]);
}

/** In answers: an id, a time, and a record named. */
export const idShape = z.string();
export const timeShape = z.iso.datetime();
export const namedShape = z.object({ id: idShape, name: z.string() }).meta({ id: 'Reference' });
export const personReferenceShape = namedShape.extend({ email: z.string().nullable() });
export const companyReferenceShape = namedShape.extend({ domain: z.string().nullable() });

/** In every answer about what can be undone (domain/undo-terms.ts). */
export const undoShape = { undoableUntil: timeShape.nullable(), undoableBy: z.enum(undoScopes) };
