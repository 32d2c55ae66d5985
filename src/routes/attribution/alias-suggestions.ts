import * as z from 'zod';
import { maxValueLength } from '../../domain/text-values.ts';
import { parseId } from '../../http/ids.ts';
import { answerJson } from '../../http/operation.ts';
import type { Api } from '../../http/operation.ts';
import { idShape, timeShape } from '../../http/shapes.ts';
import {
  correctedFields,
  forgetDistinct,
  keepDistinct,
  readDistinct,
  suggestAliases,
} from '../../services/attribution/suggest-aliases.ts';

const field = z.enum(correctedFields);
const value = z.string().trim().min(1).max(maxValueLength);
const effect = {
  leads: z.number().int(),
  leadsWithDeal: z.number().int(),
  leadToDealRate: z.number().nullable(),
  revenue: z.array(z.object({ amount: z.union([z.number(), z.string()]), currency: z.string() })),
};
const valueShape = z.object({ value: z.string(), label: z.string(), firstSeenAt: timeShape, ...effect });
const distinctShape = z.object({
  id: idShape,
  field: z.string(),
  first: z.string(),
  second: z.string(),
  createdAt: timeShape,
});

/** Suggested corrections, and pairs of values that are not the same (docs/corrections.md). */
export function addAliasSuggestionRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/aliases/suggestions',
      summary: 'Suggests corrections of spellings',
      scope: 'read',
      response: z.object({
        items: z.array(
          z.object({ field, canonical: valueShape, values: z.array(valueShape), after: z.object(effect) }),
        ),
        refused: z.array(
          z.object({
            field,
            first: valueShape,
            second: valueShape,
            reason: z.enum(['numbersDiffer', 'bothWellUsed', 'notTheSame']),
            distinctId: idShape.nullable().describe('Of notTheSame: id to take back'),
          }),
        ),
        refusedCount: z.number().int().describe('Refused pairs in all; some are listed'),
      }),
    },
    async ({ deps }) => suggestAliases(deps),
  );

  api.define(
    {
      method: 'post',
      path: '/aliases/distinct',
      summary: 'Keeps two values apart',
      scope: 'write',
      body: z.strictObject({ field, first: value, second: value }),
      response: distinctShape,
      status: 201,
    },
    async ({ c, deps, body }) => {
      const pair = await keepDistinct(deps, body);
      c.header('location', `/api/v1/aliases/distinct/${pair.id}`);
      c.header('cache-control', 'no-store');
      return answerJson(c, pair, 201);
    },
  );

  api.define(
    {
      method: 'get',
      path: '/aliases/distinct/:id',
      summary: 'Shows two values kept apart',
      scope: 'read',
      response: distinctShape,
    },
    async ({ deps, params }) => readDistinct(deps, parseId(params['id'], 'pair of values')),
  );

  api.define(
    {
      method: 'delete',
      path: '/aliases/distinct/:id',
      summary: 'Lets two values be suggested again',
      scope: 'write',
      status: 204,
    },
    async ({ deps, params }) => forgetDistinct(deps, parseId(params['id'], 'pair of values')),
  );
}
