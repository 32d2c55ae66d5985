import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { errorCodes, KildeError } from '../domain/errors.ts';

/** RFC 9457 problem details, with Kilde's stable `code` and, for bad input, `errors`. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: Array<{ location: string; message: string }>;
};

/** Describes any thrown value. What is not a `KildeError` keeps its message to itself. */
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

/** The problem as `application/problem+json`. */
export function problemResponse(error: unknown): Response {
  const problem = toProblem(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...(problem.status === 503 ? { 'retry-after': '2' } : {}),
      ...(problem.status === 429 ? { 'retry-after': '60' } : {}),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
  });
}
