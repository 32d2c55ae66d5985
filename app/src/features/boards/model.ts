/** A board as its screens have it, of people, companies, deals or submissions, and what a move does to it. Nothing here knows the page. */

export type Money = { amount: number | string; currency: string };

export type Card = {
  id: string;
  title: string;
  subtitle: string | null;
  /** What it is in, of the field that the cards of a column stand together by. */
  group: string | null;
  fields: Record<string, unknown>;
};

export type Lane = {
  /** As a move takes it; empty is the column of those that have none. */
  key: string;
  name: string;
  count: number;
  sum: Money[];
  weighted: Money[];
  /** Of a stage. */
  status: 'open' | 'won' | 'lost' | null;
  probability: number | null;
  totals: Array<{ value: string | null; count: number; sum: Money[] }>;
  groups: Array<{ value: string | null; count: number }>;
  cards: Card[];
  cursor: string | null;
};

export type Board = {
  name: string;
  entity: 'person' | 'company' | 'deal' | 'submission';
  groupBy: string;
  rows: string | null;
  totalsBy: string;
  count: number;
  sum: Money[];
  weighted: Money[];
  lanes: Lane[];
  leftOut: number;
};

export type Sort = { field: string; direction: 'asc' | 'desc' };

export function readSort(text: string): Sort {
  return text.startsWith('-') ? { field: text.slice(1), direction: 'desc' } : { field: text, direction: 'asc' };
}

/** Numbers and times are ordered here as the API orders them; texts are not compared, whose order is the language's. */
function comparable(value: unknown): number | string | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? value : null;
}

/**
 * Where a card would stand in a column, counted from one. Null where that is below what is loaded, or where the order goes by something
 * that cannot be compared here.
 */
export function placeOf(card: Card, lane: Lane, sort: Sort): number | null {
  const own = comparable(card.fields[sort.field]);
  if (own === null) return null;
  const others = lane.cards.filter(({ id }) => id !== card.id);
  const before = others.filter((other) => {
    const value = comparable(other.fields[sort.field]);
    if (value === null || value === own) return value !== null;
    return sort.direction === 'desc' ? value > own : value < own;
  }).length;
  return before === others.length && lane.cursor !== null ? null : before + 1;
}

/** The board with a card in another column, at its place; below what is loaded it is only counted. */
export function moveCard(board: Board, { id, to, sort }: { id: string; to: string; sort: Sort }): Board {
  const from = board.lanes.find(({ cards }) => cards.some((card) => card.id === id));
  const target = board.lanes.find(({ key }) => key === to);
  const card = from?.cards.find((one) => one.id === id);
  if (from === undefined || target === undefined || card === undefined || from === target) return board;
  // What cannot be placed stands on top until the board is read again, where it is seen.
  const place = placeOf(card, target, sort) ?? 1;
  const lanes = board.lanes.map((lane) => {
    if (lane === from) return { ...lane, count: lane.count - 1, cards: lane.cards.filter((one) => one !== card) };
    if (lane === target) {
      return { ...lane, count: lane.count + 1, cards: lane.cards.toSpliced(place - 1, 0, card) };
    }
    return lane;
  });
  return { ...board, lanes };
}

/** The card that an arrow leads to from another; null where there is none that way. */
export function cardBeside(board: Board, id: string, key: string): string | null {
  const laneAt = board.lanes.findIndex(({ cards }) => cards.some((card) => card.id === id));
  const lane = board.lanes[laneAt];
  if (lane === undefined) return null;
  const at = lane.cards.findIndex((card) => card.id === id);
  if (key === 'ArrowDown') return lane.cards[at + 1]?.id ?? null;
  if (key === 'ArrowUp') return lane.cards[at - 1]?.id ?? null;
  if (key === 'Home') return lane.cards[0]?.id ?? null;
  if (key === 'End') return lane.cards.at(-1)?.id ?? null;
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return null;
  // Columns without cards are passed over.
  for (let next = laneAt + step; next >= 0 && next < board.lanes.length; next += step) {
    const { cards } = board.lanes[next]!;
    if (cards.length > 0) return cards[Math.min(at, cards.length - 1)]!.id;
  }
  return null;
}
