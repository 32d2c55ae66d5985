import * as z from 'zod';
import { recordByName } from '../../domain/attribution/origin-field-names.ts';
import { utmFields } from '../../domain/attribution/origin-fields.ts';
import { answerList } from '../../http/answer-list.ts';
import { readItemsById } from '../../http/items-by-id.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { amountValue, currencyCode, dayText, recordText } from '../../http/record-inputs.ts';
import { domainText, idShape, idText, namedShape, timeShape } from '../../http/shapes.ts';
import { touchSchema } from '../../http/touch-schema.ts';
import { costList, deleteCost, listCosts, readCost, readCostsOf } from '../../services/reports/manage-costs.ts';
import { putCosts } from '../../services/reports/put-costs.ts';

const maxCosts = 1_000;
const maxCostsBytes = 4 * 1024 * 1024;

/** A cost may be sent as GET shows it: then its id says which it is. */
const givenCost = z.strictObject({
  id: idText.optional(),
  day: dayText,
  ...recordByName(utmFields, () => recordText.nullable().optional()),
  referrerDomain: domainText.nullable().optional(),
  siteId: z.string().max(60).nullable().optional(),
  amount: amountValue,
  currency: currencyCode,
  claimedConversions: z
    .number()
    .min(0)
    .max(1e12)
    .nullable()
    .optional()
    .describe('Conversions that the platform claims'),
  claimedValue: amountValue.nullable().optional().describe('In the currency of the cost'),
  impressions: z.number().int().min(0).max(1e15).nullable().optional(),
  clicks: z.number().int().min(0).max(1e15).nullable().optional(),
});

const storedCost = z.object({ id: idShape, day: z.string(), channel: z.string(), created: z.boolean() });

const costShape = z.object({
  id: idShape,
  day: z.string(),
  amount: z.union([z.number(), z.string()]).describe('Money in major units; text if long'),
  currency: z.string(),
  claimedConversions: z.number().nullable(),
  claimedValue: z.union([z.number(), z.string()]).nullable(),
  impressions: z.number().int().nullable(),
  clicks: z.number().int().nullable(),
  site: namedShape,
  origin: touchSchema.omit({ clickId: true, clickIds: true, landingPage: true, at: true }),
  updatedAt: timeShape,
});

/** Costs: what each origin cost on each day. */
export function addCostRoutes(api: Api): void {
  api.define(
    {
      method: 'put',
      path: '/costs',
      summary: `Stores up to ${maxCosts} costs, all or none`,
      scope: 'write',
      body: z.strictObject({ items: z.array(givenCost).max(maxCosts, `must hold at most ${maxCosts} costs`) }),
      maxBodyBytes: maxCostsBytes,
      readItems: async (deps, items) => readItemsById(items, async (ids) => readCostsOf(deps, ids)),
      response: z.object({ items: z.array(storedCost) }),
    },
    async ({ deps, body }) => ({ items: await putCosts(deps, { costs: body.items }) }),
  );

  api.define(
    {
      method: 'get',
      path: '/costs',
      summary: 'Lists costs',
      scope: 'read',
      list: costList,
      response: pageOf(costShape),
    },
    async ({ c, deps, query }) => answerList(c, listCosts(deps, query)),
  );

  api.define(
    { method: 'get', path: '/costs/:id', summary: 'Shows a cost', scope: 'read', response: costShape },
    async ({ deps, params }) => readCost(deps, { id: parseId(params['id'], 'cost') }),
  );

  api.define(
    { method: 'delete', path: '/costs/:id', summary: 'Deletes a cost', scope: 'write', status: 204 },
    async ({ deps, params }) => deleteCost(deps, { id: parseId(params['id'], 'cost') }),
  );
}
