import { resolve } from 'node:path';
import { startKilde } from './serve.ts';

/** `npm start`: everything on one port, until Ctrl-C. */
const port = Number(process.env['PORT'] ?? 8787);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT is "${process.env['PORT']}": it must be a port number.`);
  process.exit(1);
}
const dataDirectory = resolve(process.env['KILDE_DATA'] ?? '.kilde');
const settings = [
  'KILDE_ADMIN_KEY',
  'JOURNEY_KEYS',
  'TURNSTILE_SECRET',
  'KILDE_DEMO',
  'KILDE_PRIVATE_ADDRESSES',
  'PASS_THROUGH_HOSTS',
  'PASS_THROUGH_ORIGIN',
  'KILDE_PUBLIC_URL',
];
const bindings = Object.fromEntries(
  settings.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
);

const kilde = await startKilde({
  dataDirectory,
  port,
  host: process.env['HOST'] ?? '127.0.0.1',
  bindings,
}).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await kilde.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Miniflare ends the process at once; the database is to be closed first.
  process.removeAllListeners(signal);
  process.on(signal, () => void stop());
}

// Last, since whoever waits for it may stop it at once.
console.log(`
  Kilde      ${kilde.url}${bindings['KILDE_DEMO'] === '0' ? '' : `\n  Try it     ${new URL('/demo', kilde.url).href}`}
  Admin key  ${kilde.adminKey}
  Data       ${dataDirectory}

  Ctrl-C stops it.`);
