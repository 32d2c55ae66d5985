import * as z from 'zod';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { ownUrl } from '../../http/own-address.ts';
import { pageOf } from '../../http/paging.ts';
import { idShape, namedShape, nameText, timeShape } from '../../http/shapes.ts';
import { languageName, roleName } from '../../http/user-schema.ts';
import {
  deleteUser,
  endSessionsOf,
  listUsers,
  makeRecoveryLink,
  updateUser,
  userList,
} from '../../services/users/manage-users.ts';
import { acceptPath } from '../../services/users/one-time-links.ts';

const userShape = z.object({
  id: idShape,
  name: z.string(),
  email: z.string(),
  role: roleName,
  language: languageName.nullable(),
  owner: namedShape.nullable(),
  disabledAt: timeShape.nullable(),
  seenAt: timeShape.nullable(),
  createdAt: timeShape,
});

const userChanges = z
  .strictObject({ name: nameText, role: roleName, language: languageName.nullable(), disabled: z.boolean() })
  .partial();

/** Who signs in to the web app. New users are invited (./invitations.ts). */
export function addUserRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/users',
      summary: 'Lists users',
      scope: 'admin',
      list: userList,
      response: pageOf(userShape),
    },
    async ({ c, deps, query }) => answerList(c, listUsers(deps, query)),
  );

  api.define(
    { method: 'get', path: '/users/:id', summary: 'Shows a user', scope: 'admin', response: userShape },
    async ({ deps, params }) =>
      answerOne(userList, { id: params['id'], what: 'user', read: (query) => listUsers(deps, query) }),
  );

  api.define(
    {
      method: 'patch',
      path: '/users/:id',
      summary: 'Changes a user',
      scope: 'admin',
      body: userChanges,
      response: userShape,
    },
    async ({ deps, params, body }) => updateUser(deps, { id: parseId(params['id'], 'user'), changes: body }),
  );

  api.define(
    { method: 'delete', path: '/users/:id', summary: 'Deletes a user; their work stays', scope: 'admin' },
    async ({ deps, params }) => deleteUser(deps, parseId(params['id'], 'user')),
  );

  api.define(
    { method: 'delete', path: '/users/:id/sessions', summary: 'Signs a user out everywhere', scope: 'admin' },
    async ({ deps, params }) => endSessionsOf(deps, parseId(params['id'], 'user')),
  );

  api.define(
    {
      method: 'post',
      path: '/users/:id/recovery',
      summary: 'Makes a link for a new password; shows it once',
      scope: 'admin',
      response: z.object({ url: z.string(), expiresAt: timeShape }),
    },
    async ({ c, deps, params }) => {
      const { token, expiresAt } = await makeRecoveryLink(deps, parseId(params['id'], 'user'));
      return { url: ownUrl({ c, config: deps.config }, acceptPath(token)), expiresAt };
    },
  );
}
