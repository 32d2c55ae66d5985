import type { Deps } from './http/deps.ts';
import { Api } from './http/operation.ts';
import { addPasswordRoutes } from './routes/users/password.ts';
import { addProviderSignInRoutes } from './routes/users/provider-sign-in.ts';
import { addSessionRoutes } from './routes/users/session.ts';

/** Everything below `/api/auth`: how users of the web app sign in and out. */
export function createAuth(deps: Deps): Api {
  const api = new Api(deps, '/api');
  addSessionRoutes(api);
  addPasswordRoutes(api);
  addProviderSignInRoutes(api);
  return api;
}
