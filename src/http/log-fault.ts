import type { Context } from 'hono';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { KildeError } from '../domain/errors.ts';
import { unreadableHost } from './own-address.ts';
import { requestIdOf } from './request-id.ts';

/**
 * Writes down a fault that nobody foresaw: its kind and where in the code, and the route by its pattern. Never a message, an
 * address or a body, since those can hold what somebody sent.
 */
export function logFault(error: unknown, route: string, requestId?: string): void {
  if (error instanceof KildeError) return;
  const inRequest = requestId === undefined ? [] : [`request ${requestId}`];
  if (isDatabaseUnavailable(error)) {
    console.error(`${route}: the database does not answer`, ...inRequest);
    return;
  }
  const name = error instanceof Error ? error.name : typeof error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? ` ${String(error.code)}` : '';
  const places = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  console.error(
    `${route}: ${name}${code}`,
    places
      .slice(0, 4)
      .map((line) => line.trim())
      .join(' | '),
    ...inRequest,
  );
}

/** What went wrong in a handler, and is answered: noted where nobody foresaw it. `route` is its pattern. */
export function noteFault(error: unknown, { c, route }: { c: Context; route: string }): unknown {
  const fault = URL.canParse(c.req.url) ? error : unreadableHost();
  logFault(fault, route, requestIdOf(c));
  return fault;
}
