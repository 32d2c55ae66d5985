import * as z from 'zod';
import { spamFeatures } from '../../domain/capture/spam-features.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { answerJson } from '../../http/operation.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, timeShape, undoShape } from '../../http/shapes.ts';
import {
  listSpamClusters,
  markSpam,
  previewSpam,
  readSpamCluster,
  spamClusterList,
  undoSpam,
} from '../../services/capture/spam/mark-spam.ts';

const feature = z.enum(spamFeatures);

const newCluster = z.strictObject({
  submissionId: z.uuid().describe('One of the submissions'),
  by: z
    .array(feature)
    .min(1, 'must hold at least one of sender, domain, text')
    .max(spamFeatures.length)
    .describe('What the others share with it'),
  dryRun: z.boolean().optional(),
});

const counts = {
  by: z.array(feature),
  count: z.number().int().describe('Submissions'),
  people: z.number().int().describe('People whom only these created'),
  companies: z.number().int().describe('Companies that only these created'),
};
const sample = z
  .array(
    z.object({
      id: idShape,
      at: timeShape,
      form: namedShape.nullable(),
      person: z.object({ id: idShape, email: z.string().nullable() }).nullable(),
    }),
  )
  .describe('The ten newest submissions');
const clusterShape = z.object({
  id: idShape,
  ...counts,
  at: timeShape,
  undoneAt: timeShape.nullable(),
  ...undoShape,
  sample: sample.optional(),
});

/** Spam that had been accepted: marked, and brought back (docs/spam.md). */
export function addSpamClusterRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/spam-clusters',
      summary: 'Lists what was marked as spam',
      scope: 'read',
      list: spamClusterList,
      response: pageOf(clusterShape),
    },
    async ({ c, deps, actor, query }) => answerList(c, listSpamClusters({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/spam-clusters',
      summary: 'Marks like submissions as spam',
      scope: 'write',
      audit: true,
      body: newCluster,
      response: clusterShape.partial().extend({
        ...counts,
        peopleWithDeals: z.number().int().optional().describe('People who stay, since they have a deal'),
        sample,
      }),
      status: 201,
    },
    async ({ c, deps, body: { dryRun = false, ...input } }) => {
      c.header('cache-control', 'no-store');
      if (dryRun) return answerJson(c, await previewSpam(deps, input));
      const cluster = await markSpam(deps, input);
      c.header('location', `/api/v1/spam-clusters/${cluster.id}`);
      return answerJson(c, cluster, 201);
    },
  );

  api.define(
    {
      method: 'get',
      path: '/spam-clusters/:id',
      summary: 'Shows what was marked together',
      scope: 'read',
      response: clusterShape,
    },
    async ({ deps, params }) => readSpamCluster(deps, { id: parseId(params['id'], 'spam cluster') }),
  );

  api.define(
    {
      method: 'post',
      path: '/spam-clusters/:id/undo',
      summary: 'Undoes a mark as spam',
      scope: 'write',
      audit: true,
      response: clusterShape,
    },
    async ({ deps, params }) => undoSpam(deps, { id: parseId(params['id'], 'spam cluster') }),
  );
}
