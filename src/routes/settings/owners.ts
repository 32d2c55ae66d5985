import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { emailText, idShape, nameText, timeShape } from '../../http/shapes.ts';
import { createOwner, deleteOwner, listOwners, ownerList, updateOwner } from '../../services/settings/manage-owners.ts';

const newOwner = z.strictObject({
  name: nameText,
  email: emailText.nullable().optional(),
  active: z.boolean().optional(),
});
const ownerChanges = newOwner.partial();

const ownerShape = z.object({
  id: idShape,
  name: z.string(),
  email: z.string().nullable(),
  active: z.boolean(),
  createdAt: timeShape,
});

/** Owners: who follows up a person or a company. */
export function addOwnerRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/owners',
      summary: 'Lists owners',
      scope: 'read',
      list: ownerList,
      response: pageOf(ownerShape),
    },
    async ({ c, deps, query }) => answerList(c, listOwners(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/owners',
      summary: 'Adds an owner',
      scope: 'write',
      audit: true,
      body: newOwner,
      response: ownerShape,
      status: 201,
    },
    async ({ deps, body }) => createOwner(deps, body),
  );

  api.define(
    { method: 'get', path: '/owners/:id', summary: 'Shows an owner', scope: 'read', response: ownerShape },
    async ({ deps, params }) =>
      answerOne(ownerList, { id: params['id'], what: 'owner', read: (query) => listOwners(deps, query) }),
  );

  api.define(
    {
      method: 'patch',
      path: '/owners/:id',
      summary: 'Changes an owner',
      scope: 'write',
      audit: true,
      body: ownerChanges,
      response: ownerShape,
    },
    async ({ deps, params, body }) => updateOwner(deps, { id: parseId(params['id'], 'owner'), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/owners/:id', summary: 'Deletes an unused owner', scope: 'write' },
    async ({ deps, actor, params }) => deleteOwner(changedBy(deps, actor), parseId(params['id'], 'owner')),
  );
}
