import { availableParallelism } from 'node:os';
import type { Clock } from './clock.ts';
import { StatementError, WriteRefused } from './errors.ts';
import { startReaderThread } from './reader-thread.ts';
import type { ReaderThread } from './reader-thread.ts';
import { ReadStopped } from './run-reads.ts';
import type { Reads } from './run-reads.ts';

export type ReaderLimits = {
  /** How long a read may run before it fails with SQLITE_INTERRUPT. */
  readTimeoutMs: number;
  /** How long a read runs before it counts as long. Of long ones only `longReads` run at a time. */
  sliceMs: number;
  /** How many reads run at a time beside the long ones. */
  quickReads: number;
  longReads: number;
  /** How many long reads wait for their turn; a further one is refused. */
  waitingLongReads: number;
  /** How many reads wait in all. */
  waitingReads: number;
};

export const defaultReaderLimits: ReaderLimits = {
  readTimeoutMs: 10_000,
  sliceMs: 200,
  quickReads: 3,
  // One core stays free for the writer and for the Worker.
  longReads: Math.max(1, Math.min(4, availableParallelism() - 1)),
  waitingLongReads: 16,
  waitingReads: 1000,
};

/** More reads wait than may. Nothing has run: the same request may be sent again a little later. */
export class ReadersBusy extends Error {}

/** The caller has gone, or the server closes; nobody reads an answer. */
export class ReadAborted extends Error {}

/** A thread does not answer. */
class ThreadGivenUp extends Error {}

export type ReadTask = {
  path: string;
  reads: Reads;
  /** Characters of JSON that the rows may take. */
  limit: number;
  /** Is given a way to end the read. */
  abort?: { isAborted: boolean; onAbort: (() => void) | undefined };
};

export type ReaderPool = {
  /** Gives the Hrana answer of the reads as JSON. @throws StatementError, WriteRefused, ReadersBusy, ReadAborted */
  read(task: ReadTask): Promise<string>;
  /** Lets the running reads end, holds back the others meanwhile, and calls back while none runs. */
  pause(callback: () => void): Promise<void>;
  /** Lets go of a file that is about to be closed. */
  closeFile(path: string): Promise<void>;
  /** Refuses what waits, lets what runs end for a moment, and ends the threads. */
  close(): Promise<void>;
};

type Pace = 'known quick' | 'unknown' | 'long';
type Verdict = 'too long' | 'again' | 'busy' | 'aborted';

type Job = ReadTask & {
  /** Reads of one text take about as long as each other: what is known of earlier ones decides their place. */
  key: string;
  giveUp: () => void;
  cancelGrace: () => void;
  pace: Pace;
  /** Where it waits after it was ended to be started again. */
  nextPace: Pace;
  thread: ReaderThread | undefined;
  verdict: Verdict | undefined;
  resolve(json: string): void;
  reject(error: unknown): void;
};

/** Texts whose pace is remembered. */
const rememberedTexts = 500;
/** A thread that has not ended a read so long after it was to is given up, and the read answered. */
const graceMs = 2000;
/** How long closing waits for what runs. */
const closeMs = 2000;

/**
 * Runs the reads of a server beside its writers, on a few threads.
 *
 * Nobody knows before how long a read takes. Each starts as a quick one. What takes longer than a slice goes on as one of the few long
 * ones, or where those are many is ended and started again when it is its turn: a read changes nothing, so it can. Texts that
 * took long wait with the long ones from the start, and texts known to be quick come first. So a quick read waits for slices alone,
 * whoever has asked for long ones.
 */
