import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, timeShape } from '../../http/shapes.ts';
import { auditLogList, listAuditEntries } from '../../services/settings/audit-log.ts';

const auditEntryShape = z.object({
  id: idShape,
  at: timeShape,
  key: namedShape.nullable().describe('The API key'),
  by: namedShape.nullable().describe('The user'),
  operation: z.string(),
  target: z.record(z.string(), z.string()),
  status: z.number(),
});

/** What was changed by the API, and which files of personal data were taken out: by whom, when. */
export function addAuditLogRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/audit-log',
      summary: 'Lists changes and exports',
      scope: 'admin',
      list: auditLogList,
      response: pageOf(auditEntryShape),
    },
    async ({ c, deps, query }) => answerList(c, listAuditEntries(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/audit-log/:id',
      summary: 'Shows a change or an export',
      scope: 'admin',
      response: auditEntryShape,
    },
    async ({ deps, params }) =>
      answerOne(auditLogList, {
        id: params['id'],
        what: 'entry of the audit log',
        read: (query) => listAuditEntries(deps, query),
      }),
  );
}
