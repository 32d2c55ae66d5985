import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { m } from '../../paraglide/messages.js';
import type { Field } from '../../ui/find/fields.ts';
import { formatCount } from '../../ui/format.ts';
import { CardBody } from './card.tsx';
import { cardBeside, placeOf } from './model.ts';
import type { Board, Card, Lane, Sort } from './model.ts';
import { valueWords } from './queries.ts';
import { useDrag } from './use-drag.ts';
import type { Carried } from './use-drag.ts';

type Props = {
  board: Board;
  label: string;
  sort: Sort;
  fields: readonly Field[];
  shown: readonly string[];
  today: string;
  /** The word of the control by which a phone moves a card; null where cards cannot be moved. */
  moveLabel: string | null;
  canDrop: (lane: Lane, card: Card) => boolean;
  /** Whether a move may take the value away. */
  canBeEmpty: boolean;
  /** What else a drop would set, as a sentence. */
  alsoSets: (lane: Lane, card: Card) => string | null;
  pathOf: (card: Card) => string | null;
  asideOf?: (card: Card) => ReactNode;
  /** Beside the count of a column, and below its name. */
  laneSum: (lane: Lane) => ReactNode;
  laneFacts: (lane: Lane) => ReactNode;
  onMove: (move: { card: Card; from: Lane; to: Lane }) => void;
  onMore: (lane: Lane) => Promise<void>;
};

