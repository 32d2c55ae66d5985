import * as z from 'zod';
import { explainLanguages } from '../../domain/attribution/explain-texts.ts';
import { answerList } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, personReferenceShape } from '../../http/shapes.ts';
import { explanationShape, rawTouchSchema } from '../../http/touch-schema.ts';
import { explainTouch } from '../../services/attribution/explain-touch.ts';
import { listTouches, readTouch, touchList } from '../../services/attribution/read-touches.ts';

const listedTouch = rawTouchSchema.extend({
  id: idShape,
  person: personReferenceShape.nullable(),
});

/** Touches: every arrival of a person, with its origin. */
export function addTouchRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/touches',
      summary: 'Lists touches',
      scope: 'read',
      list: touchList,
      response: pageOf(listedTouch),
    },
    async ({ c, deps, actor, query }) => answerList(c, listTouches({ ...deps, viewer: actor }, query)),
  );

  api.define(
    { method: 'get', path: '/touches/:id', summary: 'Shows a touch', scope: 'read', response: listedTouch },
    async ({ deps, params }) => readTouch(deps, { id: parseId(params['id'], 'touch') }),
  );

  api.define(
    {
      method: 'get',
      path: '/touches/:id/explanation',
      summary: "Explains a touch by today's rules",
      scope: 'read',
      query: z.strictObject({
        language: z.enum(explainLanguages).default('en').describe('Language of the texts'),
      }),
      response: explanationShape,
    },
    async ({ deps, params, query }) => explainTouch(deps, { id: parseId(params['id'], 'touch'), ...query }),
  );
}
