import { scaleLinear } from 'd3-scale';

export type Interval = { value: number; low: number; high: number };

/** One scale for a whole column of rates, from 0, a little beyond the largest end. At most 1. */
export function rateScale(intervals: ReadonlyArray<{ high: number | null } | null>): number {
  const largest = Math.max(0, ...intervals.map((interval) => interval?.high ?? 0));
  return largest === 0 ? 1 : Math.min(1, largest * 1.05);
}

/** A scale around an interval and the rate compared with, where a column has but one. */
export function scaleAround({ low, high }: Interval, reference: number | null): [number, number] {
  const ends = [low, high, reference ?? low];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max((to - from) * 0.6, 0.001);
  return [Math.max(0, from - margin), Math.min(1, to + margin)];
}

const radius = 4;

/** Where dot, ends and the dashed line stand, in pixels. What lies beyond the scale stands at its end. */
export function whiskerPoints({
  interval,
  reference,
  domain,
  width,
}: {
  interval: Interval;
  reference: number | null;
  domain: readonly [number, number];
  width: number;
}): { dot: number; from: number; to: number; reference: number | null } {
  const scale = scaleLinear()
    .domain(domain)
    .range([radius, width - radius])
    .clamp(true);
  const at = (value: number): number => Math.round(scale(value) * 10) / 10;
  return {
    dot: at(interval.value),
    from: at(interval.low),
    to: at(interval.high),
    reference: reference === null ? null : at(reference),
  };
}
