import * as z from 'zod';
import { timeShape } from './shapes.ts';

const value = z.string().nullable();
const utm = { source: value, medium: value, campaign: value, term: value, content: value, id: value };

/** One arrival with its origin. Values are shown by their label, after corrections. */
export const touchSchema = z.object({
  channel: z.string(),
  ...utm,
  clickId: z.object({ name: z.string(), value: z.string() }).nullable(),
  referrerDomain: value,
  landingPage: value,
  at: timeShape,
});

/** A touch with the spellings as they were sent. */
export const rawTouchSchema = touchSchema.extend({ raw: z.object(utm) });
