import type { Hono } from 'hono';
import { createApp } from './app.ts';
import type { Env } from './config.ts';
import { createDeps } from './deps.ts';
import { passThrough } from './pass-through.ts';

let app: Hono | undefined;

/** The application of this isolate: made at its first request, since bindings come with one. */
function appOf(env: Env): Hono {
  if (!app) {
    const deps = createDeps(env);
    let api: Hono | undefined;
    const inner = createApp({
      deps,
      loadApi: async () => (api ??= (await import('./api.ts')).createApi(deps).router),
    });
    app = deps.config.passThrough ? passThrough({ app: inner, deps }) : inner;
  }
  return app;
}

export default {
  fetch(request, env, ctx) {
    return appOf(env).fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Env>;
