import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

/**
 * Builds the Worker into dist/: `worker.js` with what the edge needs to start, and chunks that are loaded when first
 * asked for.
 */
export async function buildWorker({ outdir = 'dist' }: { outdir?: string } = {}): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: { worker: 'src/worker.ts' },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: false,
    format: 'esm',
    target: 'es2024',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'warning',
  });
}

if (import.meta.main) await buildWorker();
