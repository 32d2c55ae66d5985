import type { Clock } from '../../tools/libsql-server/clock.ts';

export type TestClock = Clock & {
  /** Moves time and runs the timers that are due, in their order. */
  advance(ms: number): void;
  /** Resolves when the next timer of just this length is started. */
  waitForTimer(delayMs: number): Promise<void>;
  /** Resolves when a timer of just this length is cancelled. */
  waitForCancel(delayMs: number): Promise<void>;
};

/** A clock that stands still until it is told to move. */
export function createTestClock(): TestClock {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const started = new Map<number, () => void>();
  const cancelled = new Map<number, () => void>();

  return {
    startTimer(callback, delayMs) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      started.get(delayMs)?.();
      return () => {
        if (timers.delete(timer)) cancelled.get(delayMs)?.();
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [due] = [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
        if (!due) break;
        timers.delete(due);
        now = due.at;
        due.callback();
      }
      now = end;
    },
    waitForTimer: (delayMs) => new Promise((resolve) => started.set(delayMs, resolve)),
    waitForCancel: (delayMs) => new Promise((resolve) => cancelled.set(delayMs, resolve)),
  };
}
