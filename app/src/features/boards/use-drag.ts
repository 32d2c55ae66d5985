import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

export type Carried = { id: string; from: string; over: string; by: 'keys' | 'pointer' };

const beginsAfterPx = 6;
const edgePx = 48;

/**
 * A card that is carried from column to column, by the pointer or by keys: Space picks up, arrows move, Space drops, Esc puts back. It knows
 * columns by their key and cards by their id; what a drop does is the caller's. react-aria's drag and drop moves among targets by Tab and
 * uses the browser's own drag, which cannot be styled: a board wants arrows and a card in the air.
 */
export function useDrag({
  lanes,
  canDrop,
  onDrop,
  onPutBack,
}: {
  /** Keys of the columns, in their order. */
  lanes: readonly string[];
  canDrop: (lane: string, card: string) => boolean;
  onDrop: (move: Carried) => void;
  onPutBack: (move: Carried) => void;
}) {
  const [carried, setCarried] = useState<Carried | null>(null);
  const now = useRef({ carried, lanes, canDrop, onDrop, onPutBack });
  now.current = { carried, lanes, canDrop, onDrop, onPutBack };
  const ghost = useRef<HTMLDivElement>(null);
  const grip = useRef({ x: 0, y: 0, left: 0, top: 0, width: 0 });
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const over = (lane: string): void => {
    const before = now.current.carried;
    if (before !== null && before.over !== lane) setCarried({ ...before, over: lane });
  };
  const end = (isDropped: boolean): void => {
    const move = now.current.carried;
    stop.current?.();
    setCarried(null);
    if (move === null) return;
    if (isDropped && move.over !== move.from) now.current.onDrop(move);
    else now.current.onPutBack(move);
  };

  const onPointerDown = (event: PointerEvent<HTMLElement>, { id, lane }: { id: string; lane: string }): void => {
    const target = event.target as HTMLElement;
    // A phone moves cards by their own control: a finger scrolls.
    if (event.button !== 0 || event.pointerType === 'touch' || target.closest('select, button') !== null) return;
    if (now.current.carried !== null) return;
    const { left, top, width } = event.currentTarget.getBoundingClientRect();
    grip.current = { x: event.clientX, y: event.clientY, left, top, width };
    const board = event.currentTarget.closest<HTMLElement>('.board');
    const onMove = (moved: globalThis.PointerEvent): void => {
      const { x, y } = grip.current;
      const [dx, dy] = [moved.clientX - x, moved.clientY - y];
      if (now.current.carried === null) {
        if (Math.hypot(dx, dy) < beginsAfterPx) return;
        const begun: Carried = { id, from: lane, over: lane, by: 'pointer' };
        now.current.carried = begun;
        setCarried(begun);
      }
      if (ghost.current !== null) ghost.current.style.transform = `translate(${dx}px, ${dy}px) rotate(1.2deg)`;
      scrollAtEdge(board, moved.clientX);
      const key = laneAt(board, moved.clientX);
      over(key !== null && now.current.canDrop(key, id) ? key : lane);
    };
    const onUp = (): void => {
      if (now.current.carried !== null) dropClick();
      end(true);
    };
    const onKey = (pressed: globalThis.KeyboardEvent): void => {
      if (pressed.key !== 'Escape') return;
      pressed.preventDefault();
      pressed.stopPropagation();
      end(false);
    };
    const onCancel = (): void => end(false);
    document.addEventListener('pointermove', onMove);
    document.addEventListener('pointerup', onUp);
    document.addEventListener('pointercancel', onCancel);
    document.addEventListener('keydown', onKey, true);
    stop.current = () => {
      document.removeEventListener('pointermove', onMove);
      document.removeEventListener('pointerup', onUp);
      document.removeEventListener('pointercancel', onCancel);
      document.removeEventListener('keydown', onKey, true);
      stop.current = null;
    };
  };

  /** Whether the key was for the card that is carried, or picks one up. */
  const onKeyDown = (event: KeyboardEvent, { id, lane }: { id: string; lane: string }): boolean => {
    const move = now.current.carried;
    if (move === null) {
      if (event.key !== ' ') return false;
      setCarried({ id, from: lane, over: lane, by: 'keys' });
      return true;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const next = nextLane(step, move);
      if (next !== null) over(next);
      return true;
    }
    if (event.key === ' ' || event.key === 'Enter') end(true);
    else if (event.key === 'Escape' || event.key === 'Tab') end(false);
    return event.key !== 'Tab';
  };

  const nextLane = (step: number, { id, from, over: at }: Carried): string | null => {
    const { lanes: keys, canDrop: can } = now.current;
    for (let place = keys.indexOf(at) + step; place >= 0 && place < keys.length; place += step) {
      const key = keys[place]!;
      if (key === from || can(key, id)) return key;
    }
    return null;
  };
  return { carried, ghost, grip, onPointerDown, onKeyDown, putBack: () => end(false) };
}

/** The column below the pointer: a column reaches as high and as low as the board. */
function laneAt(board: HTMLElement | null, x: number): string | null {
  for (const lane of board?.querySelectorAll<HTMLElement>('[data-lane]') ?? []) {
    const { left, right } = lane.getBoundingClientRect();
    if (x >= left && x <= right) return lane.dataset['lane']!;
  }
  return null;
}

function scrollAtEdge(board: HTMLElement | null, x: number): void {
  if (board === null) return;
  const { left, right } = board.getBoundingClientRect();
  if (x > right - edgePx) board.scrollLeft += 16;
  else if (x < left + edgePx) board.scrollLeft -= 16;
}

/** The click that follows a drop opens nothing. */
function dropClick(): void {
  const onClick = (event: MouseEvent): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener('click', onClick, { capture: true, once: true });
  setTimeout(() => document.removeEventListener('click', onClick, { capture: true }), 0);
}
