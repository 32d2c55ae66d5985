/**
 * One thing wrong with an input, and where: `body.name`, `query.limit`, `where.all[1].op`. `known`: the names that exist, where the
 * one given does not; the nearest first.
 */
export type InputError = { location: string; message: string; known?: string[] };

/** Every error that a caller may get. `code` is stable; docs/errors.md describes each. */
export const errorCodes = {
  bad_request: { status: 400, title: 'The request cannot be read' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  unauthorized: { status: 401, title: 'Sign in, or send a valid API key' },
  forbidden: { status: 403, title: 'This is not allowed' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  conflict: { status: 409, title: 'The state has changed or does not allow this' },
  precondition_failed: { status: 412, title: 'The record is not the one that was read' },
  form_closed: { status: 410, title: 'This form is closed' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of a type that cannot be read here' },
  too_expensive: { status: 422, title: 'The request asks for too much work' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong' },
  bad_gateway: { status: 502, title: 'The site does not answer' },
  loop_detected: { status: 508, title: 'The site leads back to Kilde' },
  unavailable: { status: 503, title: 'The database does not answer' },
} as const;
export type ErrorCode = keyof typeof errorCodes;

/** An error that is safe to show the caller. Anything else thrown is answered as `internal` without its message. */
export class KildeError extends Error {
  readonly code: ErrorCode;
  readonly errors: InputError[];
  /** How many faults there are that `errors` does not name. */
  readonly more: number;

  constructor(code: ErrorCode, detail: string, errors: InputError[] = [], more = 0) {
    super(detail);
    this.name = 'KildeError';
    this.code = code;
    this.errors = errors;
    this.more = more;
  }
}

/** Nothing is at the address that was asked for: `http/problem.ts` adds the id. `what`: a noun, such as `deal`. */
export function notFound(what: string): KildeError {
  return new KildeError('not_found', `There is no such ${what}.`);
}

/** The sentence about an id or a name in a body or a query that no record has. */
export const noSuch = (what: string, given: unknown): string => `There is no ${what} '${String(given).slice(0, 100)}'.`;

/** Faults that one answer names. A body may have a hundred thousand. */
export const maxInputErrors = 100;

/** @param unnamed faults that are not among `errors`; endless where nobody counted. */
export function invalidInput(errors: InputError[], unnamed = 0): KildeError {
  const named = errors.slice(0, maxInputErrors);
  const more = errors.length - named.length + unnamed;
  const texts = named.map((e) => `${e.location}: ${e.message}`);
  if (more > 0) texts.push(`and ${Number.isFinite(more) ? `${more} more` : 'more'} faults, which are not listed here`);
  return new KildeError('invalid_input', texts.join('; '), named, more);
}

export function conflict(detail: string): KildeError {
  return new KildeError('conflict', detail);
}
