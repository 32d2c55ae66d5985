import { Whisker } from '../charts/whisker.tsx';
import { fewBelow, verdictOf } from '../api/report.ts';
import type { Rate } from '../api/report.ts';
import { m } from '../paraglide/messages.js';
import { formatCount, formatPercent, none } from './format.ts';

/** A rate in words, below ten as a count: 12.9 %, below ten in the denominator “1 of 9”, without one `–`. */
export function rateText(rate: Rate | null, digits?: number): string {
  if (rate === null || rate.value === null) return none;
  if (rate.denominator < fewBelow) {
    return m.rate_of({ numerator: formatCount(rate.numerator), denominator: formatCount(rate.denominator) });
  }
  return formatPercent(rate.value, digits);
}

export function intervalOf(rate: Rate | null): { value: number; low: number; high: number } | null {
  if (rate === null || rate.value === null || rate.low === null || rate.high === null) return null;
  return { value: rate.value, low: rate.low, high: rate.high };
}

/** A rate with its whisker on the scale of its column. The dashed line is the rate of all rows. */
export function RateCell({
  rate,
  all,
  max,
  width = 150,
}: {
  rate: Rate | null;
  all: number | null;
  max: number;
  width?: number;
}) {
  const interval = intervalOf(rate);
  const verdict = verdictOf(rate);
  return (
    <span className="rate">
      <span>{rateText(rate)}</span>
      {interval === null ? null : (
        <>
          <Whisker
            className="desk"
            width={width}
            interval={interval}
            verdict={verdict}
            reference={all}
            domain={[0, max]}
          />
          <Whisker
            className="phone"
            width={84}
            interval={interval}
            verdict={verdict}
            reference={all}
            domain={[0, max]}
          />
        </>
      )}
    </span>
  );
}
