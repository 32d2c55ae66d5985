import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { answerJson } from '../../http/operation.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { recordText, refuseBoth } from '../../http/record-inputs.ts';
import { idShape, idText, nameText, namedShape, timeShape, undoShape } from '../../http/shapes.ts';
import { touchSchema } from '../../http/touch-schema.ts';
import { categoryGroups } from '../../domain/settings/automation.ts';
import {
  companyList,
  createCompany,
  deleteCompany,
  listCompanies,
  readCompany,
  updateCompany,
} from '../../services/people/manage-companies.ts';
import {
  companyMergeList,
  listCompanyMerges,
  mergeCompanies,
  previewCompanyMerge,
  readCompanyMerge,
  undoCompanyMerge,
} from '../../services/people/merge-companies.ts';
import { createdVia } from '../../domain/capture/created-via.ts';

const companySchema = z.object({
  id: idShape,
  name: z.string(),
  domain: z.string().nullable(),
  registrationNumber: z.string().nullable(),
  country: z.string().nullable(),
  owner: namedShape.nullable(),
  category: namedShape.extend({ group: z.enum(categoryGroups) }).nullable(),
  createdVia: z.enum(createdVia),
  createdAt: timeShape,
  personCount: z.number().int(),
  companySource: z.object({ firstTouch: touchSchema, leadCreation: touchSchema }).nullable(),
});

const movedShape = z.object({ people: z.number().int(), submissions: z.number().int(), deals: z.number().int() });

const mergeSchema = z.object({
  id: idShape,
  company: z.object({ id: idShape }),
  removedCompany: z.object({ id: idShape, name: z.string(), domain: z.string().nullable() }),
  moved: movedShape,
  at: timeShape,
  undoneAt: timeShape.nullable(),
  ...undoShape,
});

const companyFields = {
  name: nameText,
  domain: recordText.optional(),
  registrationNumber: recordText.optional(),
  country: recordText.optional(),
  ownerId: idText.nullable().optional(),
  categoryId: idText.nullable().optional(),
  category: z.string().max(200).nullable().optional().describe('Name of a category'),
};

const newCompany = z
  .strictObject({ ...companyFields, createdVia: z.enum(createdVia).default('api') })
  .refine(...refuseBoth('categoryId', 'category'));

const companyChanges = z
  .strictObject({
    ...companyFields,
    name: nameText.optional(),
  })
  .refine(...refuseBoth('categoryId', 'category'));

/** Companies: the firms that people work at. */
export function addCompanyRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/companies',
      summary: 'Lists companies',
      scope: 'read',
      list: companyList,
      response: pageOf(companySchema),
    },
    async ({ c, deps, actor, query }) => answerList(c, listCompanies({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/companies',
      summary: 'Adds a company, without a source',
      scope: 'write',
      body: newCompany,
      response: companySchema,
      status: 201,
    },
    async ({ deps, body: { createdVia, ...fields } }) => createCompany(deps, { fields, createdVia }),
  );

  api.define(
    {
      method: 'get',
      path: '/companies/:id',
      summary: 'Shows a company',
      scope: 'read',
      response: companySchema,
    },
    async ({ deps, params }) => readCompany(deps, { id: parseId(params['id'], 'company') }),
  );

  api.define(
    {
      method: 'patch',
      path: '/companies/:id',
      summary: 'Changes a company',
      scope: 'write',
      body: companyChanges,
      response: companySchema,
    },
    async ({ deps, actor, params, body }) =>
      updateCompany(changedBy(deps, actor), { id: parseId(params['id'], 'company'), changes: body }),
  );

  api.define(
    {
      method: 'delete',
      path: '/companies/:id',
      summary: 'Deletes a company; its people stay',
      scope: 'write',
      status: 204,
    },
    async ({ deps, actor, params }) => deleteCompany(changedBy(deps, actor), { id: parseId(params['id'], 'company') }),
  );

  addMergeRoutes(api);
}

function addMergeRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/companies/:id/merge',
      summary: 'Merges another company into this one',
      scope: 'write',
      audit: true,
      body: z.strictObject({
        otherId: idText,
        dryRun: z.boolean().default(false).describe('Whether to store nothing'),
      }),
      madeAt: '/companies/merges',
      response: z.union([mergeSchema, z.object({ company: companySchema, moved: movedShape })]),
      status: 201,
    },
    async ({ c, deps, actor, params, body: { otherId, dryRun } }) => {
      const pair = { id: parseId(params['id'], 'company'), otherId };
      if (!dryRun) return mergeCompanies(changedBy(deps, actor, 'merge'), pair);
      c.header('cache-control', 'no-store');
      return answerJson(c, await previewCompanyMerge(deps, pair));
    },
  );

  api.define(
    {
      method: 'get',
      path: '/companies/:id/merges',
      summary: 'Lists merges of a company',
      scope: 'read',
      list: companyMergeList,
      response: pageOf(mergeSchema),
    },
    async ({ c, deps, actor, params, query }) =>
      answerList(c, listCompanyMerges({ ...deps, viewer: actor }, { id: parseId(params['id'], 'company'), query })),
  );

  api.define(
    {
      method: 'get',
      path: '/companies/merges/:mergeId',
      summary: 'Shows a merge of companies',
      scope: 'read',
      response: mergeSchema,
    },
    async ({ deps, params }) => readCompanyMerge(deps, { mergeId: parseId(params['mergeId'], 'merge') }),
  );

  api.define(
    {
      method: 'post',
      path: '/companies/merges/:mergeId/undo',
      summary: 'Undoes a merge of companies',
      scope: 'write',
      audit: true,
      response: mergeSchema,
    },
    async ({ deps, actor, params }) =>
      undoCompanyMerge(changedBy(deps, actor, 'merge'), { mergeId: parseId(params['mergeId'], 'merge') }),
  );
}
