import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { forgetKeys, scopes } from '../../http/auth.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { distinct, idShape, moment, nameText, timeShape } from '../../http/shapes.ts';
import { apiKeyList, createApiKey, deleteApiKey, listApiKeys } from '../../services/settings/manage-api-keys.ts';

const scope = z.union([
  z.enum(scopes),
  z.templateLiteral(['report:', z.string().min(1).max(100)]).describe('This one report, also by ?key='),
]);

const newKey = z.strictObject({
  name: nameText,
  scopes: distinct(scope, 10).refine((given) => given.length > 0, 'must hold at least one scope'),
  expiresAt: moment.nullable().optional().describe('When it ends; of reports: within a year'),
});

const keyShape = z.object({
  id: idShape,
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(scope),
  expiresAt: timeShape.nullable(),
  createdAt: timeShape,
});

/** Keys to this API. A wider scope holds the narrower: admin, write, read. */
export function addApiKeyRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/api-keys',
      summary: 'Lists API keys',
      scope: 'admin',
      list: apiKeyList,
      response: pageOf(keyShape),
    },
    async ({ c, deps, query }) => answerList(c, listApiKeys(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/api-keys',
      summary: 'Makes an API key; shows it once',
      scope: 'admin',
      body: newKey,
      response: keyShape.extend({ key: z.string() }),
      status: 201,
    },
    async ({ deps, body }) => {
      const made = await createApiKey(deps, body);
      forgetKeys(deps);
      return made;
    },
  );

  api.define(
    {
      method: 'get',
      path: '/api-keys/:id',
      summary: 'Shows an API key',
      scope: 'admin',
      response: keyShape,
    },
    async ({ deps, params }) =>
      answerOne(apiKeyList, { id: params['id'], what: 'API key', read: (query) => listApiKeys(deps, query) }),
  );

  api.define(
    { method: 'delete', path: '/api-keys/:id', summary: 'Revokes an API key', scope: 'admin' },
    async ({ deps, params }) => {
      await deleteApiKey(deps, parseId(params['id'], 'API key'));
      forgetKeys(deps);
    },
  );
}
