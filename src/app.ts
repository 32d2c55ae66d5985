import { Hono } from 'hono';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Deps } from './http/deps.ts';
import { answerOtherMethod } from './http/allowed-methods.ts';
import { limitKeyOf, limitRate } from './http/limit-rate.ts';
import { noteFault } from './http/log-fault.ts';
import { problemResponse } from './http/problem.ts';
import { addSecureHeaders, secureHeaders } from './http/secure-headers.ts';
import { notFound } from './domain/errors.ts';
import { addFollowLinkRoute } from './routes/capture/follow-link.ts';
import { addHealthRoute } from './routes/health.ts';
import { addScriptRoute } from './routes/capture/script.ts';
import { addFormPageRoutes, addSubmitRoute } from './routes/capture/submit.ts';
import { executionContext } from './http/background.ts';
import { addTouchRoute } from './routes/capture/touch.ts';

/** The methods of each address of the edge. Those of the API are known from its declarations. */
const allowedMethods: Array<[path: RegExp, allow: string]> = [
  [/^\/(?:|t|k\.js|health|reference(?:\/.+)?|l\/[^/]+|f\/[^/]+\/thanks|app(?:\/.*)?)$/, 'GET, HEAD, OPTIONS'],
  [/^\/f\/[^/]+$/, 'POST, OPTIONS'],
];

type AppParts = {
  deps: Deps;
  /** The router of everything at and below `/api/v1`. */
  loadApi: () => Promise<Hono>;
  /** The router of everything below `/api/auth`. */
  loadAuth: () => Promise<Hono>;
};

/** The Worker's application. The edge (touch, form, links) is loaded at start; the API, sign-in and the demo only when first asked. */
export function createApp({ deps, loadApi, loadAuth }: AppParts): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    const problem = problemResponse(noteFault(error, { c, route: routePath(c) }), { c });
    addSecureHeaders(problem, { isHttps: c.req.url.startsWith('https:') });
    return problem;
  });
  // The busiest routes say all of what is said below themselves: before the others, they are called at once.
  addTouchRoute({ app, deps });
  addSubmitRoute({ app, deps });
  app.use(secureHeaders);
  app.notFound((c) => {
    const [, allow] = allowedMethods.find(([path]) => path.test(c.req.path)) ?? [];
    return allow === undefined ? problemResponse(notFound('page'), { c }) : answerOtherMethod(c, allow);
  });

  app.use('/l/*', async (c, next) => {
    await limitRate(deps.limits, { limit: 'addresses', key: limitKeyOf(c) });
    await next();
  });
  addFormPageRoutes({ app, deps });
  addFollowLinkRoute({ app, deps });
  addScriptRoute({ app });
  addHealthRoute({ app, deps });
  app.get('/', async (c) => (await import('./routes/home.ts')).answerHome({ c, deps }));
  const answerReference = async (c: Context) => (await import('./routes/reference.ts')).answerReference({ c, deps });
  app.get('/reference', answerReference);
  app.get('/reference/*', answerReference);
  app.get('/app/*', async (c) => (await import('./routes/web-app.ts')).answerWebApp({ c, deps }));
  if (deps.config.demo) {
    let demo: Hono | undefined;
    const loadDemo = async (): Promise<Hono> => (demo ??= (await import('./routes/capture/demo.ts')).createDemo(deps));
    const answer = async (c: Context) => (await loadDemo()).fetch(c.req.raw, c.env, executionContext(c));
    app.all('/demo', answer);
    app.all('/demo/*', answer);
  }

  app.all('/api/auth/*', async (c) => (await loadAuth()).fetch(c.req.raw, c.env, executionContext(c)));
  app.all('/api/v1/*', async (c) => (await loadApi()).fetch(c.req.raw, c.env, executionContext(c)));
  return app;
}
