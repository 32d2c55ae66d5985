import * as z from 'zod';
import {
  movablePoints,
  reclassificationCounts,
  reclassificationStates,
} from '../../domain/attribution/reclassification.ts';
import { answerList } from '../../http/answer-list.ts';
import { answerJson } from '../../http/operation.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, timeShape, undoShape } from '../../http/shapes.ts';
import { previewReclassification } from '../../services/attribution/reclassification/preview-reclassification.ts';
import {
  listReclassifications,
  readReclassification,
  reclassificationList,
} from '../../services/attribution/reclassification/read-reclassifications.ts';
import {
  applyReclassification,
  undoReclassification,
} from '../../services/attribution/reclassification/run-reclassification.ts';

const number = z.number().int();
const numbers = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, number])) as Record<Name, typeof number>);
const countsShape = numbers(reclassificationCounts);
const movedShape = numbers(movablePoints);

const reclassificationShape = z.object({
  id: idShape,
  at: timeShape,
  state: z.enum(reclassificationStates),
  rulesVersion: number,
  changes: countsShape,
  movedPoints: movedShape,
  finishedAt: timeShape.nullable(),
  undoneAt: timeShape.nullable(),
  ...undoShape,
});

const valuesShape = z.object({
  channel: z.string(),
  source: z.string().nullable(),
  medium: z.string().nullable(),
  referrerDomain: z.string().nullable(),
});

const previewShape = z.object({
  rulesVersion: number,
  changes: countsShape,
  movedPoints: movedShape,
  hostUnknown: z.object({ origins: number, touches: number }),
  groupCount: number,
  groups: z.array(
    z.object({
      before: valuesShape,
      after: valuesShape,
      removed: z.array(z.string()),
      counts: countsShape,
      examples: z.array(z.object({ personId: idShape, at: timeShape, landingPage: z.string().nullable() })),
    }),
  ),
});

/** How long a request works on it itself; the cron trigger does the rest. */
const milliseconds = 5_000;

/** Reading history again by today's rules: see docs/reclassification.md. */
export function addReclassificationRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/origins/reclassify',
      summary: "Applies today's rules to stored origins",
      scope: 'admin',
      body: z.strictObject({
        dryRun: z.boolean().default(false).meta({ description: 'Whether to store nothing' }),
      }),
      response: z.union([reclassificationShape, previewShape]),
      status: 201,
    },
    async ({ c, deps, body: { dryRun } }) => {
      if (dryRun) {
        c.header('cache-control', 'no-store');
        return answerJson(c, await previewReclassification(deps));
      }
      const applied = await applyReclassification(deps, { milliseconds });
      c.header('location', `/api/v1/origins/reclassifications/${applied.id}`);
      return applied;
    },
  );

  api.define(
    {
      method: 'get',
      path: '/origins/reclassifications',
      summary: 'Lists reclassifications',
      scope: 'admin',
      list: reclassificationList,
      response: pageOf(reclassificationShape),
    },
    async ({ c, deps, query }) => answerList(c, listReclassifications(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/origins/reclassifications/:id',
      summary: 'Shows a reclassification',
      scope: 'admin',
      response: reclassificationShape,
    },
    async ({ deps, params }) => readReclassification(deps, { id: params['id']! }),
  );

  api.define(
    {
      method: 'post',
      path: '/origins/reclassifications/:id/undo',
      summary: 'Undoes the newest reclassification',
      scope: 'admin',
      response: reclassificationShape,
    },
    async ({ deps, params }) => undoReclassification(deps, { id: params['id']!, milliseconds }),
  );
}
