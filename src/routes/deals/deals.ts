import * as z from 'zod';
import { dealStatuses } from '../../domain/deals/deal-statuses.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { readItemsById } from '../../http/items-by-id.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { amountValue, currencyCode, dayOrMoment, dayText, recordText } from '../../http/record-inputs.ts';
import {
  companyReferenceShape,
  idShape,
  idText,
  line,
  namedShape,
  personReferenceShape,
  probabilityValue,
  timeShape,
} from '../../http/shapes.ts';
import { suggestionReasons } from '../../domain/deals/suggest-lead.ts';
import { listUnlinkedDeals, suggestLead, unlinkedDealList } from '../../services/deals/suggest-leads.ts';
import { updateDeal } from '../../services/deals/update-deal.ts';
import { deleteDeal } from '../../services/deals/delete-deal.ts';
import { dealList, listDeals, readDeal, readDealsOf } from '../../services/deals/read-deals.ts';
import { upsertDeals } from '../../services/deals/upsert-deals.ts';

const maxDeals = 1_000;
const maxDealsBytes = 4 * 1024 * 1024;

export const dealSchema = z.object({
  id: idShape,
  externalId: z.string(),
  name: z.string().nullable(),
  status: z.enum(dealStatuses),
  pipeline: namedShape,
  stage: namedShape,
  probability: z.number().describe('Chance of being won, 0 to 1'),
  amount: z.union([z.number(), z.string()]).describe('Money in major units; text if long'),
  currency: z.string(),
  createdAt: timeShape,
  closedAt: timeShape.nullable(),
  expectedCloseDate: z.iso.date().nullable(),
  nextStep: z.object({ text: z.string(), day: z.iso.date().nullable() }).nullable(),
  lostReason: z.string().nullable(),
  person: personReferenceShape.nullable(),
  company: companyReferenceShape.nullable(),
  owner: namedShape.nullable(),
  waitsFor: z
    .object({ email: z.string().nullable(), companyDomain: z.string().nullable() })
    .nullable()
    .describe('What the deal links itself by'),
});

const leadShape = z.object({
  person: personReferenceShape.nullable(),
  company: companyReferenceShape.nullable(),
  reasons: z.array(z.enum(suggestionReasons)),
});

const suggestionShape = {
  suggestion: leadShape.nullable().describe('The likeliest lead, if one stands out'),
  refused: z.array(leadShape).describe('Leads about as likely'),
};

const storedDeal = z.object({
  id: idShape,
  externalId: z.string(),
  created: z.boolean(),
  personId: idShape.nullable(),
  companyId: idShape.nullable(),
  linked: z.boolean(),
});

const dealFields = {
  name: recordText.optional(),
  status: z.enum(dealStatuses).optional(),
  pipelineId: idText.optional(),
  stageId: idText.optional(),
  probability: probabilityValue.nullable().optional(),
  expectedCloseDate: dayText.nullable().optional(),
  nextStep: z
    .strictObject({ text: line(255), day: dayText.nullable().optional() })
    .nullable()
    .optional(),
  lostReason: recordText.optional(),
  createdAt: dayOrMoment.optional(),
  closedAt: dayOrMoment.nullable().optional(),
  personId: idText.nullable().optional(),
  email: z.string().max(320, 'must be at most 320 characters').nullable().optional(),
  companyId: idText.nullable().optional(),
  companyDomain: recordText.optional(),
  ownerId: idText.nullable().optional(),
};

const givenDeal = z.strictObject({
  externalId: line(200),
  ...dealFields,
  amount: amountValue,
  currency: currencyCode,
});

const dealChanges = z.strictObject({
  ...dealFields,
  amount: amountValue.optional(),
  currency: currencyCode.optional(),
});

/** Deals: possible sales, as the system that they come from tells of them. */
export function addDealRoutes(api: Api): void {
  api.define(
    {
      method: 'put',
      path: '/deals',
      summary: `Stores up to ${maxDeals} deals, all or none`,
      scope: 'write',
      body: z.strictObject({ items: z.array(givenDeal).max(maxDeals, `must hold at most ${maxDeals} deals`) }),
      maxBodyBytes: maxDealsBytes,
      readItems: async (deps, items) => readItemsById(items, async (ids) => readDealsOf(deps, ids)),
      response: z.object({ items: z.array(storedDeal) }),
    },
    async ({ deps, actor, body }) => ({
      items: await upsertDeals(changedBy(deps, actor, 'import'), { deals: body.items }),
    }),
  );

  api.define(
    {
      method: 'get',
      path: '/deals',
      summary: 'Lists deals',
      scope: 'read',
      list: dealList,
      response: pageOf(dealSchema),
    },
    async ({ c, deps, actor, query }) => answerList(c, listDeals({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/deals/suggestions',
      summary: 'Lists deals without a lead',
      scope: 'read',
      list: unlinkedDealList,
      response: pageOf(dealSchema.extend(suggestionShape)),
    },
    async ({ c, deps, actor, query }) => answerList(c, listUnlinkedDeals({ ...deps, viewer: actor }, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/deals/:id/suggestion',
      summary: 'Shows likely leads of a deal',
      scope: 'read',
      response: z.object(suggestionShape),
    },
    async ({ deps, params }) => suggestLead(deps, { id: parseId(params['id'], 'deal') }),
  );

  api.define(
    { method: 'get', path: '/deals/:id', summary: 'Shows a deal', scope: 'read', response: dealSchema },
    async ({ deps, params }) => readDeal(deps, { id: parseId(params['id'], 'deal') }),
  );

  api.define(
    {
      method: 'patch',
      path: '/deals/:id',
      summary: 'Changes a deal',
      scope: 'write',
      body: dealChanges,
      response: dealSchema,
    },
    async ({ deps, actor, params, body }) =>
      updateDeal(changedBy(deps, actor), { id: parseId(params['id'], 'deal'), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/deals/:id', summary: 'Deletes a deal', scope: 'write', status: 204 },
    async ({ deps, params }) => deleteDeal(deps, { id: parseId(params['id'], 'deal') }),
  );
}
