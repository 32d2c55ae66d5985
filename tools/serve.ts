import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@libsql/client/http';
import type { Client } from '@libsql/client/http';
import { convertV4MiniflareOptions, Miniflare, Response as MiniflareResponse } from 'miniflare';
import type { Request as MiniflareRequest } from 'miniflare';
import { parseConfig } from '../src/config.ts';
import type { Env } from '../src/config.ts';
import { demoFormKey } from '../src/domain/capture/demo-form.ts';
import { ratePolicies } from '../src/http/limit-rate.ts';
import { buildWorker } from './build.ts';
import { buildReference } from './build-reference.ts';
import { checkAddress } from './check-address.ts';
import {
  databaseName,
  keepSecrets,
  lockDataFolder,
  noteEndpoint,
  prepareDataFolder,
  StartError,
} from './data-folder.ts';
import { fileFolder } from './file-folder.ts';
import { startLibsqlServer } from './libsql-server/start-libsql-server.ts';
import type { LibsqlServer } from './libsql-server/start-libsql-server.ts';
import { migrate } from './migrations.ts';
import type { MailRequest } from '../src/services/deliveries/send-mail.ts';
import type { Mailer } from './smtp-mailer.ts';

export type ServeOptions = {
  /** Where database and secrets are kept; made if missing. */
  dataDirectory: string;
  /** 0: any free port. */
  port?: number;
  host?: string;
  /** Serves HTTPS with a certificate that nobody trusts. */
  https?: boolean;
  /** Whether forms go to a queue while the database is away, as at Cloudflare's. This one is memory: for tests alone. */
  hasSubmissionsQueue?: boolean;
  /** Whether there is a binding that takes mail, and keeps it to itself: for tests alone. */
  hasMail?: boolean;
  /** Whether requests are counted against the limits that Cloudflare sets. */
  hasLimits?: boolean;
  /** A mail server, `smtp://user:password@mail.example.com:587`; null sends no mail. Needs `KILDE_MAIL_FROM` among the bindings. */
  smtpUrl?: string | null;
  /** How long a query that only reads may take. */
  querySeconds?: number;
  /**
   * The port of the inspector, for `npm run dev`: the Worker is then built for reading, and runs in one process, which the inspector shows.
   */
  inspectorPort?: number | undefined;
  /** Bindings beside and above those the server gives. */
  bindings?: Record<string, string>;
};