/** Columns of cards. One tab stop: arrows move among the cards, Enter opens one, Space picks it up. */
export function BoardView(props: Props) {
  const { label, sort, moveLabel, canDrop, alsoSets, onMove } = props;
  // A column of those without a value is left out where it has none and takes none.
  const canBeEmpty = moveLabel !== null && props.canBeEmpty;
  const lanes = props.board.lanes.filter(({ key, count }) => key !== '' || count > 0 || canBeEmpty);
  const board = { ...props.board, lanes };
  const laneOf = (key: string): Lane | undefined => lanes.find((lane) => lane.key === key);
  const cardOf = (id: string): Card | undefined => lanes.flatMap(({ cards }) => cards).find((card) => card.id === id);
  const region = useRef<HTMLDivElement>(null);
  const hint = useId();
  const [said, setSaid] = useState('');
  const [at, setAt] = useState<string | null>(null);
  const tabStop =
    at !== null && cardOf(at) !== undefined ? at : lanes.find(({ cards }) => cards.length > 0)?.cards[0]?.id;
  const focusNext = useRef<{ id: string; lane: string } | null>(null);

  const drag = useDrag({
    lanes: lanes.map(({ key }) => key),
    canDrop: (key, id) => {
      const [lane, card] = [laneOf(key), cardOf(id)];
      return lane !== undefined && card !== undefined && canDrop(lane, card);
    },
    onDrop: ({ id, from, over, by }) => {
      const [card, source, target] = [cardOf(id), laneOf(from), laneOf(over)];
      if (card === undefined || source === undefined || target === undefined) return;
      if (by === 'keys') focusNext.current = { id, lane: over };
      setSaid('');
      onMove({ card, from: source, to: target });
    },
    onPutBack: ({ id, from }) => {
      setSaid(m.board_put_back({ name: nameOf(cardOf(id)), column: laneOf(from)?.name ?? '' }));
    },
  });
  const { carried } = drag;

  // What a screen reader hears is what the bar shows.
  const words = carried === null ? null : wordsOf(carried);
  useEffect(() => {
    if (words !== null) setSaid(words.whole);
  }, [words?.whole]);
  useEffect(() => {
    if (carried === null) return;
    // Sideways alone: what is carried stays in sight.
    const [board, lane] = [region.current, region.current?.querySelector<HTMLElement>(laneSelector(carried.over))];
    if (board === null || !lane) return;
    const right = lane.offsetLeft + lane.offsetWidth - board.clientWidth;
    board.scrollLeft = Math.min(lane.offsetLeft, Math.max(board.scrollLeft, right));
  }, [carried?.over]);
  // A card that was dropped keeps the focus where it is now.
  useEffect(() => {
    if (focusNext.current === null) return;
    const { id, lane } = focusNext.current;
    const element = region.current?.querySelector<HTMLElement>(`${laneSelector(lane)} [data-card="${CSS.escape(id)}"]`);
    if (!element) return;
    element.focus();
    focusNext.current = null;
  });

  function wordsOf({ id, from, over }: Carried) {
    const [card, source, target] = [cardOf(id), laneOf(from), laneOf(over)];
    const name = nameOf(card);
    const head = m.board_picked({ name, column: source?.name ?? '' });
    if (card === undefined || target === undefined || over === from) {
      return { head, rest: m.board_keys(), whole: `${head} ${m.board_keys()}`, place: null };
    }
    // With rows, the order goes by them first.
    const place = board.rows === null ? placeOf(card, target, sort) : null;
    const count = formatCount(target.count + 1);
    const where =
      place === null
        ? m.board_over_far({ name, column: target.name, count })
        : m.board_over({ name, column: target.name, place: formatCount(place), count });
    const also = alsoSets(target, card);
    const rest = [where, m.board_keys(), also].filter(Boolean).join(' ');
    return { head, rest, whole: [where, also].filter(Boolean).join(' '), place };
  }
  function elementOf(id: string): HTMLElement | null {
    return region.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`) ?? null;
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const element = (event.target as HTMLElement).closest<HTMLElement>('[data-card]');
    if (element === null || event.target !== element) return;
    const id = element.dataset['card']!;
    const lane = lanes.find(({ cards }) => cards.some((card) => card.id === id));
    if (lane === undefined) return;
    const isCarrying = carried !== null;
    if (isCarrying || (moveLabel !== null && event.key === ' ')) {
      if (drag.onKeyDown(event, { id, lane: lane.key })) event.preventDefault();
      if (isCarrying || event.key === ' ') return;
    }
    if (event.key === 'Enter') {
      element.querySelector<HTMLElement>('a')?.click();
      return;
    }
    const beside = cardBeside(board, id, event.key);
    if (beside === null) return;
    event.preventDefault();
    setAt(beside);
    elementOf(beside)?.focus();
  };

  const ghostCard = carried?.by === 'pointer' ? cardOf(carried.id) : undefined;
  return (
    <>
      <div
        className={carried === null ? 'board' : 'board carrying'}
        role="region"
        aria-label={label}
        ref={region}
        onKeyDown={onKeyDown}
      >
        {lanes.map((lane) => (
          <LaneView
            key={lane.key}
            {...props}
            board={board}
            lane={lane}
            hint={hint}
            tabStop={tabStop}
            carried={carried}
            dropText={
              carried !== null && carried.over === lane.key && carried.from !== lane.key
                ? words!.place === null
                  ? m.board_drops_here()
                  : m.board_drops_at({ place: formatCount(words!.place), count: formatCount(lane.count + 1) })
                : null
            }
            dropPlace={words?.place ?? null}
            onFocusCard={setAt}
            onPointerDown={drag.onPointerDown}
          />
        ))}
      </div>
      <p className="vh" id={hint}>
        {moveLabel === null ? m.board_hint_read() : m.board_hint()}
      </p>
      <div className="vh" role="status" aria-live="assertive">
        {said}
      </div>
      {ghostCard === undefined ? null : (
        <div
          ref={drag.ghost}
          className="kort up ghost"
          aria-hidden="true"
          style={{ left: drag.grip.current.left, top: drag.grip.current.top, width: drag.grip.current.width }}
        >
          <CardBody {...props} card={ghostCard} path={null} />
        </div>
      )}
      {words === null ? null : (
        <div className="bulk board-bar" aria-hidden="true">
          <b>{words.head}</b> <span>{words.rest}</span>
        </div>
      )}
    </>
  );
}

function laneSelector(key: string): string {
  return `[data-lane="${CSS.escape(key)}"]`;
}

export function nameOf(card: Card | undefined): string {
  return card === undefined || card.title === '' ? m.person_unnamed() : card.title;
}

function LaneView({
  board,
  lane,
  fields,
  shown,
  today,
  moveLabel,
  canDrop,
  pathOf,
  asideOf,
  laneSum,
  laneFacts,
  onMove,
  onMore,
  hint,
  tabStop,
  carried,
  dropText,
  dropPlace,
  onFocusCard,
  onPointerDown,
}: Props & {
  lane: Lane;
  hint: string;
  tabStop: string | undefined;
  carried: Carried | null;
  dropText: string | null;
  dropPlace: number | null;
  onFocusCard: (id: string) => void;
  onPointerDown: ReturnType<typeof useDrag>['onPointerDown'];
}) {
  const [isLoading, setLoading] = useState(false);
  const left = lane.count - lane.cards.length;
  const rowsField = fields.find(({ name }) => name === board.rows);
  const items: ReactNode[] = [];
  const slot = (
    <li key="drop" className="drop" aria-hidden="true">
      {dropText}
    </li>
  );
  let group: string | null | undefined;
  for (const [place, card] of lane.cards.entries()) {
    if (dropText !== null && (dropPlace ?? 1) - 1 === place) items.push(slot);
    if (board.rows !== null && card.group !== group) {
      group = card.group;
      const counted = lane.groups.find(({ value }) => value === card.group);
      items.push(
        <li key={`group-${String(card.group)}`} className="mini lane-group">
          {valueWords(card.group, rowsField)} <b>{formatCount(counted?.count)}</b>
        </li>,
      );
    }
    const isCarried = carried?.id === card.id;
    items.push(
      <li
        key={card.id}
        data-card={card.id}
        className={isCarried ? (carried.by === 'keys' ? 'kort up' : 'kort gone') : 'kort'}
        tabIndex={card.id === tabStop ? 0 : -1}
        aria-describedby={hint}
        onFocus={() => onFocusCard(card.id)}
        onPointerDown={(event) => {
          if (moveLabel !== null) onPointerDown(event, { id: card.id, lane: lane.key });
        }}
      >
        <CardBody
          card={card}
          path={pathOf(card)}
          shown={shown}
          fields={fields}
          today={today}
          {...(asideOf === undefined ? {} : { aside: asideOf(card) })}
        />
        {moveLabel === null ? null : (
          <select
            className="select phone move"
            aria-label={m.board_move_of({ what: moveLabel, name: nameOf(card) })}
            value={lane.key}
            onChange={({ target }) => {
              const to = board.lanes.find(({ key }) => key === target.value);
              if (to !== undefined) onMove({ card, from: lane, to });
            }}
          >
            {board.lanes
              .filter((one) => one === lane || canDrop(one, card))
              .map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
          </select>
        )}
      </li>,
    );
  }
  if (dropText !== null && (dropPlace ?? 1) - 1 >= lane.cards.length) items.push(slot);
  return (
    <section
      className="lane"
      data-lane={lane.key}
      aria-label={m.board_column({ name: lane.name, count: formatCount(lane.count) })}
    >
      <header>
        <div className="row between nowrap-row">
          <h2>{lane.name}</h2>
          <span className="mini nowrap">
            <b>{formatCount(lane.count)}</b>
            {laneSum(lane)}
          </span>
        </div>
        {laneFacts(lane)}
      </header>
      {items.length === 0 ? (
        <p className="mini lane-empty">{moveLabel === null ? m.board_empty_column() : m.board_drop_here()}</p>
      ) : (
        <ol>{items}</ol>
      )}
      {left <= 0 || lane.cursor === null ? null : (
        <p className="lane-more">
          <button
            type="button"
            className="btn sm quiet"
            disabled={isLoading}
            onClick={() => {
              setLoading(true);
              void onMore(lane).finally(() => setLoading(false));
            }}
          >
            {m.board_more({ count: formatCount(left) })}
          </button>
        </p>
      )}
    </section>
  );
}
