/** Time as the server sees it, so that tests can make a stream expire without waiting for it. */
export type Clock = {
  /** Calls back once after `delayMs` milliseconds; the result cancels it. */
  startTimer(callback: () => void, delayMs: number): () => void;
};

/** The machine's own time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  startTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
