import type { Context } from 'hono';
import { notFound } from '../domain/errors.ts';
import type { Deps } from '../http/deps.ts';

/** Files of this host alone may run, and nothing else may be asked. The library writes its styles into the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Record<string, string> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };

/** `GET /reference`: the description of the API as a page, and the files of that page (tools/build-reference.ts). */
export async function answerReference({ c, deps }: { c: Context; deps: Deps }): Promise<Response> {
  if (c.req.path === '/reference') {
    return c.html(await deps.readAsset('/reference/page.html'), 200, {
      'content-security-policy': policy,
      'cache-control': 'no-cache',
    });
  }
  const type = types[/^\/reference\/[\w./-]+\.(js|css)$/.exec(c.req.path)?.[1] ?? ''];
  const text = type && (await deps.readAsset(c.req.path).catch(() => null));
  if (!type || text === null) throw notFound('page');
  // Their folder is named after the version of the library; those of the page itself are asked for again.
  const isOwn = /\/page\.\w+$/.test(c.req.path);
  return c.body(text as string, 200, {
    'content-type': type,
    'cache-control': isOwn ? 'no-cache' : 'public, max-age=31536000, immutable',
  });
}
