import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import { filesSchema } from '../../http/file-schema.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, timeShape } from '../../http/shapes.ts';
import { countQuarantine } from '../../services/capture/quarantine/count-quarantine.ts';
import { discardSubmission } from '../../services/capture/quarantine/discard-submission.ts';
import { listQuarantine, quarantineList } from '../../services/capture/quarantine/list-quarantine.ts';
import { readQuarantined } from '../../services/capture/quarantine/read-quarantined.ts';
import { releaseSubmission } from '../../services/capture/quarantine/release-submission.ts';

const status = z.enum(['held', 'released']);

const quarantineSchema = z.object({
  id: idShape,
  form: namedShape,
  at: timeShape,
  reasons: z.array(z.string()),
  status,
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  page: z.string().nullable(),
  files: filesSchema,
});

const count = z.number().int();
const countsSchema = z.object({
  count,
  byReason: z.array(z.object({ reason: z.string(), count })).describe('Each under all its reasons'),
  byForm: z.array(z.object({ form: namedShape, count })).describe('The most first'),
});

/** Quarantine: suspect submissions, which count nowhere until they are released. */
export function addQuarantineRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/quarantine',
      summary: 'Lists submissions in quarantine',
      scope: 'read',
      list: quarantineList,
      response: pageOf(quarantineSchema),
    },
    async ({ c, deps, query }) => answerList(c, listQuarantine(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/quarantine/counts',
      summary: 'Counts what is held in quarantine',
      scope: 'read',
      response: countsSchema,
    },
    async ({ deps }) => countQuarantine(deps),
  );

  api.define(
    {
      method: 'get',
      path: '/quarantine/:id',
      summary: 'Shows a quarantined submission',
      scope: 'read',
      response: quarantineSchema,
    },
    async ({ deps, params }) => readQuarantined(deps, { id: params['id']!, kind: 'spam' }),
  );

  api.define(
    {
      method: 'post',
      path: '/quarantine/:id/release',
      summary: 'Lets a submission through',
      scope: 'write',
      response: z.object({ id: idShape }),
    },
    async ({ deps, params }) => {
      const { id } = await releaseSubmission(deps, { id: params['id']!, kind: 'spam' });
      return { id };
    },
  );

  api.define(
    {
      method: 'delete',
      path: '/quarantine/:id',
      summary: 'Discards a submission in quarantine',
      scope: 'write',
      status: 204,
    },
    async ({ deps, params }) => discardSubmission(deps, { id: params['id']!, kind: 'spam' }),
  );
}
