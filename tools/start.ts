import { join } from 'node:path';
import { buildApp } from './build-app.ts';
import { dataFolder, failWith, secretsName } from './data-folder.ts';

/** `npm start`: everything on one port, until Ctrl-C. */
// What is made from here on is for this user alone.
process.umask(0o077);
const port = readNumber('PORT', { unset: 8787, isValid: (n) => Number.isInteger(n) && n >= 0 && n <= 65_535 });
const querySeconds = readNumber('KILDE_QUERY_SECONDS', { unset: 10, isValid: (n) => n > 0 && n <= 3_600 });
const hasLimits = readLimits();
const dataDirectory = dataFolder();
const settings = [
  'KILDE_ADMIN_KEY',
  'JOURNEY_KEYS',
  'TURNSTILE_SECRET',
  'KILDE_DEMO',
  'KILDE_PRIVATE_ADDRESSES',
  'PASS_THROUGH_HOSTS',
  'PASS_THROUGH_ORIGIN',
  'KILDE_PUBLIC_URL',
  'KILDE_MAIL_FROM',
];
const bindings = Object.fromEntries(
  settings.flatMap((name) => (process.env[name] ? [[name, process.env[name]] as const] : [])),
);

const kilde = await start().catch(failWith);
// After what can refuse the start. Of the same sources it is there already.
await buildApp().catch((error: unknown) => console.error(error instanceof Error ? error.message : error));

async function start() {
  const { startKilde } = await import('./serve.ts');
  const host = process.env['HOST'] || '127.0.0.1';
  const smtpUrl = process.env['KILDE_SMTP_URL'] || null;
  return startKilde({ dataDirectory, port, host, querySeconds, hasLimits, smtpUrl, bindings });
}

function readNumber(name: string, { unset, isValid }: { unset: number; isValid: (value: number) => boolean }): number {
  const text = process.env[name]?.trim();
  const value = text ? Number(text) : unset;
  if (isValid(value)) return value;
  const allowed = name === 'PORT' ? 'a port number, 0 to 65535' : 'a number of seconds, up to 3600';
  return failWith(`${name} is "${text}": it must be ${allowed}.`);
}

/** Whether the rate limits hold: always, but for load tests. */
function readLimits(): boolean {
  const text = process.env['KILDE_LIMITS']?.trim() || 'on';
  if (text === 'on' || text === 'off') return text === 'on';
  return failWith(`KILDE_LIMITS is "${text}": it must be on or off.`);
}

function whereKeyIs(): string {
  if (kilde.isNewAdminKey) return kilde.adminKey;
  return process.env['KILDE_ADMIN_KEY'] ? 'as KILDE_ADMIN_KEY says' : `in ${join(dataDirectory, secretsName)}`;
}

/** Where the first administrator is made, while there is no user. */
async function firstAddress(): Promise<string> {
  const { firstLink } = await import('./first-link.ts');
  const { databaseUrl: url, databaseAuthToken: authToken } = kilde;
  const link = await firstLink({ url, authToken, baseUrl: process.env['KILDE_PUBLIC_URL'] || kilde.url });
  return link === null
    ? ''
    : `  Begin      ${link}\n             The link makes the first administrator, once, within a day.\n`;
}

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
${await firstAddress()}  Kilde      ${kilde.url}${bindings['KILDE_DEMO'] === '0' ? '' : `\n  Try it     ${new URL('/demo', kilde.url).href}`}
  Admin key  ${whereKeyIs()}
  Data       ${dataDirectory}

  Ctrl-C stops it.`);
