/** No clock is further ahead of UTC. */
const maxAheadMs = 14 * 60 * 60 * 1_000;

/** Whether a calendar day (`YYYY-MM-DD`) has begun somewhere on earth. */
export function hasBegun({ day, now }: { day: string; now: number }): boolean {
  return Date.parse(day) <= now + maxAheadMs;
}
