import * as z from 'zod';
import { parseId } from '../http/ids.ts';
import type { Api } from '../http/operation.ts';
import { pageOf, pageQuery } from '../http/paging.ts';
import { distinct, idShape, idText, namedShape, nameText, timeShape } from '../http/shapes.ts';
import {
  addMembers,
  createSelection,
  listMembers,
  listSelections,
  readSelection,
  removeMembers,
} from '../services/manage-selections.ts';

const entity = z.enum(['person', 'company']);

const newSelection = z.strictObject({ name: nameText, entity });

const selectionShape = z.object({
  id: idShape,
  name: z.string(),
  entity,
  kind: z.enum(['static', 'dynamic', 'combined']),
  createdAt: timeShape,
});

const memberIds = z.strictObject({
  ids: distinct(idText, 1_000).refine((ids) => ids.length > 0, 'must hold at least one id'),
});

/** Selections: named sets of people or companies. */
export function addSelectionRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/selections',
      summary: 'Lists the selections, the newest first',
      scope: 'read',
      query: pageQuery,
      response: pageOf(selectionShape),
    },
    async ({ deps, query }) => listSelections(deps, query),
  );

  api.define(
    {
      method: 'post',
      path: '/selections',
      summary: 'Makes a static selection of people or companies',
      scope: 'write',
      body: newSelection,
      response: selectionShape,
      status: 201,
    },
    async ({ deps, body }) => createSelection(deps, body),
  );

  api.define(
    { method: 'get', path: '/selections/:id', summary: 'Shows a selection', scope: 'read', response: selectionShape },
    async ({ deps, params }) => readSelection(deps, parseId(params['id'], 'selection')),
  );

  api.define(
    {
      method: 'get',
      path: '/selections/:id/members',
      summary: 'Lists the members of a selection',
      scope: 'read',
      query: pageQuery,
      response: pageOf(namedShape),
    },
    async ({ deps, params, query }) => listMembers(deps, { id: parseId(params['id'], 'selection'), page: query }),
  );

  api.define(
    {
      method: 'post',
      path: '/selections/:id/members',
      summary: 'Puts members into a static selection',
      scope: 'write',
      body: memberIds,
      response: z.object({ added: z.number().int(), unknown: z.array(idShape) }),
    },
    async ({ deps, params, body }) => addMembers(deps, { id: parseId(params['id'], 'selection'), ids: body.ids }),
  );

  api.define(
    {
      method: 'delete',
      path: '/selections/:id/members',
      summary: 'Takes members out of a static selection',
      scope: 'write',
      body: memberIds,
      response: z.object({ removed: z.number().int() }),
    },
    async ({ deps, params, body }) => removeMembers(deps, { id: parseId(params['id'], 'selection'), ids: body.ids }),
  );
}
