import * as z from 'zod';
import { recordByName } from '../domain/attribution/origin-field-names.ts';
import { utmFields } from '../domain/attribution/origin-fields.ts';
import { timeShape } from './shapes.ts';

const value = z.string().nullable();
const utm = recordByName(utmFields, () => value);

export const clickIdSchema = z.object({ name: z.string(), value: z.string() });

/** One arrival with its origin. Values are shown by their label, after corrections. */
export const touchSchema = z.object({
  channel: z.string(),
  ...utm,
  clickId: clickIdSchema.nullable().describe('The click id that decided'),
  clickIds: z.array(clickIdSchema).describe('All click ids of the arrival'),
  referrerDomain: value,
  landingPage: value,
  at: timeShape,
});

/** A touch with the spellings as they were sent. */
export const rawTouchSchema = touchSchema.extend({ raw: z.object(utm) });
