import * as z from 'zod';
import { answerList } from '../../http/answer-list.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, timeShape } from '../../http/shapes.ts';
import {
  deleteDeadLetter,
  deadLetterList,
  listDeadLetters,
  readDeadLetter,
  replayDeadLetter,
} from '../../services/capture/manage-dead-letters.ts';

const letterShape = z.object({
  id: idShape,
  at: timeShape,
  reason: z.string(),
  attempts: z.number().int(),
  replayedAt: timeShape.nullable(),
  payload: z.unknown(),
});

/** Submissions that were queued and could not be stored. */
export function addDeadLetterRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/dead-letters',
      summary: 'Lists submissions not stored',
      scope: 'admin',
      list: deadLetterList,
      response: pageOf(letterShape),
    },
    async ({ c, deps, query }) => answerList(c, listDeadLetters(deps, query)),
  );

  api.define(
    {
      method: 'get',
      path: '/dead-letters/:id',
      summary: 'Shows a submission not stored',
      scope: 'admin',
      response: letterShape,
    },
    async ({ deps, params }) => readDeadLetter(deps, params['id']!),
  );

  api.define(
    {
      method: 'post',
      path: '/dead-letters/:id/replay',
      summary: 'Stores a dead letter again',
      scope: 'admin',
      response: z.object({ id: idShape }),
    },
    async ({ deps, params }) => replayDeadLetter(deps, params['id']!),
  );

  api.define(
    { method: 'delete', path: '/dead-letters/:id', summary: 'Deletes a dead letter', scope: 'admin' },
    async ({ deps, params }) => deleteDeadLetter(deps, params['id']!),
  );
}
