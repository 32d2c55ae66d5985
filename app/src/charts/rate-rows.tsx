import { scaleLinear } from 'd3-scale';
import { formatPercent } from '../ui/format.ts';
import { useWidth } from './use-width.ts';
import { whiskerPoints } from './whisker.ts';
import type { Interval } from './whisker.ts';

export type RateRow = { key: string; label: string; interval: Interval | null; differs: boolean };

const rowHeight = 23;

/** Large whiskers on one scale; the dashed line is the rate of all rows. */
export function RateRows({
  name,
  rows,
  all,
  max,
}: {
  name: string;
  rows: readonly RateRow[];
  all: number | null;
  max: number;
}) {
  const { container, width } = useWidth<HTMLDivElement>(780);
  const labelWidth = width < 480 ? 120 : 210;
  const plotWidth = width - labelWidth - 52;
  const height = rows.length * rowHeight + 26;
  const x = scaleLinear([0, max], [labelWidth + 4, labelWidth + plotWidth - 4]);
  return (
    <div ref={container}>
      <svg className="c" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={name}>
        {all === null ? null : <path className="ref" d={`M${x(all)} 0V${height - 22}`} />}
        {rows.map(({ key, label, interval, differs }, place) => {
          const y = place * rowHeight + 11;
          const points =
            interval === null ? null : whiskerPoints({ interval, reference: null, domain: [0, max], width: plotWidth });
          return (
            <g key={key}>
              <text className="ink rowname" x={0} y={y + 4}>
                {label.length > 30 ? `${label.slice(0, 29)}…` : label}
              </text>
              {points === null ? null : (
                <g transform={`translate(${labelWidth} ${y - 8})`}>
                  <path className="wh" d={`M${points.from} 8H${points.to}M${points.from} 5v6M${points.to} 5v6`} />
                  <circle className={differs ? 'dot' : 'dot open'} cx={points.dot} cy={8} r={3.5} />
                </g>
              )}
            </g>
          );
        })}
        {x.ticks(3).map((tick) => (
          <text key={tick} x={x(tick)} y={height - 6} textAnchor="middle">
            {formatPercent(tick, 0)}
          </text>
        ))}
      </svg>
    </div>
  );
}
