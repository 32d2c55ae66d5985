import * as z from 'zod';
import { invalidInput } from '../../domain/errors.ts';
import { answerList, answerOne } from '../../http/answer-list.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { ownUrl } from '../../http/own-address.ts';
import { pageOf } from '../../http/paging.ts';
import { emailText, idShape, timeShape } from '../../http/shapes.ts';
import { languageName, roleName } from '../../http/user-schema.ts';
import { invitationList, invite, listInvitations, revokeInvitation } from '../../services/users/manage-invitations.ts';
import { acceptPath } from '../../services/users/one-time-links.ts';

const newInvitation = z.strictObject({
  email: emailText,
  role: roleName,
  language: languageName.optional(),
  mail: z.boolean().optional().describe('Whether to mail it; unset: where mail can be sent'),
});

const invitationShape = z.object({
  id: idShape,
  email: z.string(),
  role: roleName,
  language: languageName.nullable(),
  mailed: z.boolean(),
  createdAt: timeShape,
  expiresAt: timeShape,
});

/** Invitations of users: a link that can be used once. */
export function addInvitationRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/invitations',
      summary: 'Lists invitations not accepted',
      scope: 'admin',
      list: invitationList,
      response: pageOf(invitationShape),
    },
    async ({ c, deps, query }) => answerList(c, listInvitations(deps, query)),
  );

  api.define(
    {
      method: 'post',
      path: '/invitations',
      summary: 'Invites a user; shows the link once',
      scope: 'admin',
      body: newInvitation,
      response: invitationShape.extend({ url: z.string() }),
      status: 201,
    },
    async ({ c, deps, body: { email, role, language = null, mail = deps.sendMail !== null } }) => {
      if (mail && !deps.sendMail) {
        throw invalidInput([{ location: 'body.mail', message: 'No mail can be sent: KILDE_MAIL_FROM is not set.' }]);
      }
      const mailFrom = mail ? ownUrl({ c, config: deps.config }, '') : null;
      const { token, ...invitation } = await invite(deps, { email, role, language, mailFrom });
      return { ...invitation, url: ownUrl({ c, config: deps.config }, acceptPath(token)) };
    },
  );

  api.define(
    {
      method: 'get',
      path: '/invitations/:id',
      summary: 'Shows an invitation',
      scope: 'admin',
      response: invitationShape,
    },
    async ({ deps, params }) =>
      answerOne(invitationList, {
        id: params['id'],
        what: 'invitation',
        read: (query) => listInvitations(deps, query),
      }),
  );

  api.define(
    { method: 'delete', path: '/invitations/:id', summary: 'Revokes an invitation', scope: 'admin' },
    async ({ deps, params }) => revokeInvitation(deps, parseId(params['id'], 'invitation')),
  );
}
