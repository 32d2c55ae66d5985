import * as z from 'zod';
import { entities, fieldTypes, operators } from '../../domain/segments/fields.ts';
import { jsonWithETag } from '../../http/etag.ts';
import type { Api } from '../../http/operation.ts';
import { listFields } from '../../services/segments/list-fields.ts';

const label = z.object({ en: z.string(), no: z.string() });

const fieldShape = z.object({
  entity: z.enum(entities),
  name: z.string(),
  type: z.enum(fieldTypes),
  label,
  operators: z.array(z.enum(operators)),
  values: z.array(z.object({ value: z.string(), label })).nullable(),
  sortable: z.boolean(),
  groupable: z.boolean(),
  filterable: z.boolean(),
});

/** What can be asked for in criteria, columns and filters. */
export function addFieldRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/fields',
      summary: 'Lists fields with types and operators',
      scope: 'read',
      query: z.strictObject({ entity: z.enum(entities).optional() }),
      response: z.object({
        items: z.array(fieldShape),
        relations: z.record(z.enum(entities), z.array(z.enum(entities))).describe('What `has` may name, by entity'),
      }),
    },
    async ({ c, deps, query }) => jsonWithETag(c, await listFields(deps, query)),
  );
}
