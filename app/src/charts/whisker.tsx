import type { Verdict } from '../api/report.ts';
import { m } from '../paraglide/messages.js';
import { formatPercent } from '../ui/format.ts';
import { whiskerPoints } from './whisker.ts';
import type { Interval } from './whisker.ts';

/** The rate and a line over its 95 % interval. Filled dot: it differs; open dot: that can be chance; no dot: nothing to compare with. */
export function Whisker({
  interval,
  verdict,
  reference = null,
  domain,
  width = 150,
  className,
}: {
  interval: Interval;
  verdict: Verdict;
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
      aria-label={verdictName[verdict ?? 'none'](range)}
    >
      {points.reference === null ? null : <path className="ref" d={`M${points.reference} 0V16`} />}
      <path className="wh" d={`M${points.from} 8H${points.to}M${points.from} 5v6M${points.to} 5v6`} />
      <RateMark verdict={verdict} x={points.dot} />
    </svg>
  );
}

const verdictName = { differs: m.whisker_differs, chance: m.whisker_chance, none: m.fact_interval_short };

export function RateMark({ verdict, x }: { verdict: Verdict; x: number }) {
  if (verdict === null) return <path className="wh at" d={`M${x} 4v8`} />;
  return <circle className={verdict === 'differs' ? 'dot' : 'dot open'} cx={x} cy={8} r={3.5} />;
}
