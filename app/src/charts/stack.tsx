import { useId, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { formatCount } from '../ui/format.ts';
import { colourOf } from './channels.ts';
import { stackGeometry } from './stack.ts';
import type { Series } from './stack.ts';
import { useWidth } from './use-width.ts';

export type Part = { key: string; label: string; axisLabel: string | null };
export type Mark = { place: number; number: number };

const height = 204;

/** Parts of a period side by side: one tab stop, arrows walk the parts, and the fact line follows. */
export function StackChart({
  name,
  series,
  comparison,
  parts,
  marks,
  form,
  chosen,
  onChoose,
  onAnnotate,
  onPick,
}: {
  /** What the chart shows, with its sums. */
  name: string;
  series: readonly Series[];
  comparison: readonly number[] | null;
  parts: readonly Part[];
  marks: readonly Mark[];
  form: 'stacked' | 'lines';
  chosen: number | null;
  onChoose: (place: number | null) => void;
  /** By the key A. */
  onAnnotate: (place: number) => void;
  /** Parts that were dragged over, both included; by Enter the chosen one. */
  onPick: (from: number, to: number) => void;
}) {
  const [begun, setBegun] = useState<number | null>(null);
  const { container, width } = useWidth<HTMLDivElement>(760);
  const id = useId();
  const isNarrow = width < 480;
  const geometry = stackGeometry({ series, comparison, width, height, form, labelWidth: isNarrow ? 0 : 106 });
  const { plot, xs } = geometry;
  const step = xs.length > 1 ? (xs[1] ?? 1) - (xs[0] ?? 0) : 1;
  const labelled = spreadLabels({ parts, xs });
  const move = (place: number): void => onChoose(Math.max(0, Math.min(xs.length - 1, place)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const places: Record<string, number> = {
      ArrowLeft: (chosen ?? xs.length) - 1,
      ArrowRight: (chosen ?? -1) + 1,
      Home: 0,
      End: xs.length - 1,
    };
    const place = places[event.key];
    if (place === undefined) {
      if (event.key === 'Escape') onChoose(null);
      if (chosen === null || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Enter') onPick(chosen, chosen);
      if (event.key.toLowerCase() !== 'a') return;
      event.preventDefault();
      onAnnotate(chosen);
      return;
    }
    event.preventDefault();
    move(place);
  };
  const placeAt = (event: PointerEvent<SVGSVGElement>): number | null => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    if (x < plot.left - step || x > plot.right + step) return null;
    return Math.max(0, Math.min(xs.length - 1, Math.round((x - plot.left) / step)));
  };
  const onPointer = (event: PointerEvent<SVGSVGElement>): void => {
    const place = placeAt(event);
    if (place !== null) onChoose(place);
  };
  const onPointerUp = (event: PointerEvent<SVGSVGElement>): void => {
    const place = placeAt(event);
    setBegun(null);
    if (begun !== null && place !== null && place !== begun) onPick(Math.min(begun, place), Math.max(begun, place));
  };
  const total = chosen === null ? 0 : series.reduce((sum, { values }) => sum + (values[chosen] ?? 0), 0);
  return (
    <div ref={container}>
      <svg
        className="c stackchart"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-labelledby={id}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={onPointer}
        onPointerDown={(event) => {
          onPointer(event);
          // A finger scrolls.
          if (event.pointerType === 'mouse') setBegun(placeAt(event));
        }}
        onPointerUp={onPointerUp}
        onPointerLeave={() => {
          setBegun(null);
          onChoose(null);
        }}
      >
        <title id={id}>{name}</title>
        {geometry.ticks.map(({ value, y }) => (
          <g key={value}>
            <path className="axis" d={`M${plot.left} ${y}H${plot.right}`} />
            <text x={plot.left - 6} y={y + 4} textAnchor="end">
              {formatCount(value)}
            </text>
          </g>
        ))}
        {geometry.layers.map((layer) =>
          form === 'stacked' ? (
            <path key={layer.name} d={layer.path} fill={colourOf(layer.name)} stroke="var(--card)" strokeWidth={1} />
          ) : (
            <path key={layer.name} d={layer.path} fill="none" stroke={colourOf(layer.name)} strokeWidth={1.75} />
          ),
        )}
        {geometry.comparison === '' ? null : (
          <path d={geometry.comparison} fill="none" stroke="var(--ink)" strokeWidth={1.25} strokeDasharray="3 3" />
        )}
        {isNarrow
          ? null
          : geometry.layers.map((layer) => (
              <g key={layer.name}>
                <rect x={plot.right + 8} y={layer.labelY - 8} width={9} height={9} rx={2} fill={colourOf(layer.name)} />
                <text className="ink" x={plot.right + 22} y={layer.labelY + 1}>
                  {layer.name}
                </text>
              </g>
            ))}
        {labelled.map((place) => (
          <text key={place} x={xs[place]} y={height - 6} textAnchor={place === 0 ? 'start' : 'middle'}>
            {parts[place]?.axisLabel}
          </text>
        ))}
        {marks.map(({ place, number }) => (
          <g key={number}>
            <path className="ref" d={`M${xs[place]} 18V${plot.bottom}`} />
            <circle cx={xs[place]} cy={10} r={8} fill="var(--card)" stroke="var(--ink)" />
            <text className="mark" x={xs[place]} y={14} textAnchor="middle">
              {number}
            </text>
          </g>
        ))}
        {begun === null || chosen === null || begun === chosen ? null : (
          <rect
            className="picked"
            x={Math.min(xs[begun] ?? 0, xs[chosen] ?? 0)}
            y={plot.top}
            width={Math.abs((xs[chosen] ?? 0) - (xs[begun] ?? 0))}
            height={plot.bottom - plot.top}
          />
        )}
        {chosen === null ? null : (
          <g>
            <path d={`M${xs[chosen]} ${plot.top}V${plot.bottom}`} stroke="var(--ink)" strokeWidth={1.5} />
            {form === 'stacked' ? <circle cx={xs[chosen]} cy={geometry.yOf(total)} r={4} fill="var(--ink)" /> : null}
          </g>
        )}
      </svg>
    </div>
  );
}

const labelRoom = 36;

/** The places whose label is written: none touches the one before it. */
function spreadLabels({ parts, xs }: { parts: readonly Part[]; xs: readonly number[] }): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return parts.flatMap(({ axisLabel }, place) => {
    const x = xs[place] ?? 0;
    if (axisLabel === null || x - last < labelRoom) return [];
    last = x;
    return [place];
  });
}
