import { readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import type { Metafile, Plugin } from 'esbuild';

/** The part of zod that makes JSON Schema, which every schema carries along: openapi.json is made here, not in the Worker. */
const withoutJsonSchema: Plugin = {
  name: 'without-json-schema',
  setup(building) {
    building.onLoad({ filter: /zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$/ }, async ({ path }) => {
      const names = Object.keys((await import(path)) as Record<string, unknown>);
      // Every export is a function that gives one: methods are made at once and called by nobody.
      return { contents: `const none = () => none;\nexport { ${names.map((name) => `none as ${name}`).join(', ')} };` };
    });
  },
};

/** One SHA-256 is enough: what signs webhooks (standardwebhooks) takes that of journeys. */
const oneSha256: Plugin = {
  name: 'one-sha256',
  setup(building) {
    building.onLoad({ filter: /\/fast-sha256\/[^/]*\.js$/ }, () => ({
      contents: `import { hmac as sign } from '@noble/hashes/hmac.js';
        import { sha256 } from '@noble/hashes/sha2.js';
        export const hmac = (key, message) => sign(sha256, key, message);`,
      resolveDir: import.meta.dirname,
    }));
  },
};

/** What the platform does itself: libSQL's client and what signs webhooks each bring base64 of their own. */
const platformBase64: Plugin = {
  name: 'platform-base64',
  setup(building) {
    building.onLoad({ filter: /\/js-base64\/[^/]*\.m?js$/ }, () => ({
      contents: `export const Base64 = {
        fromUint8Array: (bytes) => bytes.toBase64(),
        toUint8Array: (text) => Uint8Array.fromBase64(text),
      };`,
    }));
    building.onLoad({ filter: /\/@stablelib\/base64\/.*\.js$/ }, () => ({
      contents: `export const encode = (bytes) => bytes.toBase64();
        export const decode = (text) => Uint8Array.fromBase64(text);`,
    }));
  },
};

/** SQL is laid out for reading; the Worker carries it, and its isolates parse it, without the indentation. */
const withoutIndentation: Plugin = {
  name: 'without-indentation',
  setup(building) {
    building.onLoad({ filter: /\/src\/db\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(/\n[ \t]+/g, '\n'),
      loader: 'ts',
    }));
  },
};

/**
 * Builds the Worker into dist/: `worker.js` with what the edge needs to start, and chunks that are loaded when first
 * asked for.
 * @returns what went into which of them.
 */
export async function buildWorker({ outdir = 'dist' }: { outdir?: string } = {}): Promise<Metafile> {
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
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
    plugins: [withoutJsonSchema, oneSha256, platformBase64, withoutIndentation],
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

if (import.meta.main) await buildWorker();
