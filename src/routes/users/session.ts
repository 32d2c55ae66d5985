import * as z from 'zod';
import { readSession } from '../../http/auth.ts';
import { parseId } from '../../http/ids.ts';
import type { Api } from '../../http/operation.ts';
import { deleteSignedCookie, readSignedCookie, refuseOtherOrigin } from '../../http/session-cookie.ts';
import { emailText, idShape, namedShape, timeShape } from '../../http/shapes.ts';
import { limitAttempts, sessionAnswer, signInAs } from '../../http/sign-in.ts';
import { givenPassword, languageName, roleName } from '../../http/user-schema.ts';
import { scopes } from '../../http/auth.ts';
import { endOtherSessions, endSession, endSessionOf, listSessions } from '../../services/users/manage-sessions.ts';
import { checkPassword } from '../../services/users/sign-in.ts';

export const signedInShape = z
  .object({
    user: z
      .object({
        id: idShape,
        name: z.string(),
        email: z.string(),
        language: languageName.nullable(),
        owner: namedShape.nullable(),
      })
      .nullable()
      .describe('Null: nobody is signed in'),
    role: roleName.nullable(),
    scopes: z.array(z.enum(scopes)).describe('What the role may do by the API'),
    session: z.object({ id: idShape, expiresAt: timeShape }).nullable(),
  })
  .meta({ id: 'SignedIn' });

const sessionShape = z.object({
  id: idShape,
  device: z.string().describe('Browser and system in words'),
  createdAt: timeShape,
  seenAt: timeShape.describe('When it was last used, to the hour'),
  expiresAt: timeShape,
  current: z.boolean().describe('Whether this request is of it'),
});

/** Signing in and out, and where one is signed in. */
export function addSessionRoutes(api: Api): void {
  api.define(
    {
      method: 'post',
      path: '/auth/sign-in',
      summary: 'Signs in with e-mail address and password, by a cookie',
      scope: null,
      body: z.strictObject({ email: emailText, password: givenPassword }),
      response: signedInShape,
      audit: false,
    },
    async ({ c, deps, body }) => {
      refuseOtherOrigin({ c, config: deps.config }, { needsProof: false });
      await limitAttempts({ c, deps }, body.email);
      const { userId } = await checkPassword(deps, body);
      return sessionAnswer(await signInAs({ c, deps }, { userId }));
    },
  );

  api.define(
    { method: 'post', path: '/auth/sign-out', summary: 'Ends the session of the cookie', scope: null, audit: false },
    async ({ c, deps }) => {
      const { config } = deps;
      refuseOtherOrigin({ c, config }, { needsProof: true });
      const token = await readSignedCookie({ c, config }, 'kilde_session');
      deleteSignedCookie({ c, config }, 'kilde_session');
      if (token !== null) await endSessionOf(deps, token);
    },
  );

  api.define(
    {
      method: 'get',
      path: '/auth/session',
      summary: 'Shows who is signed in',
      scope: null,
      response: signedInShape,
    },
    async ({ c, deps }) => {
      const token = await readSignedCookie({ c, config: deps.config }, 'kilde_session');
      return sessionAnswer(token === null ? null : await readSession({ c, deps }, token));
    },
  );

  api.define(
    {
      method: 'get',
      path: '/auth/sessions',
      summary: 'Lists where you are signed in, the latest first',
      scope: 'read',
      bySession: true,
      response: z.object({ items: z.array(sessionShape) }),
    },
    async ({ deps, actor }) => ({ items: await listSessions(deps, actor.session!) }),
  );

  api.define(
    {
      method: 'delete',
      path: '/auth/sessions',
      summary: 'Ends your other sessions',
      scope: 'read',
      bySession: true,
      audit: false,
    },
    async ({ deps, actor }) => endOtherSessions(deps, actor.session!),
  );

  api.define(
    {
      method: 'delete',
      path: '/auth/sessions/:id',
      summary: 'Ends one of your sessions',
      scope: 'read',
      bySession: true,
      audit: false,
    },
    async ({ c, deps, actor, params }) => {
      const { userId, sessionId } = actor.session!;
      const id = parseId(params['id'], 'session');
      await endSession(deps, { id, userId });
      if (id === sessionId) deleteSignedCookie({ c, config: deps.config }, 'kilde_session');
    },
  );
}
