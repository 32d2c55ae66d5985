import type { Clock } from './clock.ts';

/** Why a waiter stops waiting: try again, its time is up, or nobody wants its answer any more. */
export type Turn = 'retry' | 'timeout' | 'aborted';

export type Ticket = {
  /** Resolves when it is this waiter's turn to try, or when it should give up. */
  waitForTurn(): Promise<Turn>;
  /** Leaves the queue, having got the lock or given up; the next in line tries at once. */
  leave(): void;
  abort: () => void;
};

export type LockQueue = {
  enter(timeoutMs: number): Ticket;
  /** The write lock may be free: the first in line tries. */
  notifyReleased(): void;
  abortAll(): void;
};

// Nobody tells us when another process lets go of the lock.
const pollMs = 20;

type Waiter = { turn: Turn | undefined; resolve: ((turn: Turn) => void) | undefined };

/**
 * A first-come queue for the write lock of one file.
 *
 * The library's calls block the event loop, so SQLite's own busy handler would wait for a transaction whose
 * COMMIT is still in a socket that the same loop has to read. Waiting happens here instead, between two attempts.
 */
export function createLockQueue({ clock }: { clock: Clock }): LockQueue {
  const waiters: Waiter[] = [];
  let cancelPoll: (() => void) | undefined;

  function give(waiter: Waiter | undefined, turn: Turn): void {
    if (!waiter) return;
    // A verdict is final; a turn to retry that was not yet used must not hide it.
    if (waiter.turn === undefined || waiter.turn === 'retry') waiter.turn = turn;
    waiter.resolve?.(waiter.turn);
    waiter.resolve = undefined;
  }

  function schedulePoll(): void {
    if (cancelPoll || waiters.length === 0) return;
    cancelPoll = clock.startTimer(() => {
      cancelPoll = undefined;
      give(waiters[0], 'retry');
      schedulePoll();
    }, pollMs);
  }

  function enter(timeoutMs: number): Ticket {
    const waiter: Waiter = { turn: undefined, resolve: undefined };
    waiters.push(waiter);
    const cancelTimeout = clock.startTimer(() => give(waiter, 'timeout'), timeoutMs);
    schedulePoll();

    return {
      async waitForTurn() {
        const turn = waiter.turn ?? (await new Promise<Turn>((resolve) => (waiter.resolve = resolve)));
        if (waiter.turn === 'retry') waiter.turn = undefined;
        return turn;
      },
      leave() {
        cancelTimeout();
        const at = waiters.indexOf(waiter);
        if (at < 0) return;
        waiters.splice(at, 1);
        if (waiters.length > 0) give(waiters[0], 'retry');
        else if (cancelPoll) {
          cancelPoll();
          cancelPoll = undefined;
        }
      },
      abort: () => give(waiter, 'aborted'),
    };
  }

  return {
    enter,
    notifyReleased: () => give(waiters[0], 'retry'),
    abortAll: () => {
      for (const waiter of waiters) give(waiter, 'aborted');
    },
  };
}
