import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import { filesSchema } from '../../http/file-schema.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, timeShape } from '../../http/shapes.ts';
import { discardSubmission } from '../../services/capture/quarantine/discard-submission.ts';
import { approvalList, listApprovals, toApproval } from '../../services/capture/quarantine/list-quarantine.ts';
import { readQuarantined } from '../../services/capture/quarantine/read-quarantined.ts';
import { releaseSubmission } from '../../services/capture/quarantine/release-submission.ts';

const kind = 'approval';

const approvalShape = z.object({
  id: idShape.describe('Id of the submission'),
  form: namedShape,
  at: timeShape,
  status: z.enum(['waiting', 'approved']),
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  page: z.string().nullable(),
  files: filesSchema,
});

const answered = z.object({ id: idShape });

/** Submissions of forms with `mode: manualIfUnknown` by people who are not known: they count nowhere until they are approved. */
export function addApprovalRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/approvals',
      summary: 'Lists submissions awaiting approval',
      scope: 'read',
      list: approvalList,
      response: pageOf(approvalShape),
    },
    async ({ c, deps, query }) => answerList(c, listApprovals(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/approvals/:id',
      summary: 'Shows a submission awaiting approval',
      scope: 'read',
      response: approvalShape,
    },
    async ({ deps, params }) => toApproval(await readQuarantined(deps, { id: params['id']!, kind })),
  );

  api.define(
    {
      method: 'post',
      path: '/approvals/:id/approve',
      summary: 'Approves a submission',
      scope: 'write',
      audit: true,
      response: answered,
    },
    async ({ deps, params }) => releaseSubmission(deps, { id: params['id']!, kind }),
  );

  api.define(
    {
      method: 'post',
      path: '/approvals/:id/decline',
      summary: 'Declines a submission',
      scope: 'write',
      audit: true,
      response: answered,
    },
    async ({ deps, params }) => {
      const id = params['id']!;
      await discardSubmission(deps, { id, kind });
      return { id };
    },
  );
}
