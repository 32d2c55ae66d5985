import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { recordText } from '../../http/record-inputs.ts';
import { idShape, idText, namedShape, nameText, positionNumber, timeShape } from '../../http/shapes.ts';
import {
  createLeadStatus,
  deleteLeadStatus,
  leadStatusList,
  listLeadStatuses,
  updateLeadStatus,
} from '../../services/settings/manage-lead-statuses.ts';

const newStatus = z.strictObject({
  name: nameText,
  description: recordText.optional(),
  position: positionNumber.optional(),
  isDefault: z.boolean().optional(),
  setsCategoryId: idText.nullable().optional(),
});
const statusChanges = newStatus
  .partial()
  .extend({ archived: z.boolean().optional().describe('Whether it is archived') });

const statusShape = z.object({
  id: idShape,
  name: z.string(),
  description: z.string().nullable(),
  position: z.number().int(),
  isDefault: z.boolean(),
  setsCategory: namedShape.nullable(),
  archivedAt: timeShape.nullable(),
});

/** Lead statuses: how far a person has come. One of them is what a new person gets. */
export function addLeadStatusRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/lead-statuses',
      summary: 'Lists lead statuses',
      scope: 'read',
      list: leadStatusList,
      response: pageOf(statusShape),
    },
    async ({ c, deps, query }) => answerList(c, listLeadStatuses(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/lead-statuses',
      summary: 'Adds a lead status',
      scope: 'admin',
      body: newStatus,
      response: statusShape,
      status: 201,
    },
    async ({ deps, body }) => createLeadStatus(deps, body),
  );

  api.define(
    { method: 'get', path: '/lead-statuses/:id', summary: 'Shows a lead status', scope: 'read', response: statusShape },
    async ({ deps, params }) =>
      answerOne(leadStatusList, {
        id: params['id'],
        what: 'lead status',
        read: (query) => listLeadStatuses(deps, query),
      }),
  );

  api.define(
    {
      method: 'patch',
      path: '/lead-statuses/:id',
      summary: 'Changes or archives a lead status',
      scope: 'admin',
      body: statusChanges,
      response: statusShape,
    },
    async ({ deps, params, body }) =>
      updateLeadStatus(deps, { id: parseId(params['id'], 'lead status'), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/lead-statuses/:id', summary: 'Deletes an unused lead status', scope: 'admin' },
    async ({ deps, actor, params }) => deleteLeadStatus(changedBy(deps, actor), parseId(params['id'], 'lead status')),
  );
}
