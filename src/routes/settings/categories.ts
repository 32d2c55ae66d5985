import * as z from 'zod';
import { categoryGroups, categoryTriggers } from '../../domain/settings/automation.ts';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { recordText } from '../../http/record-inputs.ts';
import { distinct, idShape, nameText, positionNumber, timeShape } from '../../http/shapes.ts';
import {
  categoryList,
  createCategory,
  deleteCategory,
  listCategories,
  updateCategory,
} from '../../services/settings/manage-categories.ts';

const group = z.enum(categoryGroups);
const trigger = z.enum(categoryTriggers);

const newCategory = z.strictObject({
  name: nameText,
  group,
  position: positionNumber.optional(),
  setOn: distinct(trigger, categoryTriggers.length).optional(),
  description: recordText.optional(),
  resetsLeadStatus: z.boolean().optional().describe('Whether a move here resets lead statuses'),
  needsConfirmation: z.boolean().optional().describe('Whether automation proposes it only'),
});
const categoryChanges = newCategory
  .partial()
  .extend({ archived: z.boolean().optional().describe('Whether it is archived') });

const categoryShape = z.object({
  id: idShape,
  name: z.string(),
  group,
  position: z.number().int(),
  setOn: z.array(trigger),
  description: z.string().nullable(),
  resetsLeadStatus: z.boolean(),
  needsConfirmation: z.boolean(),
  archivedAt: timeShape.nullable(),
});

/** Company categories, and the events that set them. */
export function addCategoryRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/categories',
      summary: 'Lists company categories',
      scope: 'read',
      list: categoryList,
      response: pageOf(categoryShape),
    },
    async ({ c, deps, query }) => answerList(c, listCategories(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/categories',
      summary: 'Adds a category',
      scope: 'admin',
      body: newCategory,
      response: categoryShape,
      status: 201,
    },
    async ({ deps, body }) => createCategory(deps, body),
  );

  api.define(
    {
      method: 'get',
      path: '/categories/:id',
      summary: 'Shows a category',
      scope: 'read',
      response: categoryShape,
    },
    async ({ deps, params }) =>
      answerOne(categoryList, { id: params['id'], what: 'category', read: (query) => listCategories(deps, query) }),
  );

  api.define(
    {
      method: 'patch',
      path: '/categories/:id',
      summary: 'Changes or archives a category',
      scope: 'admin',
      body: categoryChanges,
      response: categoryShape,
    },
    async ({ deps, params, body }) => updateCategory(deps, { id: parseId(params['id'], 'category'), changes: body }),
  );

  api.define(
    {
      method: 'delete',
      path: '/categories/:id',
      summary: 'Deletes an unused category',
      scope: 'admin',
    },
    async ({ deps, params }) => deleteCategory(deps, parseId(params['id'], 'category')),
  );
}
