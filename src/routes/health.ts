import type { Hono } from 'hono';
import type { Deps } from '../http/deps.ts';
import { checkHealth } from '../services/settings/check-health.ts';

/** `GET /health`: 200 while the database answers, else 503. */
export function addHealthRoute({ app, deps }: { app: Hono; deps: Deps }): void {
  app.get('/health', async (c) => {
    const health = await checkHealth(deps);
    c.header('cache-control', 'no-store');
    return c.json(health, health.ok ? 200 : 503);
  });
}
