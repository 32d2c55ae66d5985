import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { m } from '../paraglide/messages.js';
import { formatDay, formatDayOfYear, formatMonth } from '../ui/format.ts';
import { placeJourney } from './account-journey-geometry.ts';
import type { DealMark, Lane, Mark } from './account-journey-geometry.ts';

/** A lane for each person of a company, with what brought them when, and the deals across. One tab stop; arrows move among the marks. */
export function AccountJourney({
  name,
  lanes,
  deals,
  onFocus,
}: {
  name: string;
  lanes: Lane[];
  deals: DealMark[];
  /** What the fact line says of the mark in focus; null without one. */
  onFocus: (mark: { person: string; what: string; day: string } | null) => void;
}) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<[lane: number, mark: number]>([0, 0]);
  const placed = placeJourney({ lanes, deals, width });
  const say = (lane: number, mark: number): void => {
    const found = placed?.lanes[lane]?.marks[mark];
    if (found === undefined) return;
    setAt([lane, mark]);
    onFocus({ person: placed!.lanes[lane]!.name, what: found.name, day: formatDay(found.at.slice(0, 10)) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (placed === null) return;
    const [lane, mark] = at;
    const to = {
      ArrowLeft: [lane, mark - 1],
      ArrowRight: [lane, mark + 1],
      ArrowUp: [lane - 1, mark],
      ArrowDown: [lane + 1, mark],
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const nextLane = Math.min(placed.lanes.length - 1, Math.max(0, to[0]!));
    const marks = placed.lanes[nextLane]!.marks.length;
    say(nextLane, Math.min(marks - 1, Math.max(0, to[1]!)));
  };
  const ticks = placed?.ticks ?? [];
  const areMonths = new Set(ticks.map(({ day }) => day.slice(0, 7))).size === ticks.length;
  return (
    <div ref={ref} className="chart">
      {placed === null ? null : (
        <svg
          className="c"
          width={width}
          height={placed.height}
          role="img"
          aria-label={name}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onFocus={() => say(...at)}
          onBlur={() => onFocus(null)}
        >
          {ticks.map(({ x, day }) => (
            <g key={day}>
              <path className="axis" d={`M${x} 16V${placed.height - 20}`} />
              <text x={x + 4} y="12">
                {areMonths ? formatMonth(day) : formatDayOfYear(day)}
              </text>
            </g>
          ))}
          {placed.deals.map((deal) => (
            <g key={`${deal.at}${deal.name}`}>
              <path
                d={`M${deal.x} 16V${placed.height - 20}`}
                stroke="var(--ink)"
                strokeWidth="1.5"
                {...(deal.isWon ? {} : { strokeDasharray: '3 3' })}
              />
              <text className="ink b" x={deal.x} y={placed.height - 6} textAnchor={deal.anchor}>
                {deal.name}
              </text>
            </g>
          ))}
          {placed.lanes.map((lane, place) => (
            <g key={lane.id}>
              <text className="ink lane-name" x="0" y={lane.y + 4}>
                {lane.name.length > 26 ? `${lane.name.slice(0, 25)}…` : lane.name}
              </text>
              <path d={`M${lane.from} ${lane.y}H${lane.to}`} stroke="var(--line-strong)" />
              {lane.marks.map((mark, index) => (
                <MarkShape
                  key={`${mark.at}${index}`}
                  mark={mark}
                  isFocused={at[0] === place && at[1] === index}
                  onPoint={() => say(place, index)}
                  onLeave={() => onFocus(null)}
                />
              ))}
            </g>
          ))}
        </svg>
      )}
      <JourneyTable name={name} lanes={lanes} />
    </div>
  );
}

function MarkShape({
  mark,
  isFocused,
  onPoint,
  onLeave,
}: {
  mark: Mark;
  isFocused: boolean;
  onPoint: () => void;
  onLeave: () => void;
}) {
  const { x, y, kind } = mark;
  return (
    <g onMouseEnter={onPoint} onMouseLeave={onLeave} className={isFocused ? 'mark now' : 'mark'}>
      {kind === 'form' ? (
        <rect x={x - 5} y={y - 5} width="10" height="10" rx="2" fill="var(--ink)" />
      ) : (
        <circle
          cx={x}
          cy={y}
          r="4.5"
          fill={kind === 'direct' ? 'var(--card)' : 'var(--accent)'}
          stroke={kind === 'direct' ? 'var(--soft)' : 'none'}
          {...(kind === 'direct' ? { strokeDasharray: '2 2' } : {})}
        />
      )}
      {mark.showsLabel ? (
        <text x={x} y={mark.labelY} textAnchor="middle">
          {mark.name}
        </text>
      ) : null}
    </g>
  );
}

/** The same as a table, for those who read it. */
function JourneyTable({ name, lanes }: { name: string; lanes: Lane[] }) {
  return (
    <table className="vh">
      <caption>{name}</caption>
      <thead>
        <tr>
          <th scope="col">{m.person()}</th>
          <th scope="col">{m.origin()}</th>
          <th scope="col">{m.day()}</th>
        </tr>
      </thead>
      <tbody>
        {lanes.flatMap((lane) =>
          lane.arrivals.map(({ at, name: origin }, place) => (
            <tr key={`${lane.id}-${place}`}>
              <th scope="row">{lane.name}</th>
              <td>{origin}</td>
              <td>{formatDay(at.slice(0, 10))}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
