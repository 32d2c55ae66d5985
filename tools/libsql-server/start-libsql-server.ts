import { createHash, timingSafeEqual } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { createCommitTogether } from './commit-together.ts';
import type { CommitTogether } from './commit-together.ts';
import { openDatabaseFile } from './database-file.ts';
import type { DatabaseFile } from './database-file.ts';
import { ProtocolError } from './errors.ts';
import { createRequestGuard } from './guard-request.ts';
import { readBody } from './read-body.ts';
import { readPipeline } from './read-pipeline.ts';
import { ReadersBusy, createReaderPool, defaultReaderLimits } from './reader-pool.ts';
import type { ReaderLimits } from './reader-pool.ts';
import { PipelineAborted, runPipeline } from './run-pipeline.ts';
import type { AbortHandle } from './run-pipeline.ts';
import { createStreamRegistry } from './stream-registry.ts';
import type { StreamRegistry } from './stream-registry.ts';

export type LibsqlServerOptions = {
  /** One database file, served at the root. Give this or `directory`. */
  path?: string;
  /** Serves `<directory>/<name>.db` under `/<name>/`, made at first use; names are `[a-z0-9-]+`. */
  directory?: string;
  /** Of a directory: the file that a database begins as a copy of; empty by default. */
  template?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  /** Bearer token that every request for a pipeline must show; none by default. */
  authToken?: string;
  /** How often the WAL is written into its file and emptied. */
  checkpointMs?: number;
  /** A stream without a request for this long is closed and its transaction rolled back. */
  streamTimeoutMs?: number;
  /** How long a statement waits for the write lock before SQLITE_BUSY. */
  busyTimeoutMs?: number;
  /** Characters of JSON the rows of one request may take before RESPONSE_TOO_LARGE; sqld's default is 10 MB. */
  maxResponseSize?: number;
  /** How long reads may take and how many run and wait at a time; see reader-pool.ts. */
  readerLimits?: Partial<ReaderLimits>;
  /** A longer request body is answered with 413. */
  maxBodyBytes?: number;
  clock?: Clock;
};

export type LibsqlServer = {
  /** Root of the server, ending in a slash. */
  url: string;
  port: number;
  /** URL of one database in directory mode. Its last slash matters: without it the client drops the name. */
  databaseUrl(name: string): string;
  /** Lets running requests end, rolls back open transactions, writes the WALs into their files. */
  close(): Promise<void>;
};

type OpenDatabase = { file: DatabaseFile; streams: StreamRegistry; together: CommitTogether };

/**
 * Starts an HTTP server that speaks Hrana 2 (JSON) over embedded libSQL, as `@libsql/client/http` wants it.
 * Rejects where the port is taken or the file given with `path` cannot be opened.
 *
 * @example
 * const server = await startLibsqlServer({ path: 'kilde.db' });
 * const client = createClient({ url: server.url });
 */
