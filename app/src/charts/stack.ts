import { scaleLinear } from 'd3-scale';
import { area, curveLinear, line, stack } from 'd3-shape';

export type Series = { name: string; values: number[] };
export type Layer = { name: string; path: string; labelY: number };
export type StackGeometry = {
  layers: Layer[];
  /** The line of what is compared with; empty where there is none. */
  comparison: string;
  ticks: Array<{ value: number; y: number }>;
  /** The middle of each part of the period. */
  xs: number[];
  plot: { left: number; right: number; top: number; bottom: number };
  yOf: (value: number) => number;
};

const labelHeight = 15;

/** Stacked areas or lines over the parts of a period, with labels at the right edge that do not touch. */
export function stackGeometry({
  series,
  comparison,
  width,
  height,
  form,
  labelWidth,
}: {
  series: readonly Series[];
  comparison: readonly number[] | null;
  width: number;
  height: number;
  form: 'stacked' | 'lines';
  /** Room for labels at the right; 0 where they stand in a legend. */
  labelWidth: number;
}): StackGeometry {
  const plot = { left: 34, right: width - labelWidth - (labelWidth === 0 ? 4 : 8), top: 24, bottom: height - 22 };
  const count = series[0]?.values.length ?? 0;
  const totals = Array.from({ length: count }, (_, place) =>
    series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
  );
  const drawn = form === 'stacked' ? totals : series.flatMap(({ values }) => values);
  const shown = form === 'stacked' ? [...drawn, ...(comparison ?? [])] : drawn;
  const y = scaleLinear([0, Math.max(1, ...shown)], [plot.bottom, plot.top]).nice(2);
  const x = scaleLinear([0, Math.max(1, count - 1)], [plot.left, plot.right]);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const lineOf = line<number>(
    (_, place) => round(x(place)),
    (value) => round(y(value)),
  ).curve(curveLinear);

  const layers =
    form === 'stacked'
      ? stackedLayers({ series, count, x, y, round })
      : series.map(({ name, values }) => ({ name, path: lineOf(values) ?? '', labelY: round(y(values.at(-1) ?? 0)) }));
  return {
    layers: pushApart(layers, plot.bottom),
    comparison: comparison === null || form === 'lines' ? '' : (lineOf([...comparison]) ?? ''),
    ticks: y.ticks(2).map((value) => ({ value, y: round(y(value)) })),
    xs: Array.from({ length: count }, (_, place) => round(x(place))),
    plot,
    yOf: (value) => round(y(value)),
  };
}

type Scale = (value: number) => number;

function stackedLayers({
  series,
  count,
  x,
  y,
  round,
}: {
  series: readonly Series[];
  count: number;
  x: Scale;
  y: Scale;
  round: Scale;
}): Layer[] {
  const places = Array.from({ length: count }, (_, place) => place);
  const stacked = stack<number, string>()
    .keys(series.map(({ name }) => name))
    .value((place, name) => series.find((one) => one.name === name)?.values[place] ?? 0)(places);
  const areaOf = area<[number, number]>()
    .x((_, place) => round(x(place)))
    .y0(([low]) => round(y(low)))
    .y1(([, high]) => round(y(high)));
  return stacked.map((layer) => {
    const points = layer as unknown as Array<[number, number]>;
    const [low, high] = points.at(-1) ?? [0, 0];
    return { name: layer.key, path: areaOf(points) ?? '', labelY: round(y((low + high) / 2)) };
  });
}

/** Moves labels up until none touches the one below it; the order of the layers stays. */
function pushApart(layers: Layer[], bottom: number): Layer[] {
  const placed = new Map<string, number>();
  let below = bottom + labelHeight;
  for (const { name, labelY } of layers.toSorted((a, b) => b.labelY - a.labelY)) {
    below = Math.min(labelY, below - labelHeight);
    placed.set(name, below);
  }
  return layers.map((layer) => ({ ...layer, labelY: placed.get(layer.name)! }));
}

/** The largest series in a fixed order; what is left is summed as one. */
export function foldSeries({
  series,
  order,
  otherName,
  limit = 7,
}: {
  series: readonly Series[];
  order: readonly string[];
  otherName: string;
  limit?: number;
}): Series[] {
  const sum = ({ values }: Series): number => values.reduce((total, value) => total + value, 0);
  const named = series.filter(({ name }) => order.includes(name)).toSorted((a, b) => sum(b) - sum(a));
  const kept = named.slice(0, limit - 1).filter((one) => sum(one) > 0);
  const rest = series.filter((one) => !kept.includes(one));
  const inOrder = kept.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const length = series[0]?.values.length ?? 0;
  const other = Array.from({ length }, (_, place) =>
    rest.reduce((total, { values }) => total + (values[place] ?? 0), 0),
  );
  return other.some((value) => value > 0) ? [...inOrder, { name: otherName, values: other }] : inOrder;
}
