import * as z from 'zod';
import { runInBackground } from '../../http/background.ts';
import type { Api } from '../../http/operation.ts';
import { ownUrl } from '../../http/own-address.ts';
import { refuseOtherOrigin } from '../../http/session-cookie.ts';
import { emailText, nameText, timeShape } from '../../http/shapes.ts';
import { canMailRecovery, limitAttempts, sessionAnswer, signInAs } from '../../http/sign-in.ts';
import { givenPassword, languageName, linkToken, newPassword } from '../../http/user-schema.ts';
import { linkPurposes } from '../../domain/users/roles.ts';
import { acceptLink } from '../../services/users/accept-link.ts';
import { changePassword } from '../../services/users/manage-sessions.ts';
import { readLink } from '../../services/users/one-time-links.ts';
import { mailRecovery } from '../../services/users/recover-password.ts';
import { signedInShape } from './session.ts';

/** Passwords, and the one-time links by which they are first set. */
export function addPasswordRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/auth/password',
      summary: 'Changes your password, and ends your other sessions',
      scope: 'read',
      bySession: true,
      audit: true,
      body: z.strictObject({ currentPassword: givenPassword, newPassword }),
      response: signedInShape,
    },
    async ({ c, deps, actor, body }) => {
      const { userId, email } = actor.session!;
      await limitAttempts({ c, deps }, email);
      await changePassword(deps, { userId, current: body.currentPassword, next: body.newPassword });
      return sessionAnswer(await signInAs({ c, deps }, { userId, endsOthers: true }));
    },
  );

  api.define(
    {
      method: 'post',
      path: '/auth/recovery',
      summary: 'Has a link for a new password mailed, if the address is a user’s',
      scope: null,
      audit: false,
      body: z.strictObject({ email: emailText }),
    },
    async ({ c, deps, body }) => {
      refuseOtherOrigin({ c, config: deps.config }, { needsProof: false });
      // By the address on the net alone: strangers who try passwords cannot keep a user from recovering theirs.
      await limitAttempts({ c, deps }, null);
      // After the answer, which is the same and takes as long whether there is such a user or not.
      const baseUrl = ownUrl({ c, config: deps.config }, '');
      if (canMailRecovery({ c, deps })) runInBackground(c, mailRecovery(deps, { email: body.email, baseUrl }));
    },
  );

  api.define(
    {
      method: 'post',
      path: '/auth/link',
      summary: 'Shows what a one-time link is for',
      scope: null,
      audit: false,
      body: z.strictObject({ token: linkToken }),
      response: z.object({
        purpose: z.enum(linkPurposes),
        email: z.string().nullable().describe('Whom it is for; null: the first administrator gives one'),
        name: z.string().nullable().describe('Of the user whose password is recovered'),
        expiresAt: timeShape,
      }),
    },
    async ({ c, deps, body }) => {
      await limitAttempts({ c, deps }, null);
      return (await readLink(deps, body.token)).answer;
    },
  );

  api.define(
    {
      method: 'post',
      path: '/auth/accept',
      summary: 'Uses a one-time link: sets name and password, and signs in',
      scope: null,
      audit: false,
      body: z.strictObject({
        token: linkToken,
        password: newPassword,
        name: nameText.optional().describe('Needed but for a recovery'),
        email: emailText.optional().describe('Needed for the first administrator'),
        language: languageName.optional(),
      }),
      response: signedInShape,
    },
    async ({ c, deps, body }) => {
      refuseOtherOrigin({ c, config: deps.config }, { needsProof: false });
      await limitAttempts({ c, deps }, null);
      const { userId, isRecovery } = await acceptLink(deps, body);
      return sessionAnswer(await signInAs({ c, deps }, { userId, endsOthers: isRecovery }));
    },
  );
}
