import * as z from 'zod';
import type { Api } from '../http/operation.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/paging.ts';
import { sentCursor } from '../http/record-inputs.ts';
import { idShape, namedShape, timeShape } from '../http/shapes.ts';
import { discardSubmission } from '../services/discard-submission.ts';
import { listQuarantine, readQuarantined } from '../services/list-quarantine.ts';
import { releaseSubmission } from '../services/release-submission.ts';

const status = z.enum(['held', 'released']);

const quarantineSchema = z.object({
  id: idShape,
  form: namedShape,
  at: timeShape,
  reasons: z.array(z.string()),
  status,
  fields: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  page: z.string().nullable(),
});

/** Quarantine: suspect submissions, which count nowhere until they are released. */
export function addQuarantineRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/quarantine',
      summary: 'Lists submissions held back, the newest first, or those released since',
      scope: 'read',
      query: pageQuery.extend({ status: status.default('held') }),
      response: pageOf(quarantineSchema),
    },
    async ({ deps, query: { limit, cursor, count, status } }) =>
      listQuarantine(deps, { page: { limit, count }, kind: 'spam', status, after: decodeCursor(cursor, sentCursor) }),
  );

  api.define(
    {
      method: 'get',
      path: '/quarantine/:id',
      summary: 'Shows a quarantined submission, also one that was released',
      scope: 'read',
      response: quarantineSchema,
    },
    async ({ deps, params }) => readQuarantined(deps, { id: params['id']!, kind: 'spam' }),
  );

  api.define(
    {
      method: 'post',
      path: '/quarantine/:id/release',
      summary: 'Lets a submission through, as of the time it was sent',
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
      summary: 'Throws away a submission that was held back',
      scope: 'write',
      status: 204,
    },
    async ({ deps, params }) => discardSubmission(deps, { id: params['id']!, kind: 'spam' }),
  );
}
