import type { Context } from 'hono';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { errorCodes, KildeError } from '../domain/errors.ts';
import type { InputError } from '../domain/errors.ts';
import { rateLimitHeaders } from './limit-rate.ts';
import { requestIdOf } from './request-id.ts';

/** RFC 9457 problem details, with Kilde's stable `code` and, for bad input, `errors`. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: InputError[];
};

/** Describes any thrown value. The message of what is not a `KildeError` is not shown. */
export function toProblem(error: unknown): Problem {
  const known = error instanceof KildeError ? error : hideError(error);
  const { status, title } = errorCodes[known.code];
  return {
    type: `https://kilde.dev/errors#${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.message,
    ...(known.errors.length > 0 ? { errors: known.errors } : {}),
  };
}

function hideError(error: unknown): KildeError {
  return isDatabaseUnavailable(error)
    ? new KildeError('unavailable', 'The database does not answer. Try again in a moment.')
    : new KildeError('internal', 'The request could not be handled.');
}

/** The headers of an answer that reports an error, whether a problem or a page. `allow`: the methods of the address, for 405. */
export function problemHeaders(
  error: unknown,
  { c, status, allow }: { c: Context; status: number; allow?: string },
): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'x-request-id': requestIdOf(c),
    ...(status === 503 ? { 'retry-after': '2' } : {}),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(allow === undefined ? {} : { allow }),
    ...rateLimitHeaders(error),
  };
}

/** The problem as `application/problem+json`. */
export function problemResponse(error: unknown, { c, allow }: { c: Context; allow?: string }): Response {
  const problem = toProblem(error);
  // "There is no such deal: 12". Not the address: in front of a site it is another one than the caller's.
  const named = Object.values(c.req.param()).join(', ');
  if (problem.code === 'not_found' && named !== '')
    problem.detail = `${problem.detail.replace(/\.$/, '')}: ${named.slice(0, 100)}`;
  return new Response(JSON.stringify({ ...problem, requestId: requestIdOf(c) }), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...problemHeaders(error, { c, status: problem.status, ...(allow === undefined ? {} : { allow }) }),
    },
  });
}
