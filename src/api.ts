import type { Deps } from './http/deps.ts';
import { Api } from './http/operation.ts';

/** Everything below `/api/v1`. */
export function createApi(deps: Deps): Api {
  const api = new Api(deps);
  return api;
}
