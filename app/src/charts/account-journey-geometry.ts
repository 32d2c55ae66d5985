import { scaleTime } from 'd3-scale';

export type Arrival = { at: string; name: string; kind: 'arrival' | 'form' | 'direct' };
export type Lane = { id: string; name: string; arrivals: Arrival[] };
export type DealMark = { at: string; name: string; isWon: boolean };

export type Mark = Arrival & { x: number; y: number; labelY: number; showsLabel: boolean };
export type Geometry = {
  height: number;
  left: number;
  lanes: Array<{ id: string; name: string; y: number; from: number; to: number; marks: Mark[] }>;
  ticks: Array<{ x: number; day: string }>;
  deals: Array<DealMark & { x: number; anchor: 'start' | 'middle' | 'end' }>;
};

const laneHeight = 44;
const head = 20;
const foot = 24;
/** Two names closer than this would touch. */
const labelWidth = 64;

/** Lanes of people over one time line. Names that would touch stand above and below in turn, and are left out where neither fits. */
export function placeJourney({
  lanes,
  deals,
  width,
}: {
  lanes: readonly Lane[];
  deals: readonly DealMark[];
  width: number;
}): Geometry | null {
  const moments = [...lanes.flatMap(({ arrivals }) => arrivals), ...deals].map(({ at }) => Date.parse(at));
  if (moments.length === 0 || width <= 0) return null;
  const left = Math.min(210, Math.round(width * 0.24));
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const scale = scaleTime()
    .domain(first === last ? [first - 43_200_000, last + 43_200_000] : [first, last])
    .range([left + 8, width - 40]);
  const bottom = head + lanes.length * laneHeight;
  return {
    height: bottom + foot,
    left,
    lanes: lanes.map((lane, place) => {
      const y = head + laneHeight * place + laneHeight / 2 - 4;
      const marks = placeMarks(lane.arrivals, { y, x: (at) => scale(Date.parse(at)) });
      return {
        id: lane.id,
        name: lane.name,
        y,
        from: marks[0]?.x ?? left,
        to: marks.at(-1)?.x ?? left,
        marks,
      };
    }),
    ticks: scale.ticks(width < 500 ? 2 : 4).map((tick) => ({ x: scale(tick), day: tick.toISOString().slice(0, 10) })),
    deals: deals.map((deal) => {
      const x = scale(Date.parse(deal.at));
      const anchor = x > width - 90 ? 'end' : x < left + 60 ? 'start' : 'middle';
      return { ...deal, x, anchor };
    }),
  };
}

function placeMarks(arrivals: readonly Arrival[], { y, x }: { y: number; x: (at: string) => number }): Mark[] {
  const ends = { below: -Infinity, above: -Infinity };
  return arrivals
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map((arrival) => {
      const at = x(arrival.at);
      const side = arrival.kind === 'direct' ? null : at >= ends.below ? 'below' : at >= ends.above ? 'above' : null;
      if (side !== null) ends[side] = at + labelWidth;
      return { ...arrival, x: at, y, labelY: side === 'above' ? y - 10 : y + 19, showsLabel: side !== null };
    });
}
