import * as z from 'zod';
import { bulkEntities } from '../../domain/selections/bulk-change.ts';
import type { BulkChange } from '../../domain/selections/bulk-change.ts';
import { answerList } from '../../http/answer-list.ts';
import { answerJson } from '../../http/operation.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { criteriaInput } from '../../http/segment-schema.ts';
import { idShape, idText, namedShape, timeShape, undoShape } from '../../http/shapes.ts';
import {
  bulkUpdateList,
  listBulkUpdates,
  previewBulkUpdate,
  readBulkUpdate,
  runBulkUpdate,
  undoBulkUpdate,
} from '../../services/selections/bulk-update.ts';

const entity = z.enum(bulkEntities);

const replaceInput = z.strictObject({
  search: z.string().min(1, 'must not be empty').max(255, 'must be at most 255 characters'),
  with: z.string().max(255, 'must be at most 255 characters'),
  matchCase: z.boolean().default(false).describe('Whether case counts'),
});

const changeInput = z
  .strictObject({
    field: z.string().min(1).max(250),
    set: z.string().max(255, 'must be at most 255 characters').optional(),
    clear: z.literal(true).optional(),
    replace: replaceInput.optional(),
  })
  .refine(
    ({ set, clear, replace }) => [set, clear, replace].filter((one) => one !== undefined).length === 1,
    'must have exactly one of set, clear and replace',
  )
  .transform((change) => change as BulkChange);

const bulkInput = z
  .strictObject({
    entity,
    where: criteriaInput.optional(),
    selectionId: idText.optional(),
    change: changeInput,
    dryRun: z.boolean().default(false).describe('Whether to store nothing'),
  })
  .refine(({ where, selectionId }) => (where === undefined) !== (selectionId === undefined), {
    path: ['where'],
    message: 'either where or selectionId must be given, and not both; { "all": [] } is everything',
  });

const bulkShape = z.object({
  id: idShape,
  entity,
  where: z.unknown().nullable(),
  selection: namedShape.nullable(),
  change: z.unknown(),
  at: timeShape,
  count: z.number().int(),
  undoneAt: timeShape.nullable(),
  restored: z.number().int().nullable(),
  left: z.number().int().nullable(),
  ...undoShape,
});

const previewShape = z.object({
  count: z.number().int(),
  sample: z.array(z.object({ id: idShape, before: z.string().nullable(), after: z.string().nullable() })),
});

/** Changes of one field of many records at once. Points are never among the fields. */
export function addBulkUpdateRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/bulk-updates',
      summary: 'Lists bulk updates',
      scope: 'read',
      list: bulkUpdateList,
      response: pageOf(bulkShape),
    },
    async ({ c, deps, query }) => answerList(c, listBulkUpdates(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/bulk-updates',
      summary: 'Changes a field of many records',
      scope: 'write',
      audit: true,
      body: bulkInput,
      response: z.union([bulkShape, previewShape]),
      status: 201,
    },
    async ({ c, deps: own, actor, body: { dryRun, ...request } }) => {
      const deps = { ...changedBy(own, actor, 'bulkUpdate'), viewer: actor };
      if (!dryRun) return runBulkUpdate(deps, request);
      c.header('cache-control', 'no-store');
      return answerJson(c, await previewBulkUpdate(deps, request));
    },
  );

  api.define(
    {
      method: 'get',
      path: '/bulk-updates/:id',
      summary: 'Shows a bulk update',
      scope: 'read',
      response: bulkShape,
    },
    async ({ deps, params }) => readBulkUpdate(deps, { id: params['id']! }),
  );

  api.define(
    {
      method: 'post',
      path: '/bulk-updates/:id/undo',
      summary: 'Undoes a bulk update',
      scope: 'write',
      audit: true,
      response: bulkShape,
    },
    async ({ deps, actor, params }) => undoBulkUpdate(changedBy(deps, actor, 'bulkUpdate'), { id: params['id']! }),
  );
}
