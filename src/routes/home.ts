import type { Context } from 'hono';
import type { Deps } from '../http/deps.ts';
import { ownPath } from '../http/own-address.ts';

/** `GET /`: the web app for a browser, and what runs here as JSON for everybody else. */
export function answerHome({ c, deps: { config } }: { c: Context; deps: Deps }): Response {
  const pathOf = (path: string): string => ownPath({ c, config }, path);
  c.header('vary', 'Accept');
  if (/\btext\/html\b/i.test(c.req.header('accept') ?? '')) return c.redirect(pathOf('/app/'));
  const links = {
    app: pathOf('/app/'),
    ...(config.demo ? { demo: pathOf('/demo') } : {}),
    reference: pathOf('/reference'),
    api: pathOf('/api/v1/openapi.json'),
    health: pathOf('/health'),
  };
  return c.json({ name: 'Kilde', links }, 200, { 'cache-control': 'no-store' });
}
