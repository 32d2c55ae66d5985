import { useQueryClient } from '@tanstack/react-query';
import type { DataTag } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../api/client.ts';
import { moveCard } from './model.ts';
import type { Board, Card, Sort } from './model.ts';

export type Move = { card: Card; from: string; to: string };
export type Outcome =
  | { kind: 'rest' }
  | { kind: 'moved'; move: Move; canUndo: boolean }
  | { kind: 'undone'; move: Move }
  | { kind: 'elsewhere'; move: Move; theirs: string | null }
  | { kind: 'refused'; move: Move; error: Error };

/**
 * Moves cards at once and tells the API; what it refuses goes back. Where somebody else moved the card meanwhile, `readNow` says where it is.
 */
export function useMoves<Extra = undefined>({
  queryKey,
  sort,
  send,
  readNow,
}: {
  queryKey: DataTag<readonly unknown[], Board, Error>;
  sort: Sort;
  send: (move: Move, extra?: Extra) => Promise<unknown>;
  /** The name of the column where the card is by now. */
  readNow: (card: Card) => Promise<string | null>;
}) {
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'rest' });
  const show = (id: string, to: string): void => {
    client.setQueryData<Board>(queryKey, (board) => board && moveCard(board, { id, to, sort }));
  };
  const act = async (move: Move, done: Outcome, extra?: Extra): Promise<void> => {
    await client.cancelQueries({ queryKey });
    show(move.card.id, move.to);
    setOutcome(done);
    try {
      await send(move, extra);
    } catch (error) {
      show(move.card.id, move.from);
      if (isProblem(error, 'conflict')) {
        const theirs = await readNow(move.card).catch(() => null);
        setOutcome({ kind: 'elsewhere', move, theirs });
      } else setOutcome({ kind: 'refused', move, error: error as Error });
    }
    // Counts, sums and totals are the API's.
    await client.invalidateQueries({ queryKey: ['board'] });
    await client.invalidateQueries({ queryKey: ['find'] });
  };
  return {
    outcome,
    move: async (move: Move, extra?: Extra): Promise<void> => act(move, { kind: 'moved', move, canUndo: true }, extra),
    undo: async ({ card, from, to }: Move, extra?: Extra): Promise<void> => {
      const back = { card, from: to, to: from };
      await act(back, { kind: 'undone', move: back }, extra);
    },
    close: (): void => setOutcome({ kind: 'rest' }),
  };
}
