// One thread that reads: it keeps a connection to each of the few files it has last read. See reader-thread.ts.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { StatementError, WriteRefused } from './errors.ts';
import { openReaderConnection } from './reader-connection.ts';
import type { ReaderConnection } from './reader-connection.ts';
import type { ReadAnswer, ReadRequest } from './reader-thread.ts';
import { ReadStopped, runReads } from './run-reads.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const openFiles = 4;
/** An interrupt that comes between two statements is lost, so it is repeated. */
const interruptAgainMs = 20;

const connections = new Map<string, ReaderConnection>();
type Running = { connection: ReaderConnection | undefined; isStopped: boolean };
let current: Running | undefined;

async function findConnection(path: string): Promise<ReaderConnection> {
  const known = connections.get(path);
  if (known) {
    connections.delete(path);
    connections.set(path, known);
    return known;
  }
  const connection = await openReaderConnection({ path, collectGarbage });
  connections.set(path, connection);
  parentPort?.postMessage({ type: 'opened' } satisfies ReadAnswer);
  if (connections.size > openFiles) {
    const [oldest] = connections.keys();
    const closing = connections.get(oldest ?? '');
    connections.delete(oldest ?? '');
    await closing?.close();
  }
  return connection;
}

async function answer({ path, reads, limit }: Extract<ReadRequest, { type: 'read' }>): Promise<ReadAnswer> {
  const running: Running = { connection: undefined, isStopped: false };
  current = running;
  try {
    const connection = await findConnection(path);
    running.connection = connection;
    const isStopped = (): boolean => running.isStopped;
    if (isStopped()) return { type: 'stopped' };
    return { type: 'json', json: await runReads(connection, { reads, limit, isStopped }) };
  } catch (error) {
    if (error instanceof WriteRefused) return { type: 'refused' };
    if (error instanceof StatementError) return { type: 'error', message: error.message, code: error.code };
    if (error instanceof ReadStopped) return { type: 'stopped' };
    return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    current = undefined;
    await running.connection?.rest();
  }
}

function interrupt(running: Running | undefined): void {
  if (!running || running !== current) return;
  running.isStopped = true;
  running.connection?.interrupt();
  setTimeout(interrupt, interruptAgainMs, running);
}

async function closeConnections(path?: string): Promise<void> {
  for (const [name, connection] of connections) {
    if (path !== undefined && name !== path) continue;
    connections.delete(name);
    await connection.close();
  }
}

/** What runs, one after the other. */
let work: Promise<void> = Promise.resolve();

async function handle(request: Exclude<ReadRequest, { type: 'interrupt' }>): Promise<void> {
  switch (request.type) {
    case 'read':
      parentPort?.postMessage(await answer(request));
      break;
    case 'close':
      await closeConnections(request.path);
      parentPort?.postMessage({ type: 'closed' } satisfies ReadAnswer);
      break;
    case 'end':
      await closeConnections();
      parentPort?.close();
  }
}

parentPort?.on('message', (request: ReadRequest) => {
  if (request.type === 'interrupt') interrupt(current);
  else work = work.then(async () => handle(request));
});