export function createReaderPool({
  clock,
  limits = defaultReaderLimits,
}: {
  clock: Clock;
  limits?: ReaderLimits;
}): ReaderPool {
  const waiting: Record<Pace, Job[]> = { 'known quick': [], unknown: [], long: [] };
  const paces = new Map<string, Pace>();
  const idle: ReaderThread[] = [];
  const running = new Set<Job>();
  const pauses: Array<() => void> = [];
  const whenIdle: Array<() => void> = [];
  let isClosed = false;

  const countRunning = (isLong: boolean): number =>
    [...running].filter(({ pace }) => (pace === 'long') === isLong).length;

  function remember(key: string, pace: Pace): void {
    paces.delete(key);
    paces.set(key, pace);
    if (paces.size > rememberedTexts) {
      const [oldest] = paces.keys();
      if (oldest !== undefined) paces.delete(oldest);
    }
  }

  function takeNext(): Job | undefined {
    // A pause waits for the long ones first, and holds the quick ones back for no more than a slice.
    if (pauses.length > 0 && countRunning(true) === 0) return undefined;
    if (countRunning(false) < limits.quickReads) {
      const quick = waiting['known quick'].shift() ?? waiting.unknown.shift();
      if (quick) return quick;
    }
    return pauses.length === 0 && countRunning(true) < limits.longReads ? waiting.long.shift() : undefined;
  }

  function startWaiting(): void {
    for (let job = takeNext(); job; job = takeNext()) void start(job);
    if (running.size > 0) return;
    for (const callback of pauses.splice(0)) callback();
    for (const callback of whenIdle.splice(0)) callback();
    if (Object.values(waiting).some((jobs) => jobs.length > 0)) startWaiting();
  }

  async function start(job: Job): Promise<void> {
    running.add(job);
    job.verdict = undefined;
    // Last in, first out, so that one warm page cache serves most reads.
    const thread = idle.pop() ?? startReaderThread();
    job.thread = thread;
    let startedAt = performance.now();
    let cancelTimers = (): void => {};
    const onStart = (): void => {
      startedAt = performance.now();
      cancelTimers = watch(job);
    };
    let isUsable = true;
    try {
      const given = new Promise<never>((_, reject) => (job.giveUp = () => reject(new ThreadGivenUp())));
      const json = await Promise.race([
        thread.read({ path: job.path, reads: job.reads, limit: job.limit }, onStart),
        given,
      ]);
      if (performance.now() - startedAt < limits.sliceMs / 4) remember(job.key, 'known quick');
      // It may have ended by itself just before it was to be stopped.
      job.resolve(json);
    } catch (error) {
      isUsable = error instanceof StatementError || error instanceof WriteRefused || error instanceof ReadStopped;
      fail(job, error);
    } finally {
      cancelTimers();
      job.cancelGrace();
      job.thread = undefined;
      if (isUsable) idle.push(thread);
      else thread.end();
      running.delete(job);
      startWaiting();
    }
  }

  function fail(job: Job, error: unknown): void {
    switch (job.verdict) {
      case undefined:
        return job.reject(error);
      case 'again':
        if (isClosed) return job.reject(new ReadAborted());
        job.pace = job.nextPace;
        waiting[job.pace].push(job);
        return;
      case 'busy':
        return job.reject(new ReadersBusy());
      case 'aborted':
        return job.reject(new ReadAborted());
      case 'too long': {
        const message = `SQLite error: interrupted: the statement took longer than ${limits.readTimeoutMs / 1000} seconds`;
        return job.reject(new StatementError(message, 'SQLITE_INTERRUPT'));
      }
    }
  }

  /** Ends a running read for a reason. */
  function stop(job: Job, verdict: Verdict): void {
    if (job.verdict !== undefined) return;
    job.verdict = verdict;
    job.thread?.interrupt();
    job.cancelGrace = clock.startTimer(() => job.giveUp(), graceMs);
  }

  function endSlice(job: Job): void {
    if (job.pace === 'long') return;
    // What was quick before has one more try: a busy machine makes anything slow.
    const pace = job.pace === 'known quick' ? 'unknown' : 'long';
    remember(job.key, pace);
    // While the files are to be at rest, no read grows long.
    if (pauses.length === 0 && countRunning(true) < limits.longReads) {
      job.pace = 'long';
      startWaiting();
    } else if (pace === 'long' && waiting.long.length >= limits.waitingLongReads) stop(job, 'busy');
    else {
      job.nextPace = pace;
      stop(job, 'again');
    }
  }

  function watch(job: Job): () => void {
    const cancelSlice = job.pace === 'long' ? () => {} : clock.startTimer(() => endSlice(job), limits.sliceMs);
    const cancelLimit = clock.startTimer(() => stop(job, 'too long'), limits.readTimeoutMs);
    return () => {
      cancelSlice();
      cancelLimit();
    };
  }

  function abort(job: Job): void {
    if (running.has(job)) return stop(job, 'aborted');
    for (const jobs of Object.values(waiting)) {
      const place = jobs.indexOf(job);
      if (place >= 0) jobs.splice(place, 1);
    }
    job.reject(new ReadAborted());
  }

  async function read(task: ReadTask): Promise<string> {
    if (isClosed || task.abort?.isAborted === true) throw new ReadAborted();
    const { key } = task.reads;
    const pace = paces.get(key) ?? 'unknown';
    const count = Object.values(waiting).reduce((sum, jobs) => sum + jobs.length, 0);
    if (count >= limits.waitingReads || (pace === 'long' && waiting.long.length >= limits.waitingLongReads)) {
      throw new ReadersBusy();
    }
    try {
      return await new Promise<string>((resolve, reject) => {
        const none = (): void => {};
        const state = { nextPace: pace, thread: undefined, verdict: undefined, giveUp: none, cancelGrace: none };
        const job: Job = { ...task, key, pace, ...state, resolve, reject };
        if (task.abort) task.abort.onAbort = () => abort(job);
        waiting[pace].push(job);
        startWaiting();
      });
    } finally {
      if (task.abort) task.abort.onAbort = undefined;
    }
  }

  async function closeEverywhere(path: string): Promise<void> {
    // Taken out meanwhile: a thread does one thing at a time.
    const threads = idle.splice(0);
    await Promise.all(threads.map((thread) => thread.close(path)));
    idle.push(...threads);
  }

  return {
    read,
    async pause(callback) {
      await new Promise<void>((resolve, reject) => {
        pauses.push(() => {
          try {
            callback();
            resolve();
          } catch (error) {
            reject(error);
          }
        });
        startWaiting();
      });
    },
    async close() {
      isClosed = true;
      for (const jobs of Object.values(waiting)) for (const job of jobs.splice(0)) job.reject(new ReadAborted());
      const cancel = clock.startTimer(() => {
        for (const job of running) stop(job, 'aborted');
      }, closeMs);
      await new Promise<void>((resolve) => {
        whenIdle.push(resolve);
        startWaiting();
      });
      cancel();
      await Promise.all(idle.map((thread) => thread.close()));
      for (const thread of idle.splice(0)) thread.end();
    },
    async closeFile(path) {
      await new Promise<void>((resolve) => {
        pauses.push(() => void closeEverywhere(path).then(resolve));
        startWaiting();
      });
    },
  };
}
