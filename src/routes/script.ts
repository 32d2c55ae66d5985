import type { Hono } from 'hono';
import { tracker } from '../generated/tracker.ts';

/** `GET /k.js`: the tracker, the same for every site. */
export function addScriptRoute({ app }: { app: Hono }): void {
  app.get('/k.js', (c) => {
    c.header('content-type', 'text/javascript; charset=utf-8');
    c.header('cache-control', 'public, max-age=3600');
    c.header('cross-origin-resource-policy', 'cross-origin');
    c.header('x-content-type-options', 'nosniff');
    return c.body(tracker);
  });
}
