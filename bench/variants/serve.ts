import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client/http';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { bundleVariant } from '../bundle-variant.ts';
import type { BareVariant } from '../bundle-variant.ts';
import { startLibsqlServer } from '../../tools/libsql-server/start-libsql-server.ts';
import { startKilde } from '../../tools/serve.ts';

// Serves one variant until its input ends; prints its address. All run in the same workerd, with the same endpoint.
const variant = process.argv[2];
const directory = await mkdtemp(join(tmpdir(), 'kilde-variant-'));

async function bare(name: BareVariant) {
  const database = name === 'same-rows' ? await ownDatabase() : await bareDatabase();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name,
      modules: true,
      script: await bundleVariant(name),
      compatibilityDate: '2026-10-20',
      // As the product is served: nothing before the Worker.
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
      telemetry: { enabled: false },
      bindings: { LIBSQL_URL: database.url, ...('token' in database ? { LIBSQL_AUTH_TOKEN: database.token } : {}) },
    }),
  );
  await miniflare.ready;
  const url = (await miniflare.unsafeGetDirectURL(name)).href;
  return {
    url,
    close: async () => {
      await miniflare.dispose();
      await database.close();
    },
  };
}

async function bareDatabase() {
  const database = await startLibsqlServer({ path: join(directory, 'bare.db') });
  const client = createClient({ url: database.url });
  await client.execute('CREATE TABLE lead (id text PRIMARY KEY, email text, name text, page text, at integer)');
  client.close();
  return database;
}

/** The product's database, with the product idle beside it. */
async function ownDatabase() {
  const kilde = await startKilde({ dataDirectory: directory });
  return { url: kilde.databaseUrl, token: kilde.databaseAuthToken, close: async () => kilde.close() };
}

const served =
  variant === 'kilde' ? await startKilde({ dataDirectory: directory }) : await bare(variant as BareVariant);
console.log(served.url);
process.stdin.resume();
process.stdin.once('end', () => {
  void served
    .close()
    .then(async () => rm(directory, { recursive: true, force: true }))
    .then(() => process.exit(0));
});
