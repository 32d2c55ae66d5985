import * as z from 'zod';
import { dealStatuses } from '../../domain/deals/deal-statuses.ts';
import { parseId } from '../../http/ids.ts';
import { answerList } from '../../http/answer-list.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, idText, nameText, positionNumber, probabilityValue, timeShape } from '../../http/shapes.ts';
import {
  createPipeline,
  deletePipeline,
  listPipelines,
  pipelineList,
  readPipeline,
  updatePipeline,
} from '../../services/deals/manage-pipelines.ts';

const maxStages = 50;

const stageShape = z.object({
  id: idShape,
  name: z.string(),
  position: z.number().int(),
  probability: z.number().describe('Chance of being won, 0 to 1'),
  status: z.enum(dealStatuses),
});

const pipelineShape = z.object({
  id: idShape,
  name: z.string(),
  isDefault: z.boolean(),
  createdAt: timeShape,
  stages: z.array(stageShape),
});

const givenStage = z.strictObject({
  id: idText.optional(),
  name: nameText,
  position: positionNumber.optional(),
  probability: probabilityValue.optional(),
  status: z.enum(dealStatuses).optional(),
});

const stageList = z.array(givenStage).min(1).max(maxStages, `must hold at most ${maxStages} stages`);

const newPipeline = z.strictObject({
  name: nameText,
  isDefault: z.boolean().optional(),
  stages: z
    .array(givenStage.omit({ id: true }))
    .min(1)
    .max(maxStages, `must hold at most ${maxStages} stages`)
    .optional(),
});

const pipelineChanges = z.strictObject({
  name: nameText.optional(),
  isDefault: z.boolean().optional(),
  stages: stageList.optional().describe('All stages; those left out go'),
  moveDeals: z
    .array(z.strictObject({ fromStageId: idText, toStageId: idText }))
    .max(maxStages)
    .optional()
    .describe('Where deals of removed stages go'),
});

/** Pipelines: the stages that deals go through. */
export function addPipelineRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/pipelines',
      summary: 'Lists pipelines',
      scope: 'read',
      list: pipelineList,
      response: pageOf(pipelineShape),
    },
    async ({ c, deps, query }) => answerList(c, listPipelines(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/pipelines',
      summary: 'Adds a pipeline',
      scope: 'admin',
      body: newPipeline,
      response: pipelineShape,
      status: 201,
    },
    async ({ deps, body }) => createPipeline(deps, body),
  );

  api.define(
    { method: 'get', path: '/pipelines/:id', summary: 'Shows a pipeline', scope: 'read', response: pipelineShape },
    async ({ deps, params }) => readPipeline(deps, { id: parseId(params['id'], 'pipeline') }),
  );

  api.define(
    {
      method: 'patch',
      path: '/pipelines/:id',
      summary: 'Changes a pipeline and its stages',
      scope: 'admin',
      body: pipelineChanges,
      response: pipelineShape,
    },
    async ({ deps, actor, params, body }) =>
      updatePipeline(changedBy(deps, actor), { id: parseId(params['id'], 'pipeline'), changes: body }),
  );

  api.define(
    {
      method: 'delete',
      path: '/pipelines/:id',
      summary: 'Deletes a pipeline, moving its deals',
      scope: 'admin',
      query: z.strictObject({ toPipelineId: idText.optional() }),
      status: 204,
    },
    async ({ deps, actor, params, query }) =>
      deletePipeline(changedBy(deps, actor), {
        id: parseId(params['id'], 'pipeline'),
        toPipelineId: query.toPipelineId,
      }),
  );
}
