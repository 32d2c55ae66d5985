import * as z from 'zod';
import { isCurrency } from '../domain/money.ts';
import { isDay } from '../domain/segments/days.ts';
import type { When } from '../domain/when.ts';

/** What people and companies are called and where they are: as long as any value kept. Empty or null is none. */
export const recordText = z.string().max(255, 'must be at most 255 characters').nullable();

/** The address of a page or a referrer, as the browser gave it. */
export const addressText = z.string().max(8_000, 'must be at most 8000 characters').nullable();

/** A moment, or a day of the site's time zone. */
export const dayOrMoment = z
  .union(
    [z.iso.date().refine(isDay), z.iso.datetime({ offset: true })],
    'must be a day such as 2026-09-01, or a time such as 2026-09-01T10:00:00Z',
  )
  .transform((text): When => (text.includes('T') ? { at: Date.parse(text) } : { day: text }));

/** A calendar day. */
export const dayText = z.iso
  .date({ error: 'must be a day such as 2026-09-01', abort: true })
  .refine(isDay, 'must be a day such as 2026-09-01');

/** Money in major units. */
export const amountValue = z.union(
  [z.number(), z.string().max(50)],
  'must be a number or a decimal string such as "1200.50"',
);

export const currencyCode = z
  .string()
  .refine((code) => /^[A-Z]{3}$/.test(code) && isCurrency(code), 'must be a currency of ISO 4217 such as NOK');

/** A lead status or a category is given by id or by name, and not by both. */
export function refuseBoth(
  idName: string,
  name: string,
): [check: (body: Readonly<Record<string, unknown>>) => boolean, problem: { path: string[]; message: string }] {
  return [
    (body) => body[idName] === undefined || body[name] === undefined,
    { path: [name], message: `either ${idName} or ${name} may be given, and not both` },
  ];
}
