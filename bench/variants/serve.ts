import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { startKilde } from '../../tools/serve.ts';

// Serves one variant until its input ends; prints its address. All run in the same workerd, with the same endpoint.
const variant = process.argv[2];
const directory = await mkdtemp(join(tmpdir(), 'kilde-variant-'));

async function bare(name: 'empty' | 'insert') {
  const database = await startLibsqlServer({ path: join(directory, 'bare.db') });
  const client = createClient({ url: database.url });
  await client.execute('CREATE TABLE lead (id text PRIMARY KEY, email text, name text, page text, at integer)');
  client.close();
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser', 'import'],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name,
      modules: true,
      script: outputFiles[0]!.text,
      compatibilityDate: '2026-10-20',
      telemetry: { enabled: false },
      bindings: { LIBSQL_URL: database.url },
    }),
  );
  const url = (await miniflare.ready).href;
  return {
    url,
    close: async () => {
      await miniflare.dispose();
      await database.close();
    },
  };
}

const served = variant === 'kilde' ? await startKilde({ dataDirectory: directory }) : await bare(variant as 'empty');
console.log(served.url);
process.stdin.resume();
process.stdin.once('end', () => {
  void served
    .close()
    .then(async () => rm(directory, { recursive: true, force: true }))
    .then(() => process.exit(0));
});
