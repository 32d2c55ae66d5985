import type { Context } from 'hono';
import { KildeError, notFound } from '../domain/errors.ts';
import type { Deps } from '../http/deps.ts';
import { ownPath } from '../http/own-address.ts';

const contentTypes: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
  png: 'image/png',
};

/** The names of the build hold a hash of the content, so that a browser never asks again. */
const forever = 'public, max-age=31536000, immutable';

/** `GET /app/*`: a file of the build below `assets/`, else the page, which finds the screen by its address. */
export async function answerWebApp({ c, deps }: { c: Context; deps: Deps }): Promise<Response> {
  const { pathname } = new URL(c.req.url);
  const base = ownPath({ c, config: deps.config }, '/app/');
  if (pathname === '/app') return c.redirect(base);
  const [, name] = /^\/app\/assets\/([\w.-]+)$/.exec(pathname) ?? [];
  if (name !== undefined) return answerFile({ c, deps, name });
  if (pathname.startsWith('/app/assets/')) throw notFound('page');
  return answerPage({ deps, base });
}

async function answerFile({ c, deps, name }: { c: Context; deps: Deps; name: string }): Promise<Response> {
  const type = contentTypes[name.slice(name.lastIndexOf('.') + 1)];
  if (type === undefined) throw notFound('page');
  const headers = { 'content-type': type, 'cache-control': forever, vary: 'Accept-Encoding' };
  // The build compresses once; each answer only passes the bytes on.
  if (/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) {
    const compressed = await deps.fetchAsset(`/app/assets/${name}.gz`);
    if (compressed.ok) {
      return new Response(compressed.body, {
        headers: { ...headers, 'content-encoding': 'gzip' },
        encodeBody: 'manual',
      });
    }
  }
  const file = await deps.fetchAsset(`/app/assets/${name}`);
  if (!file.ok) throw notFound('page');
  return new Response(file.body, { headers });
}

async function answerPage({ deps, base }: { deps: Deps; base: string }): Promise<Response> {
  const page = await deps.fetchAsset('/app/shell.txt');
  if (!page.ok) throw new KildeError('unavailable', 'The web app has not been built. Run `npm run build`.');
  const nonce = crypto.randomUUID();
  const html = (await page.text()).replaceAll('__NONCE__', nonce).replaceAll('="./', `="${base}`);
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'private, no-cache',
      'content-security-policy': pagePolicy(nonce),
    },
  });
}

/** Scripts of the page and those that they load; styles of the build, and those that Mantine writes with the nonce. */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
