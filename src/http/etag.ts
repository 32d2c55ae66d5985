import type { Context } from 'hono';
import { KildeError } from '../domain/errors.ts';
import { toShownJson } from '../domain/hosts/shown-hosts.ts';
import { sha256Hex } from '../domain/sha256-hex.ts';

/** The entity tag of a text. */
export async function entityTagOf(text: string): Promise<string> {
  return `"${(await sha256Hex(text)).slice(0, 32)}"`;
}

/** Whether one of the tags of `If-None-Match` is this one, compared weakly: RFC 9110, 13.1.2. */
function matchesETag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}

/**
 * Refuses a change of a record that is another one than the caller has read, by `If-Match` (RFC 9110, 13.1.1). Tags are compared weakly,
 * since what compresses an answer on its way marks its tag as weak.
 * @throws KildeError `precondition_failed`.
 */
export async function refuseStale(c: Context, current: unknown): Promise<void> {
  const header = c.req.header('if-match');
  if (header === undefined) return;
  const tag = await entityTagOf(JSON.stringify(current));
  if (matchesETag(header, tag)) return;
  const message =
    'The record has changed since it was read, or never had the ETag of If-Match. Read it, and send the change again.';
  throw new KildeError('precondition_failed', message);
}

/** A text that a caller may store, and ask for again with its tag: 304 without a body where the caller has it already. */
export function taggedText(
  c: Context,
  { tag, text, headers }: { tag: string; text: string; headers: { 'content-type': string; [name: string]: string } },
): Response {
  const { 'content-type': type, ...others } = { 'cache-control': 'private, no-cache', ...headers, etag: tag };
  if (matchesETag(c.req.header('if-none-match'), tag)) return new Response(null, { status: 304, headers: others });
  return new Response(text, { headers: { ...others, 'content-type': type } });
}

/**
 * Answers a value as JSON, with hosts as people write them and an ETag of its content, or 304 where the caller has it already.
 * @param ignored members at the top that change without the content changing, such as the time of the answer.
 */
export async function jsonWithETag(
  c: Context,
  value: Record<string, unknown>,
  { ignored = [] }: { ignored?: readonly string[] } = {},
): Promise<Response> {
  const content = Object.fromEntries(Object.entries(value).filter(([name]) => !ignored.includes(name)));
  const tag = await entityTagOf(toShownJson(content));
  return taggedText(c, { tag, text: toShownJson(value), headers: { 'content-type': 'application/json' } });
}
