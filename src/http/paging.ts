import * as z from 'zod';
import { maxPageSize } from '../domain/lists/parse-list-query.ts';

export { maxPageSize } from '../domain/lists/parse-list-query.ts';

/** The query parameters that every list takes. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
  cursor: z.string().max(500).optional(),
  count: z.enum(['true', 'false']).optional(),
});

/** The answer of a list, for openapi.json: whole records, or with `columns` those alone. */
export function pageOf(item: z.ZodType) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), count: z.number().int().optional() });
}
