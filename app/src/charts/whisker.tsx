import { m } from '../paraglide/messages.js';
import { formatPercent } from '../ui/format.ts';
import { whiskerPoints } from './whisker.ts';
import type { Interval } from './whisker.ts';

/** A dot at the rate, a line over its 95 % interval. Filled: it differs; open: that can be chance. */
export function Whisker({
  interval,
  differs,
  reference = null,
  domain,
  width = 150,
  className,
}: {
  interval: Interval;
  differs: boolean;
  reference?: number | null;
  domain: readonly [number, number];
  width?: number;
  className?: string;
}) {
  const points = whiskerPoints({ interval, reference, domain, width });
  const range = { low: formatPercent(interval.low), high: formatPercent(interval.high) };
  return (
    <svg
      className={`whisk ${className ?? ''}`}
      width={width}
      height={16}
      viewBox={`0 0 ${width} 16`}
      role="img"
      aria-label={differs ? m.whisker_differs(range) : m.whisker_chance(range)}
    >
      {points.reference === null ? null : <path className="ref" d={`M${points.reference} 0V16`} />}
      <path className="wh" d={`M${points.from} 8H${points.to}M${points.from} 5v6M${points.to} 5v6`} />
      <circle className={differs ? 'dot' : 'dot open'} cx={points.dot} cy={8} r={3.5} />
    </svg>
  );
}
