/** A tile that can be moved: what it holds of the dashboard, and its size in columns (of three) and rows. */
export type Item<Tile> = { key: string; tiles: Tile[]; width: number; height: number };
export type Place = { row: number; column: number };

export const columns = 3;
export const maxHeight = 2;

/** Where each item stands, as a CSS grid places them: in order, never back into a gap that was passed. */
export function placesOf(items: ReadonlyArray<{ width: number; height: number }>): Place[] {
  const taken = new Set<number>();
  let at = 0;
  return items.map(({ width, height }) => {
    while (!isFree({ taken, at, width, height })) at += 1;
    const place = { row: Math.floor(at / columns), column: at % columns };
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) taken.add(at + row * columns + column);
    }
    return place;
  });
}

function isFree({ taken, at, width, height }: { taken: Set<number>; at: number; width: number; height: number }) {
  if ((at % columns) + width > columns) return false;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) if (taken.has(at + row * columns + column)) return false;
  }
  return true;
}

/** The same items with one of them at another place of the order. */
export function moveItem<One extends { key: string }>(items: readonly One[], key: string, to: number): One[] {
  const item = items.find((one) => one.key === key);
  if (item === undefined) return [...items];
  const others = items.filter((one) => one !== item);
  return others.toSpliced(Math.max(0, Math.min(others.length, to)), 0, item);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** One step among the items: before or after the next one, or past the row above or below. */
export function stepItem<One extends { key: string; width: number; height: number }>(
  items: readonly One[],
  key: string,
  direction: Direction,
): One[] {
  const from = items.findIndex((one) => one.key === key);
  const step = direction === 'left' || direction === 'up' ? -1 : 1;
  if (direction === 'left' || direction === 'right') return moveItem(items, key, from + step);
  const row = placesOf(items)[from]?.row;
  for (let to = from + step; to >= 0 && to < items.length; to += step) {
    const moved = moveItem(items, key, to);
    if (placesOf(moved)[to]!.row !== row) return moved;
  }
  return [...items];
}

/** The same items with one of them larger or smaller, within what a tile may be. */
export function resizeItem<One extends { key: string; width: number; height: number }>(
  items: readonly One[],
  key: string,
  by: { width?: number; height?: number },
): One[] {
  const within = (value: number, most: number): number => Math.max(1, Math.min(most, value));
  return items.map((one) =>
    one.key === key
      ? {
          ...one,
          width: within(one.width + (by.width ?? 0), columns),
          height: within(one.height + (by.height ?? 0), maxHeight),
        }
      : one,
  );
}
