import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StatementError, WriteRefused } from './errors.ts';
import { ReadStopped } from './run-reads.ts';
import type { Reads } from './run-reads.ts';

/** What a reading thread is asked. One `read` or `close` at a time; an `interrupt` ends the read that runs. */
export type ReadRequest =
  | { type: 'read'; path: string; reads: Reads; limit: number }
  | { type: 'interrupt' }
  | { type: 'close'; path: string | undefined }
  /** Ends the thread once nothing runs. */
  | { type: 'end' };

export type ReadAnswer =
  | { type: 'json'; json: string }
  | { type: 'error'; message: string; code: string }
  /** Comes before the answer where the file had to be opened first. */
  | { type: 'opened' }
  | { type: 'refused' | 'stopped' | 'closed' }
  | { type: 'failed'; message: string };

/** A thread with connections that cannot write. One request at a time. */
export type ReaderThread = {
  /**
   * Gives the Hrana answer of requests that only read, as JSON.
   * @param request.limit Characters of JSON that the rows may take.
   * @param onStart Is called when the thread runs and the file is open, which may take longer than the read.
   * @throws StatementError, WriteRefused, ReadStopped
   */
  read(request: { path: string; reads: Reads; limit: number }, onStart: () => void): Promise<string>;
  /** Ends what runs now. */
  interrupt(): void;
  /** Lets go of a file, or of all. */
  close(path?: string): Promise<void>;
  /** Ends the thread, after what runs: the library ends the process where a thread is taken from under a statement. */
  end(): void;
};

/** Starts a thread that reads. It does not keep the process alive. */
export function startReaderThread(): ReaderThread {
  const worker = new Worker(join(import.meta.dirname, 'reader-worker.ts'));
  let waiting: { resolve: (answer: ReadAnswer) => void; reject: (error: Error) => void } | undefined;
  let failure: Error | undefined;
  let onOpened = (): void => {};
  const opened = new Set<string>();

  const settle = (act: (waiter: NonNullable<typeof waiting>) => void): void => {
    const waiter = waiting;
    waiting = undefined;
    worker.unref();
    if (waiter) act(waiter);
  };
  const fail = (error: Error): void => {
    failure = error;
    settle(({ reject }) => reject(error));
  };
  worker.unref();
  worker.on('message', (answer: ReadAnswer) =>
    answer.type === 'opened' ? onOpened() : settle(({ resolve }) => resolve(answer)),
  );
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The reading thread has ended.')));

  async function ask(request: ReadRequest): Promise<ReadAnswer> {
    if (failure) throw failure;
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      worker.ref();
      worker.postMessage(request);
    });
  }

  return {
    async read(request, onStart) {
      onOpened = onStart;
      if (opened.has(request.path)) onStart();
      else opened.add(request.path);
      const answer = await ask({ type: 'read', ...request });
      switch (answer.type) {
        case 'json':
          return answer.json;
        case 'error':
          throw new StatementError(answer.message, answer.code);
        case 'refused':
          throw new WriteRefused();
        case 'stopped':
        case 'closed':
        case 'opened':
          throw new ReadStopped();
        case 'failed':
          throw new Error(answer.message);
      }
    },
    interrupt: () => worker.postMessage({ type: 'interrupt' } satisfies ReadRequest),
    async close(path) {
      if (path === undefined) opened.clear();
      else opened.delete(path);
      await ask({ type: 'close', path });
    },
    end: () => worker.postMessage({ type: 'end' } satisfies ReadRequest),
  };
}
