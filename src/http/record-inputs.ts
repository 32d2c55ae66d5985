import * as z from 'zod';
import { normalizeEmail } from '../domain/identity/normalize-email.ts';
import { idText } from './shapes.ts';

/** Texts of people and companies: as long as any value kept. An empty one is none. */
export const recordText = z.string().max(255, 'must be at most 255 characters').nullable();

/** An e-mail address as written, read as the one spelling by which a person is known. */
export const emailText = z
  .string()
  .max(2_000, 'must be at most 2000 characters')
  .transform((text, context) => {
    const normalized = normalizeEmail(text);
    if (normalized.ok) return normalized.email;
    context.addIssue({ code: 'custom', message: 'must be an e-mail address' });
    return z.NEVER;
  });

/** The id of another record, or null for none. */
export const idOrNull = idText.nullable();

/** A moment or a day, in a query; a day is its start in UTC. */
export const dayOrMoment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], 'must be a date or a time such as 2026-09-01T10:00:00Z')
  .transform((text) => Date.parse(text));

/** A field that answers carry and nobody may write. */
export const readOnly = z.never('This cannot be changed.').optional();
