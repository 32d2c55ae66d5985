import { scaleLinear } from 'd3-scale';
import type { Model } from '../api/scope.ts';
import { ModelMark } from './marks.tsx';
import { RowLabel, rowLayout } from './row-label.tsx';
import { useWidth } from './use-width.ts';

export type SpanRow = { key: string; label: string; values: Array<{ model: Model; value: number | null }> };

/** Marks that lie on each other are drawn in this order. */
const drawnOrder: readonly Model[] = [
  'firstTouch',
  'lastTouch',
  'linear',
  'positionBased',
  'timeDecay',
  'shapley',
  'markov',
  'leadCreation',
];

/** A row's span over the models, one shape for each. The table below it has the same rows in the same order. */
export function SpanChart({
  name,
  rows,
  format,
}: {
  name: string;
  rows: readonly SpanRow[];
  format: (value: number) => string;
}) {
  const { container, width } = useWidth<HTMLDivElement>(780);
  const { labelWidth, left, rowHeight, labelDy } = rowLayout(width);
  const largest = Math.max(1, ...rows.flatMap(({ values }) => values.map(({ value }) => value ?? 0)));
  const x = scaleLinear([0, largest], [left, width - 52]).nice(2);
  const height = rows.length * rowHeight + 26;
  return (
    <div ref={container}>
      <svg className="c" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={name}>
        {rows.map(({ key, label, values }, place) => {
          const y = place * rowHeight + rowHeight - 12;
          const known = values.flatMap(({ value }) => (value === null ? [] : [value]));
          return (
            <g key={key}>
              <RowLabel label={label} y={y + labelDy} width={labelWidth} />
              <path className="axis" d={`M${x(0)} ${y}H${width - 52}`} />
              {known.length < 2 ? null : (
                <path
                  d={`M${x(Math.min(...known))} ${y}H${x(Math.max(...known))}`}
                  stroke="var(--line-strong)"
                  strokeWidth={3}
                />
              )}
              {values
                .toSorted((a, b) => drawnOrder.indexOf(a.model) - drawnOrder.indexOf(b.model))
                .map(({ model, value }) =>
                  value === null ? null : <ModelMark key={model} model={model} x={x(value)} y={y} />,
                )}
            </g>
          );
        })}
        {x.ticks(2).map((tick) => (
          <text key={tick} x={x(tick)} y={height - 6} textAnchor="middle">
            {format(tick)}
          </text>
        ))}
      </svg>
    </div>
  );
}
