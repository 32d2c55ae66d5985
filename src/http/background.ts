import type { Context } from 'hono';

/** The request's execution context; undefined where the application is called without one. */
export function executionContext(c: Context): ExecutionContext | undefined {
  try {
    return c.executionCtx as ExecutionContext;
  } catch {
    return undefined;
  }
}

/** Lets work go on after the answer has gone out. Its failure is logged by kind and goes no further. */
export function runInBackground(c: Context, work: Promise<unknown>): void {
  const settled = work.catch((error: unknown) => {
    console.error(`background work failed: ${error instanceof Error ? error.name : 'unknown'}`);
  });
  executionContext(c)?.waitUntil(settled);
}
