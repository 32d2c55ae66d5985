import * as z from 'zod';

export { maxPageSize } from '../domain/lists/parse-list-query.ts';

/** The answer of a list, for openapi.json: whole records, or with `columns` those alone. */
export function pageOf(item: z.ZodType) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable(), count: z.number().int().optional() });
}
