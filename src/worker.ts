import type { Hono } from 'hono';
import { createApp } from './app.ts';
import type { Env } from './config.ts';
import { createDeps } from './deps.ts';
import type { Deps } from './http/deps.ts';
import { passThrough } from './pass-through.ts';

/** An address of the API or of sign-in, also below the prefix that Kilde has in front of a site. */
const apiAddress = /^\w+:\/\/[^/?#]*(?:\/(?:_|%5f)kilde)?\/api\/(?:v1|auth)(?:[/?#]|$)/i;

/** What an isolate keeps: made at its first event, since bindings come with one. */
let isolate: { deps: Deps; app: Hono } | undefined;

function start(env: Env): { deps: Deps; app: Hono } {
  const deps = createDeps(env);
  let api: Hono | undefined;
  let auth: Hono | undefined;
  const app = createApp({
    deps,
    loadApi: async () => (api ??= (await import('./api.ts')).createApi(deps).router),
    loadAuth: async () => (auth ??= (await import('./api.ts')).createAuth(deps).router),
  });
  return { deps, app: deps.config.passThrough ? passThrough({ app, deps }) : app };
}

export default {
  fetch(request, env, ctx) {
    if (env.API && apiAddress.test(request.url) && URL.canParse(request.url)) return env.API.fetch(request);
    const { deps, app } = (isolate ??= start(env));
    // Without them a site that Kilde stands in front of still answers, and so does /health: what asks for them fails.
    const loading = deps.loadTables()?.catch(() => console.error('the tables could not be read'));
    const answer = () => app.fetch(request, env, ctx);
    return loading ? loading.then(answer) : answer();
  },

  async scheduled(controller, env) {
    isolate ??= start(env);
    await isolate.deps.loadTables();
    const { runJobs } = await import('./jobs/run-jobs.ts');
    await runJobs({ deps: isolate.deps, now: controller.scheduledTime });
  },

  async queue(batch, env) {
    isolate ??= start(env);
    const { consumeQueue } = await import('./jobs/consume-queue.ts');
    await consumeQueue({ deps: isolate.deps, batch });
  },
} satisfies ExportedHandler<Env>;
