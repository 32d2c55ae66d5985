import * as z from 'zod';
import { changeVias } from '../../domain/people/record-history.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, timeShape } from '../../http/shapes.ts';
import { listHistory, recordHistoryList } from '../../services/people/record-history.ts';

const changeShape = z
  .object({
    id: idShape,
    at: timeShape,
    field: z.string().describe('The field that changed'),
    before: z.unknown().describe('Text, number, `{ id, name }` or null'),
    after: z.unknown().describe('The same afterwards'),
    via: z.enum(changeVias).describe('How it changed'),
    rule: z.string().nullable().describe('Of automation'),
    form: namedShape.nullable(),
    by: namedShape.nullable(),
    key: namedShape.nullable(),
  })
  .meta({ id: 'Change' });

const paths = { person: '/people/:id/history', company: '/companies/:id/history', deal: '/deals/:id/history' } as const;

/** What changed of a person, a company or a deal. */
export function addHistoryRoutes(api: Api): void {
  for (const [entity, path] of Object.entries(paths) as Array<[keyof typeof paths, string]>) {
    api.define(
      {
        method: 'get',
        path,
        summary: `Lists changes of a ${entity}`,
        scope: 'read',
        list: recordHistoryList,
        response: pageOf(changeShape),
      },
      async ({ c, deps, params, query }) =>
        answerList(c, listHistory(deps, { entity, id: parseId(params['id'], entity), query })),
    );
  }
}
