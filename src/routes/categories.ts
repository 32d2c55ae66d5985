import * as z from 'zod';
import { categoryGroups, categoryTriggers } from '../domain/automation.ts';
import { answerList, answerOne } from '../http/answer-list.ts';
import { parseId } from '../http/ids.ts';
import type { Api } from '../http/operation.ts';
import { pageOf } from '../http/paging.ts';
import { recordText } from '../http/record-inputs.ts';
import { distinct, idShape, nameText, positionNumber, timeShape } from '../http/shapes.ts';
import {
  categoryList,
  createCategory,
  deleteCategory,
  listCategories,
  updateCategory,
} from '../services/manage-categories.ts';

const group = z.enum(categoryGroups);
const trigger = z.enum(categoryTriggers);

const newCategory = z.strictObject({
  name: nameText,
  group,
  position: positionNumber.optional(),
  setOn: distinct(trigger, categoryTriggers.length).optional(),
  description: recordText.optional(),
  resetsLeadStatus: z
    .boolean()
    .optional()
    .describe('Whether the people of a company that moves into this category get the default lead status again'),
  needsConfirmation: z
    .boolean()
    .optional()
    .describe('Whether forms, deals and lead statuses propose this category, instead of setting it'),
});
const categoryChanges = newCategory
  .partial()
  .extend({ archived: z.boolean().optional().describe('Whether companies can no longer get this category') });

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
      summary: 'Lists the company categories by their position',
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
      summary: 'Adds a company category',
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
      summary: 'Shows a company category',
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
      summary: 'Changes a company category, archives or restores it',
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
      summary: 'Deletes a company category that nothing uses',
      scope: 'admin',
    },
    async ({ deps, params }) => deleteCategory(deps, parseId(params['id'], 'category')),
  );
}
