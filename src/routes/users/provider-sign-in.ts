import * as z from 'zod';
import { parseId } from '../../http/ids.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { randomToken } from '../../domain/random-token.ts';
import type { Api } from '../../http/operation.ts';
import { ownPath, ownUrl } from '../../http/own-address.ts';
import { deleteSignedCookie, readSignedCookie, writeSignedCookie } from '../../http/session-cookie.ts';
import { namedShape } from '../../http/shapes.ts';
import { limitAttempts, signInAs } from '../../http/sign-in.ts';
import { namesOfProviders, readProvider } from '../../services/users/manage-providers.ts';
import { authorizationUrl, ProviderError, redeemCode } from '../../services/users/openid-client.ts';
import type { Begun } from '../../services/users/openid-client.ts';
import { findUserOfIdentity } from '../../services/users/sign-in-by-identity.ts';

/** How long somebody may take to sign in at the provider. */
const begunSeconds = 600;

/** What the cookie `kilde_sign_in` holds. `to`: the address of the app to go on to. */
type Cookie = Begun & { providerId: number; to: string; until: number };

/** An address of the app, which stands below `/app` whatever it is. */
const toAddress = z
  .string()
  .max(1_000)
  .regex(/^\/[^\p{Cc}]*$/u, 'must be an address of the app')
  .optional()
  .describe('Address of the app to go on to');
const firstAddress = '/overview';

/** Sign-in by an OpenID Connect provider. */
export function addProviderSignInRoutes(api: Api): void {
  api.define(
    {
      method: 'get',
      path: '/auth/providers',
      summary: 'Lists providers to sign in by',
      scope: null,
      response: z.object({ items: z.array(namedShape) }),
    },
    async ({ deps }) => ({ items: await namesOfProviders(deps) }),
  );

  api.define(
    {
      method: 'get',
      path: '/auth/providers/:id',
      summary: 'Sends the browser to a provider',
      scope: null,
      query: z.strictObject({ to: toAddress }),
    },
    async ({ c, deps, params, query: { to = firstAddress } }) => {
      const { config } = deps;
      await limitAttempts({ c, deps }, null);
      const provider = await readProvider(deps, parseId(params['id'], 'sign-in provider'));
      const redirectUri = ownUrl({ c, config }, '/api/auth/callback');
      const begun = { state: randomToken(), nonce: randomToken(), verifier: randomToken(), redirectUri };
      const leave = (path: string) => c.redirect(ownPath({ c, config }, path));
      try {
        const url = await authorizationUrl(deps, { provider, begun });
        const cookie: Cookie = { ...begun, providerId: provider.id, to, until: deps.clock() + begunSeconds * 1000 };
        const value = JSON.stringify(cookie);
        await writeSignedCookie({ c, config }, { name: 'kilde_sign_in', value, maxAgeSeconds: begunSeconds });
        return c.redirect(url);
      } catch (error) {
        return leave(problemPath(providerProblem(error, provider.name), to));
      }
    },
  );

  api.define(
    {
      method: 'get',
      path: '/auth/callback',
      summary: 'Takes the browser back from a provider, and signs it in',
      scope: null,
      query: z.object({
        state: z.string().optional(),
        code: z.string().optional(),
        iss: z.string().optional().describe('Issuer, RFC 9207'),
      }),
    },
    async ({ c, deps, query: { state, code, iss } }) => {
      const { config } = deps;
      const leave = (path: string) => c.redirect(ownPath({ c, config }, path));
      await limitAttempts({ c, deps }, null);
      const text = await readSignedCookie({ c, config }, 'kilde_sign_in');
      deleteSignedCookie({ c, config }, 'kilde_sign_in');
      const begun = text === null ? null : (parseJson(text) as Cookie);
      if (!begun || begun.state !== state || begun.until <= deps.clock()) return leave(problemPath('stale', begun?.to));
      // Such as where the user did not want to.
      if (code === undefined) return leave(problemPath('refused', begun.to));
      const provider = await readProvider(deps, begun.providerId);
      try {
        const identity = await redeemCode(deps, { provider, begun, code, issuer: iss });
        const found = await findUserOfIdentity(deps, { identity, provider });
        if ('problem' in found) return leave(problemPath(found.problem, begun.to));
        await signInAs({ c, deps }, found);
        return leave(`/app${begun.to}`);
      } catch (error) {
        return leave(problemPath(providerProblem(error, provider.name), begun.to));
      }
    },
  );
}

/** The page where one signs in, which says what went wrong. */
function problemPath(problem: string, to = firstAddress): string {
  return `/app/sign-in?${new URLSearchParams({ problem, to }).toString()}`;
}

/** Says in the log what is wrong with a provider; the browser is told that something is. @throws any other error. */
function providerProblem(error: unknown, name: string): string {
  if (!(error instanceof ProviderError)) throw error;
  console.error(`sign-in by ${JSON.stringify(name)} failed: ${error.message}`);
  return 'provider';
}
