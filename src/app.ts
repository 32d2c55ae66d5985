import { Hono } from 'hono';
import type { Deps } from './http/deps.ts';
import { problemResponse } from './http/problem.ts';
import { notFound } from './domain/errors.ts';
import { addDemoRoutes } from './routes/demo.ts';
import { addFollowLinkRoute } from './routes/follow-link.ts';
import { addHealthRoute } from './routes/health.ts';
import { addScriptRoute } from './routes/script.ts';
import { addSubmitRoutes } from './routes/submit.ts';
import { executionContext } from './http/background.ts';
import { addTouchRoute } from './routes/touch.ts';

/**
 * The Worker's application. The edge (touch, form, links) is loaded at start; the API only when first asked.
 * @param loadApi the router of everything at and below `/api/v1`.
 */
export function createApp({ deps, loadApi }: { deps: Deps; loadApi: () => Promise<Hono> }): Hono {
  const app = new Hono();
  app.onError((error) => {
    // The message may hold what somebody sent: its kind alone is logged.
    if (!('code' in error)) console.error(`unhandled ${error.name}`, error.stack?.split('\n').slice(1, 4).join(' '));
    return problemResponse(error);
  });
  app.notFound(() => problemResponse(notFound('page')));

  addTouchRoute({ app, deps });
  addSubmitRoutes({ app, deps });
  addFollowLinkRoute({ app, deps });
  addScriptRoute({ app });
  addHealthRoute({ app, deps });
  addDemoRoutes({ app, deps });

  app.all('/api/v1/*', async (c) => (await loadApi()).fetch(c.req.raw, c.env, executionContext(c)));
  return app;
}
