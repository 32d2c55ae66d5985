import * as z from 'zod';
import { pairedUtm } from './origin-lists.ts';
import { maxValueLength } from '../text-values.ts';

const text = z.string().min(1).max(maxValueLength).nullable();
const whole = z.number().int().positive();
const visit = z
  .tuple([whole, z.string(), whole.max(1e10), text, text, text, text, text, text, text, text, text], text)
  .refine(({ length }) => length <= 12 + 2 * pairedUtm.length, 'holds more values than a visit has');

/** What comes out of a queue; its bounds are those of the journey. */
export const visitBatchSchema = z.object({
  id: z.string().min(1).max(64),
  visits: z.array(visit).max(1_000),
});
