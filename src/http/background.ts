import type { Context } from 'hono';
import { inTime } from '../services/in-time.ts';
import type { Deps } from './deps.ts';

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

const patienceMs = 5_000;

/** Does work whose answer waits for it, but not longer than some seconds: then it goes on in the background. */
export async function runAtOnce({
  c,
  deps,
  work,
}: {
  c: Context;
  deps: Pick<Deps, 'abortAfter'>;
  work: Promise<unknown>;
}): Promise<void> {
  runInBackground(c, work);
  await inTime(work, deps.abortAfter(patienceMs)).catch(() => {});
}
