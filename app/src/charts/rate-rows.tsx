import { scaleLinear } from 'd3-scale';
import type { Verdict } from '../api/report.ts';
import { formatPercent } from '../ui/format.ts';
import { RowLabel, rowLayout } from './row-label.tsx';
import { useWidth } from './use-width.ts';
import { whiskerPoints } from './whisker.ts';
import type { Interval } from './whisker.ts';
import { RateMark } from './whisker.tsx';

export type RateRow = { key: string; label: string; interval: Interval | null; verdict: Verdict };

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
  const { labelWidth, left, rowHeight, labelDy } = rowLayout(width);
  const isNarrow = labelDy !== 0;
  const plotWidth = width - left - 52;
  const height = rows.length * rowHeight + 26;
  const x = scaleLinear([0, max], [left + 4, left + plotWidth - 4]);
  return (
    <div ref={container}>
      <svg className="c" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={name}>
        {all === null || isNarrow ? null : <path className="ref" d={`M${x(all)} 0V${height - 22}`} />}
        {rows.map(({ key, label, interval, verdict }, place) => {
          const y = place * rowHeight + rowHeight - 12;
          const points =
            interval === null ? null : whiskerPoints({ interval, reference: null, domain: [0, max], width: plotWidth });
          return (
            <g key={key}>
              {/* Names stand above their lines: the dashed line leaves them free. */}
              {all === null || !isNarrow ? null : <path className="ref" d={`M${x(all)} ${y - 10}v20`} />}
              <RowLabel label={label} y={y + labelDy} width={labelWidth} />
              {points === null ? null : (
                <g transform={`translate(${left} ${y - 8})`}>
                  <path className="wh" d={`M${points.from} 8H${points.to}M${points.from} 5v6M${points.to} 5v6`} />
                  <RateMark verdict={verdict} x={points.dot} />
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