export type Served = {
  url: string;
  databaseUrl: string;
  /** What the database wants to be shown; another at every start. */
  databaseAuthToken: string;
  adminKey: string;
  /** Whether the admin key was made at this start. */
  isNewAdminKey: boolean;
  /** Fires the cron trigger, beside its minutes. */
  trigger(): Promise<void>;
  /** Builds the Worker again and puts it in the place of the one that runs. @throws Error where the sources have a fault: the old one stays. */
  reload(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Runs the whole product on this machine: the libSQL endpoint over a file, its migrations, and the Worker in workerd.
 * Data and secrets stay in `dataDirectory` between starts, and no other process may be started on it.
 * @throws Error whose message says what to mend: of the settings, the folder, the database or the address.
 */
export async function startKilde({
  dataDirectory,
  port = 0,
  host = '127.0.0.1',
  https = false,
  hasSubmissionsQueue = false,
  hasMail = false,
  smtpUrl = null,
  hasLimits = false,
  querySeconds = 10,
  inspectorPort,
  bindings = {},
}: ServeOptions): Promise<Served> {
  prepareDataFolder(dataDirectory);
  const unlock = lockDataFolder(dataDirectory);
  // What has been started so far, to be ended in reverse.
  const endings: Array<() => Promise<void> | void> = [unlock];
  const endAll = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  try {
    const { secrets, areNew } = keepSecrets(dataDirectory);
    const adminKey = bindings['KILDE_ADMIN_KEY'] || secrets.adminKey;
    const settings = { JOURNEY_KEYS: secrets.journeyKeys, KILDE_DEMO: '1', ...bindings, KILDE_ADMIN_KEY: adminKey };
    // Settings that are wrong end the start, before anything runs.
    const config = parseConfig({ LIBSQL_URL: 'http://127.0.0.1', ...settings } as unknown as Env);
    const siteOrigin = config.passThrough?.origin ?? null;
    if (siteOrigin !== null) refuseOwnAddress({ siteOrigin, host, port });
    await checkAddress({ host, port });
    const mailer = smtpUrl === null ? null : await startMailer({ smtpUrl, from: config.mailFrom });
    if (mailer) endings.push(() => mailer.close());

    const outdir = join(dataDirectory, 'worker');
    const isForReading = inspectorPort !== undefined;
    const [database] = await Promise.all([
      openDatabase({ dataDirectory, querySeconds }),
      buildWorker({ outdir, isForReading }),
      buildReference(),
    ]);
    endings.push(() => database.close());
    await bringUpToDate({ database, path: join(dataDirectory, databaseName), hasDemo: config.demo });
    endings.push(noteEndpoint(dataDirectory, database));
    const runtime = await startRuntime({
      address: { host, port, https },
      outdir,
      siteOrigin,
      hasPrivateAddresses: config.privateAddresses,
      hasMail,
      mailer,
      hasLimits,
      hasSubmissionsQueue,
      inspectorPort,
      filesDirectory: join(dataDirectory, 'files'),
      bindings: { LIBSQL_URL: database.url, LIBSQL_AUTH_TOKEN: database.authToken, ...settings },
    });
    endings.push(() => runtime.dispose());
    const stopTicks = startCronTicks(async (time) => runtime.trigger(time));
    endings.push(stopTicks);
    return {
      url: runtime.url,
      databaseUrl: database.url,
      databaseAuthToken: database.authToken,
      adminKey,
      isNewAdminKey: areNew && adminKey === secrets.adminKey,
      trigger: async () => runtime.trigger(),
      reload: async () => {
        await buildWorker({ outdir, isForReading });
        await runtime.reload();
      },
      close: endAll,
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}

/** @throws StartError where the address of the mail server cannot be read, or nobody is named whom mail is from. */
async function startMailer({ smtpUrl, from }: { smtpUrl: string; from: string | undefined }): Promise<Mailer> {
  if (from === undefined) {
    throw new StartError(
      'KILDE_SMTP_URL is set without KILDE_MAIL_FROM: the address that mail is from, such as Kilde <kilde@example.com>.',
    );
  }
  // Loaded where it is used: most starts send no mail.
  const { createMailer } = await import('./smtp-mailer.ts');
  return createMailer(smtpUrl);
}

/** The binding by which the Worker sends mail: a function of this process, which nothing else can call. */
function mailBinding(mailer: Mailer) {
  return {
    MAILER: async (request: MiniflareRequest): Promise<MiniflareResponse> =>
      MiniflareResponse.json(await mailer.send((await request.json()) as MailRequest)),
  };
}

type LocalDatabase = LibsqlServer & { authToken: string };

/** Serves the data's database to whoever has the token, which nobody else can guess. */
async function openDatabase({
  dataDirectory,
  querySeconds,
}: Required<Pick<ServeOptions, 'dataDirectory' | 'querySeconds'>>): Promise<LocalDatabase> {
  const authToken = randomBytes(32).toString('base64url');
  const path = join(dataDirectory, databaseName);
  const readerLimits = { readTimeoutMs: querySeconds * 1_000 };
  return { ...(await startLibsqlServer({ path, authToken, readerLimits })), authToken };
}

/** @throws StartError where the file is a database of something else, which migrations would write into. */
async function bringUpToDate({
  database: { url, authToken },
  path,
  hasDemo,
}: {
  database: LocalDatabase;
  path: string;
  hasDemo: boolean;
}): Promise<void> {
  const client = createClient({ url, authToken });
  try {
    const { rows } = await client.execute(
      "SELECT count(*) AS tables, sum(name = '__drizzle_migrations') AS own FROM sqlite_schema WHERE type = 'table'",
    );
    if (Number(rows[0]!['tables']) > 0 && Number(rows[0]!['own']) === 0) {
      throw new StartError(`${path} is a database of something else than Kilde. KILDE_DATA names another folder.`);
    }
    await migrate({ url, authToken });
    if (hasDemo) await addDemoForm(client);
  } finally {
    client.close();
  }
}

type RuntimeOptions = {
  address: { host: string; port: number; https: boolean };
  outdir: string;
  siteOrigin: string | null;
  hasPrivateAddresses: boolean;
  mailer: Mailer | null;
  filesDirectory: string;
  inspectorPort: number | undefined;
  bindings: Record<string, string>;
} & Required<Pick<ServeOptions, 'hasMail' | 'hasLimits' | 'hasSubmissionsQueue'>>;

type Runtime = {
  url: string;
  trigger(time?: number): Promise<void>;
  /** Starts again with the modules that were built since. */
  reload(): Promise<void>;
  dispose(): Promise<void>;
};

/**
 * Runs the built Worker in workerd. A process of workerd runs one isolate at a time, so a heavy request of the API would hold up every form:
 * the API and the cron trigger have a process of their own, to which the first passes requests on. HTTPS (for tests) and an inspector have
 * one process.
 */
async function startRuntime({ address, ...options }: RuntimeOptions): Promise<Runtime> {
  leashWorkerd();
  const started: Array<{ miniflare: Miniflare; options: RuntimeProcess }> = [];
  const start = async (processOptions: RuntimeProcess): Promise<Miniflare> => {
    const miniflare = new Miniflare(await readOptions(processOptions));
    started.push({ miniflare, options: processOptions });
    return miniflare;
  };
  const dispose = async (): Promise<void> => {
    // One that could not start fails to end in the same way.
    for (const { miniflare } of started.toReversed()) await miniflare.dispose().catch(() => {});
  };
  try {
    let api: Miniflare | undefined;
    if (!address.https && options.inspectorPort === undefined) {
      api = await start({ ...options, sockets: { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] } });
    }
    const apiHost = api && (await directUrl(api)).host;
    const { host, port, https } = address;
    const edge = await start({
      ...options,
      // Requests come to the Worker itself: Miniflare's own Worker in front of it would take longer than most of them do. It alone
      // speaks HTTPS, and serves paths of its own (`/cdn-cgi/…`).
      sockets: https ? { host, port, https } : { unsafeDirectSockets: [{ host, port }] },
      queues: { hasSubmissions: options.hasSubmissionsQueue },
      ...(apiHost === undefined ? {} : { apiHost }),
    });
    const ready = await edge.ready;
    const url = (https ? ready : await directUrl(edge)).href;
    // The first request reads the settings, so that no visitor's request has to.
    for (const { miniflare } of started) await (await miniflare.dispatchFetch(new URL('/health', url).href)).text();
    const trigger = async (time = Date.now()) => {
      const worker = await (api ?? edge).getWorker();
      await worker.scheduled({ cron: '* * * * *', scheduledTime: new Date(time) });
    };
    const reload = async (): Promise<void> => {
      // The same port again, also where the system chose it.
      const sockets = https
        ? { host, port, https }
        : { unsafeDirectSockets: [{ host, port: Number(new URL(url).port) }] };
      for (const { miniflare, options: known } of started) {
        await miniflare.setOptions(await readOptions(miniflare === edge ? { ...known, sockets } : known));
      }
    };
    return { url, trigger, reload, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const workerName = 'kilde';

async function directUrl(miniflare: Miniflare): Promise<URL> {
  await miniflare.ready;
  return miniflare.unsafeGetDirectURL(workerName);
}

type Sockets =
  | { host: string; port: number; https: boolean }
  | { unsafeDirectSockets: Array<{ host: string; port: number }> };

type RuntimeProcess = Omit<RuntimeOptions, 'address'> & {
  sockets: Sockets;
  queues?: { hasSubmissions: boolean };
  /** Where the process of the API listens. */
  apiHost?: string;
};

/** The options of one process, with the Worker as it is built now. */
async function readOptions({
  sockets,
  queues,
  apiHost,
  outdir,
  siteOrigin,
  hasPrivateAddresses,
  mailer,
  filesDirectory,
  hasMail,
  hasLimits,
  inspectorPort,
  bindings,
}: RuntimeProcess): Promise<ConstructorParameters<typeof Miniflare>[0]> {
  return convertV4MiniflareOptions({
    name: workerName,
    ...(inspectorPort === undefined ? {} : { inspectorPort, unsafeInspectorProxy: true }),
    ...sockets,
    telemetry: { enabled: false },
    handleStructuredLogs: printRuntimeLog,
    modulesRoot: outdir,
    modules: await readModules(outdir),
    compatibilityDate: await readCompatibilityDate(),
    serviceBindings: {
      // Read from the disk itself: Cloudflare's router of assets, imitated, would be two more Workers before this one.
      ASSETS: { disk: { path: resolve('assets') } },
      // What people enter is sent to public addresses alone, whatever a name resolves to.
      ...(hasPrivateAddresses ? {} : { PUBLIC: publicNetwork }),
      FILE_FOLDER: fileFolder(filesDirectory),
      ...(mailer ? mailBinding(mailer) : {}),
      ...(siteOrigin === null ? {} : { SITE: siteAt(siteOrigin) }),
      ...(apiHost === undefined ? {} : { API: { external: { address: apiHost, http: {} } } }),
    },
    ...(hasMail ? { email: { send_email: [{ name: 'EMAIL' }] } } : {}),
    ...(hasLimits ? { ratelimits: rateLimits } : {}),
    ...(queues ? queueOptions(queues) : {}),
    bindings,
  });
}

/** The limits of wrangler.toml, by their bindings. */
const rateLimits = Object.fromEntries(
  Object.values(ratePolicies).map(({ binding, limit, periodSeconds }) => [
    binding,
    { namespace_id: binding, simple: { limit, period: periodSeconds } },
  ]),
);

function queueOptions({ hasSubmissions }: { hasSubmissions: boolean }) {
  return {
    queueProducers: { VISITS: 'kilde-visits', ...(hasSubmissions ? { SUBMISSIONS: 'kilde-submissions' } : {}) },
    queueConsumers: {
      'kilde-visits': { maxBatchSize: 20, maxBatchTimeout: 1 },
      ...(hasSubmissions ? { 'kilde-submissions': { maxBatchSize: 100, maxBatchTimeout: 1 } } : {}),
    },
  };
}

const failedConnection =
  /failed to lookup address information|DNS lookup failed|TLS handshake failed|connecting to \S+ is not allowed/i;

/**
 * Whether what workerd prints is only that a connection to somewhere else was not made, or not allowed: it does so with the stack of its own
 * code, for each try. The Worker gets the error too, and says in one line which receiver fails.
 */
export function isFailedConnection(message: string): boolean {
  return failedConnection.test(message) && message.includes('jsgInternalError');
}

function printRuntimeLog({ level, message }: { level: string; message: string }): void {
  if (isFailedConnection(message)) return;
  if (level === 'error' || level === 'warn') console.error(message);
  else console.log(message);
}

/** A way out of workerd to public addresses alone, by what names resolve to. */
export const publicNetwork = { network: { allow: ['public'], tlsOptions: { trustBrowserCas: true } } };

/**
 * The connection to the site behind Kilde. It leads to this one address whatever is asked for, and the Host header is the public
 * one: with `fetch`, workerd writes the host that it connects to.
 */
function siteAt(origin: string) {
  const { protocol, hostname, port } = new URL(origin);
  const isHttps = protocol === 'https:';
  const external = {
    address: `${hostname}:${port || (isHttps ? 443 : 80)}`,
    ...(isHttps ? { https: { certificateHost: hostname, tlsOptions: { trustBrowserCas: true } } } : { http: {} }),
  };
  return { external };
}

/** @throws Error where the site's address is Kilde's own. A port that the system chooses is not known yet. */
function refuseOwnAddress({ siteOrigin, host, port }: { siteOrigin: string; host: string; port: number }): void {
  const site = new URL(siteOrigin);
  const sitePort = Number(site.port) || (site.protocol === 'https:' ? 443 : 80);
  if (port === 0 || sitePort !== port) return;
  const isEverywhere = /^(0\.0\.0\.0|\[?::\]?|\*)$/.test(host);
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  const own = [host, ...(isEverywhere ? addresses : [])];
  const isLoopback = (name: string) => /^(localhost|127\..*|::1|0\.0\.0\.0|::)$/.test(name);
  const siteHost = site.hostname.replace(/^\[(.*)\]$/, '$1');
  if (own.includes(siteHost) || (isLoopback(siteHost) && (isEverywhere || isLoopback(host)))) {
    throw new StartError(
      `PASS_THROUGH_ORIGIN is "${siteOrigin}", which is Kilde’s own address: it must be the address of the site.`,
    );
  }
}

/** Lets workerd end with this process however that ends; Windows has no shell for it. */
function leashWorkerd(): void {
  if (process.platform === 'win32') return;
  const workerd = createRequire(import.meta.url)('workerd') as { default: string };
  process.env['KILDE_WORKERD'] = workerd.default;
  process.env['MINIFLARE_WORKERD_PATH'] = join(import.meta.dirname, 'run-workerd.sh');
}

/** The built Worker's modules, the one that starts first. */
async function readModules(outdir: string): Promise<Array<{ type: 'ESModule'; path: string }>> {
  const names = (await readdir(outdir)).filter((name) => name.endsWith('.js'));
  const entry = 'worker.js';
  return [entry, ...names.filter((name) => name !== entry)].map((name) => ({
    type: 'ESModule',
    path: join(outdir, name),
  }));
}

/** Fires the Worker's cron trigger at every full minute, as Cloudflare does, until what it gives back is called. */
function startCronTicks(trigger: (time: number) => Promise<void>): () => void {
  let lastMinute = Math.floor(Date.now() / 60_000);
  let hasStopped = false;
  const ticks = setInterval(() => {
    const minute = Math.floor(Date.now() / 60_000);
    if (minute === lastMinute) return;
    lastMinute = minute;
    void trigger(minute * 60_000).catch((error: unknown) => {
      // One that the end has cut short is taken up after the next start.
      if (!hasStopped) console.error('cron tick failed:', error instanceof Error ? error.message : error);
    });
  }, 1_000);
  return () => {
    hasStopped = true;
    clearInterval(ticks);
  };
}

/** The day of the runtime's behaviour that the Worker is deployed with. */
async function readCompatibilityDate(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '..', 'wrangler.toml'), 'utf8');
  const [, date] = /^compatibility_date = "([\d-]+)"/m.exec(text) ?? [];
  if (!date) throw new Error('wrangler.toml has no compatibility_date.');
  return date;
}

/** The form that `/demo` sends, made at the first start with the demo on. */
async function addDemoForm(client: Client): Promise<void> {
  await client.execute({
    sql: `INSERT INTO form (key, name, site_id, created_at)
      SELECT :key, 'Demo', 1, :now WHERE NOT EXISTS (SELECT 1 FROM form WHERE key = :key)`,
    args: { key: demoFormKey, now: Date.now() },
  });
}