export async function startLibsqlServer({
  path,
  directory,
  template,
  port = 0,
  host = '127.0.0.1',
  authToken,
  checkpointMs = 60_000,
  streamTimeoutMs = 5000,
  busyTimeoutMs = 5000,
  maxResponseSize = 10_000_000,
  maxBodyBytes = 64 * 1024 * 1024,
  readerLimits = {},
  clock = systemClock,
}: LibsqlServerOptions): Promise<LibsqlServer> {
  if ((path === undefined) === (directory === undefined)) throw new TypeError('Give either `path` or `directory`');
  if (directory !== undefined) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const databases = new Map<string, OpenDatabase>();
  const readers = createReaderPool({ clock, limits: { ...defaultReaderLimits, ...readerLimits } });
  const guard = createRequestGuard({ host });
  const isAuthorized = createAuthorization(authToken);
  const running = new Set<Promise<void>>();
  const limits = { busyTimeoutMs, maxResponseSize };
  let isClosing = false;

  function openDatabase(name: string): OpenDatabase {
    let database = databases.get(name);
    if (!database) {
      const place = path ?? join(resolve(directory ?? ''), `${name}.db`);
      if (template !== undefined && !existsSync(place)) copyFileSync(template, place);
      const file = openDatabaseFile({ path: place, clock, readers });
      database = {
        file,
        streams: createStreamRegistry({ file, clock, timeoutMs: streamTimeoutMs }),
        together: createCommitTogether({ file, limit: maxResponseSize }),
      };
      databases.set(name, database);
    }
    return database;
  }

  async function handlePipeline(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAuthorized(request.headers.authorization)) return sendText(response, 401, 'Authentication failed');
    const body = await readBody(request, maxBodyBytes);
    if (body.outcome === 'too-large') return sendText(response, 413, 'Request body is too large');
    if (body.outcome === 'aborted') return;
    if (isClosing) return sendText(response, 503, 'Server is shutting down');

    const abort = watchAbort(response);
    const pipeline = readPipeline(body.text);
    sendJson(response, 200, await runPipeline({ ...openDatabase(name), limits }, { pipeline, abort }));
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const route = readRoute(request.url ?? '/', { hasNames: directory !== undefined });
    if (!route) return sendText(response, 404, 'Not found');
    const refusal = guard.check(request.headers, {
      isPipeline: route.endpoint === 'pipeline' && request.method === 'POST',
    });
    if (refusal) return sendText(response, refusal.status, refusal.text);
    if (route.endpoint !== 'pipeline') {
      if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'Method not allowed');
      return sendText(
        response,
        200,
        route.endpoint === 'health' ? 'OK' : 'Hello, this is HTTP API v2 (Hrana over HTTP)',
      );
    }
    if (request.method !== 'POST') return sendText(response, 405, 'Method not allowed');
    const task = handlePipeline(route.name, request, response)
      .catch((error: unknown) => sendError(response, error))
      .then(() => waitUntilSent(response))
      .finally(() => running.delete(task));
    running.add(task);
  }

  // One file is opened now, so that a path that cannot work fails the start and not the first request.
  if (path !== undefined) openDatabase('');

  const eachFile = (act: (file: DatabaseFile) => Promise<void>) => () => {
    for (const { file } of databases.values()) void act(file).catch(() => console.error('a checkpoint failed'));
  };
  const checkpoints = [
    setInterval(
      eachFile((file) => file.checkpoint()),
      checkpointMs,
    ),
    setInterval(
      eachFile((file) => file.checkpointWhenLong()),
      1000,
    ),
  ];
  for (const timer of checkpoints) timer.unref();

  const server = createServer({ noDelay: true, keepAlive: true, keepAliveTimeout: 65_000 }, handle);
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(port, host, done);
    });
  } catch (error) {
    await closeDatabases();
    await readers.close();
    throw error;
  }

  async function closeDatabases(): Promise<void> {
    for (const timer of checkpoints) clearInterval(timer);
    for (const { file, streams } of databases.values()) {
      streams.closeIdle();
      await file.close();
    }
    databases.clear();
  }

  const address = server.address() as AddressInfo;
  guard.setPort(address.port);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`;

  return {
    url,
    port: address.port,
    databaseUrl: (name) => `${url}${name}/`,
    async close() {
      if (isClosing) return;
      isClosing = true;
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      for (const { file, streams } of databases.values()) {
        // First those who wait, or the lock that a closed stream frees would go to one of them.
        file.lockQueue.abortAll();
        streams.closeIdle();
      }
      // What reads does not hold up the others: it is ended after a moment, and those that wait are answered at once.
      await readers.close();
      await Promise.allSettled(running);
      await closeDatabases();
      server.closeAllConnections();
      await closed;
    },
  };
}

type Route = { endpoint: 'pipeline' | 'health' | 'version'; name: string };

const endpoints: Record<string, Route['endpoint']> = {
  '/v2/pipeline': 'pipeline',
  '/v2': 'version',
  '/v2/': 'version',
  '/health': 'health',
};

// `/v3` and `/v3-protobuf` are not found, which is how a client that asks learns to speak version 2.
function readRoute(url: string, { hasNames }: { hasNames: boolean }): Route | undefined {
  const query = url.indexOf('?');
  const path = query < 0 ? url : url.slice(0, query);
  if (!hasNames || path === '/health') {
    const endpoint = endpoints[path];
    return endpoint && { endpoint, name: '' };
  }
  const [, name, rest] = /^\/([a-z0-9-]+)(\/.*)$/.exec(path) ?? [];
  const endpoint = endpoints[rest ?? ''];
  return endpoint && name !== undefined ? { endpoint, name } : undefined;
}

function createAuthorization(authToken: string | undefined): (header: string | undefined) => boolean {
  if (authToken === undefined) return () => true;
  // Digests have one length, and comparing them takes the same time wherever they differ.
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = hash(`Bearer ${authToken}`);
  return (header) => timingSafeEqual(hash(header ?? ''), expected);
}

// A caller that has gone must not keep its place in the queue, nor its stream: nobody holds the next baton.
function watchAbort(response: ServerResponse): AbortHandle {
  const abort: AbortHandle = { isAborted: false, onAbort: undefined };
  response.once('close', () => {
    if (response.writableFinished) return;
    abort.isAborted = true;
    abort.onAbort?.();
  });
  return abort;
}

// Closing the server cuts its sockets; an answer counts as given once it has left.
async function waitUntilSent(response: ServerResponse): Promise<void> {
  if (response.closed || response.writableFinished) return;
  await new Promise((done) => response.once('close', done));
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof ProtocolError) {
    if (error.code === undefined) return sendText(response, 400, error.message);
    return sendJson(response, 400, JSON.stringify({ message: error.message, code: error.code }));
  }
  if (error instanceof ReadersBusy) {
    response.setHeader('retry-after', '2');
    return sendText(response, 503, 'Too many reads wait: try again in a moment');
  }
  if (error instanceof PipelineAborted) return sendText(response, 503, 'Server is shutting down');
  console.error(error);
  sendText(response, 500, 'Internal server error');
}

function sendJson(response: ServerResponse, status: number, json: string): void {
  send(response, { status, type: 'application/json', body: json });
}

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, { status, type: 'text/plain', body: text });
}

function send(response: ServerResponse, { status, type, body }: { status: number; type: string; body: string }): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
