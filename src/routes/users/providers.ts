import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { pageOf } from '../../http/paging.ts';
import { distinct, domainText, idShape, line, nameText, timeShape } from '../../http/shapes.ts';
import { roleName } from '../../http/user-schema.ts';
import {
  createProvider,
  deleteProvider,
  listProviders,
  providerList,
  updateProvider,
} from '../../services/users/manage-providers.ts';

const newProvider = z.strictObject({
  name: nameText,
  issuer: line(500),
  clientId: line(500),
  clientSecret: line(500).nullable().optional(),
  allowedDomains: distinct(domainText, 50).optional(),
  defaultRole: roleName.optional(),
});

const providerShape = z.object({
  id: idShape,
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  hasClientSecret: z.boolean(),
  allowedDomains: z.array(z.string()),
  defaultRole: roleName,
  createdAt: timeShape,
});

const [path, what] = ['/sign-in-providers', 'sign-in provider'];

/** OpenID Connect providers by which users sign in. */
export function addProviderRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path,
      summary: 'Lists sign-in providers',
      scope: 'admin',
      list: providerList,
      response: pageOf(providerShape),
    },
    async ({ c, deps, query }) => answerList(c, listProviders(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path,
      summary: 'Adds a sign-in provider',
      scope: 'admin',
      body: newProvider,
      response: providerShape,
      status: 201,
    },
    async ({ deps, body }) => createProvider(deps, body),
  );

  api.define(
    {
      method: 'get',
      path: `${path}/:id`,
      summary: 'Shows a sign-in provider',
      scope: 'admin',
      response: providerShape,
    },
    async ({ deps, params }) =>
      answerOne(providerList, { id: params['id'], what, read: (query) => listProviders(deps, query) }),
  );

  api.define(
    {
      method: 'patch',
      path: `${path}/:id`,
      summary: 'Changes a sign-in provider',
      scope: 'admin',
      body: newProvider.partial(),
      response: providerShape,
    },
    async ({ deps, params, body }) => updateProvider(deps, { id: parseId(params['id'], what), changes: body }),
  );

  api.define(
    { method: 'delete', path: `${path}/:id`, summary: 'Deletes a sign-in provider', scope: 'admin' },
    async ({ deps, params }) => deleteProvider(deps, parseId(params['id'], what)),
  );
}
