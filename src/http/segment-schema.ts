import * as z from 'zod';
import { queryEntities } from '../domain/segments/fields.ts';
import { maxColumns, maxSortKeys } from '../domain/segments/query.ts';
import { maxPageSize } from './paging.ts';
import { timeZoneName } from './shapes.ts';

/** A criteria tree: only its place is checked here; `parseCriteria` reads it and names each mistake's place in the tree. */
export const criteriaInput = z.unknown().meta({
  description: 'Criteria: docs/segments.md',
});

export const fieldName = z.string().min(1).max(250);

export const columnsInput = z.array(fieldName).min(1).max(maxColumns);

export const sortInput = z
  .array(z.strictObject({ field: fieldName, direction: z.enum(['asc', 'desc']).default('asc') }))
  .max(maxSortKeys);

/** A query over records: POST /segments/query, and what selections keep of one. */
export const segmentQuery = z.strictObject({
  entity: z.enum(queryEntities),
  where: criteriaInput.nullable().optional(),
  columns: columnsInput.nullable().optional(),
  sort: sortInput.nullable().optional(),
  limit: z.number().int().min(1).max(maxPageSize).nullable().optional(),
  cursor: z.string().max(16_000).nullable().optional(),
  count: z.boolean().nullable().optional(),
  timeZone: timeZoneName.nullable().optional(),
});

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.object({ id: z.string(), name: z.string() })]);

/** A row: the record's id, and each column by its name. */
export const segmentItem = z.record(z.string(), value);
