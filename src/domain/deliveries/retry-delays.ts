const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits before the second try and each further one, in milliseconds: the schedule that Standard Webhooks recommends. */
const delays = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const;

/** How long to wait after so many failed tries, in milliseconds; null where it is given up. */
export function retryDelay(failedAttempts: number): number | null {
  return delays[failedAttempts - 1] ?? null;
}

/** While something is being tried nobody else tries it; longer than any try can take. */
export const leaseMs = 2 * minute;
