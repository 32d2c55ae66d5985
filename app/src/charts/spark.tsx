import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { m } from '../paraglide/messages.js';
import { formatCount } from '../ui/format.ts';

const size = { width: 84, height: 20, edge: 2 };

/** A line without axes: its name says the first, the highest and the last value. */
export function Spark({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null;
  const highest = Math.max(...values);
  const x = scaleLinear([0, values.length - 1], [size.edge, size.width - size.edge]);
  const y = scaleLinear([0, Math.max(1, highest)], [size.height - size.edge, size.edge]);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const path = line<number>(
    (_, place) => round(x(place)),
    (value) => round(y(value)),
  )(values as number[]);
  const last = values.at(-1)!;
  return (
    <svg
      className="sparkl"
      width={size.width}
      height={size.height}
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={m.spark_name({
        first: formatCount(values[0]),
        highest: formatCount(highest),
        last: formatCount(last),
      })}
    >
      <path className="spark" d={path ?? ''} />
      <circle className="sparkdot" cx={round(x(values.length - 1))} cy={round(y(last))} r={1.8} />
    </svg>
  );
}
