import type { Context } from 'hono';

/** The ids given so far, for as long as their requests live. */
const ids = new WeakMap<Request, string>();

/** The id of a request: `X-Request-Id` of its answer, `requestId` in a problem, and in the log. An id that comes in is not adopted. */
export function requestIdOf(c: Context): string {
  let id = ids.get(c.req.raw);
  if (id === undefined) ids.set(c.req.raw, (id = crypto.randomUUID()));
  return id;
}
