import * as z from 'zod';
import { automationCauses, proposalStates } from '../../domain/settings/automation.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import { changedBy } from '../../http/changed-by.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, timeShape } from '../../http/shapes.ts';
import {
  categoryProposalList,
  decideCategoryProposal,
  listCategoryProposals,
  readCategoryProposal,
} from '../../services/people/category-proposals.ts';

const proposalShape = z.object({
  id: idShape,
  company: namedShape,
  category: namedShape,
  from: namedShape.nullable().describe('The category that the company had'),
  cause: z.enum(automationCauses),
  at: timeShape,
  state: z.enum(proposalStates),
  decidedAt: timeShape.nullable(),
});

/** Categories that automation proposes, where a category asks for a confirmation. */
export function addCategoryProposalRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/category-proposals',
      summary: 'Lists proposed categories',
      scope: 'read',
      list: categoryProposalList,
      response: pageOf(proposalShape),
    },
    async ({ c, deps, query }) => answerList(c, listCategoryProposals(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/category-proposals/:id',
      summary: 'Shows a proposal',
      scope: 'read',
      response: proposalShape,
    },
    async ({ deps, params }) => readCategoryProposal(deps, { id: parseId(params['id'], 'category proposal') }),
  );

  for (const [verb, decision, what] of [
    ['confirm', 'confirmed', 'Confirms a proposal'],
    ['decline', 'declined', 'Declines a proposal'],
  ] as const) {
    api.define(
      {
        method: 'post',
        path: `/category-proposals/:id/${verb}`,
        summary: what,
        scope: 'write',
        response: proposalShape,
      },
      async ({ deps, actor, params }) =>
        decideCategoryProposal(changedBy(deps, actor), { id: parseId(params['id'], 'category proposal'), decision }),
    );
  }
}
