import type { Context } from 'hono';
import { sha256Hex } from '../domain/sha256-hex.ts';

/**
 * Answers a value as JSON with an ETag of its content, or 304 where the caller has it already.
 * @param ignored members at the top that change without the content changing, such as the time of the answer.
 */
export async function jsonWithETag(
  c: Context,
  value: Record<string, unknown>,
  { ignored = [] }: { ignored?: readonly string[] } = {},
): Promise<Response> {
  const content = Object.fromEntries(Object.entries(value).filter(([name]) => !ignored.includes(name)));
  const tag = `"${(await sha256Hex(JSON.stringify(content))).slice(0, 32)}"`;
  const headers = { etag: tag, 'cache-control': 'private, no-cache' };
  if (matchesETag(c.req.header('if-none-match'), tag)) return c.body(null, 304, headers);
  return c.json(value, 200, headers);
}

/** Whether one of the tags of an If-None-Match header is this one, compared weakly: RFC 9110, 13.1.2. */
function matchesETag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}
