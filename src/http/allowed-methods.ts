import type { Context } from 'hono';
import { KildeError } from '../domain/errors.ts';
import { problemResponse } from './problem.ts';

/** The methods of an address as `Allow` lists them: HEAD goes with GET, and OPTIONS with all. */
export function allowText(methods: Iterable<string>): string {
  const named = new Set([...methods].map((method) => method.toUpperCase()));
  if (named.has('GET')) named.add('HEAD');
  named.add('OPTIONS');
  return [...named].join(', ');
}

/** The answer of an address to a method that it does not have; OPTIONS asks which ones it has. */
export function answerOtherMethod(c: Context, allow: string): Response {
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  const error = new KildeError(
    'method_not_allowed',
    `${c.req.method.slice(0, 20)} is not allowed here. This address takes ${allow}.`,
  );
  return problemResponse(error, { c, allow });
}
