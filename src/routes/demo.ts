import type { Hono } from 'hono';
import type { Deps } from '../http/deps.ts';

/** `/demo`: the worked example, doable in a browser; served where `KILDE_DEMO` is 1. */
export function addDemoRoutes({ app, deps }: { app: Hono; deps: Deps }): void {
  if (!deps.config.demo) return;
  app.get('/demo', (c) => c.text('demo'));
}
