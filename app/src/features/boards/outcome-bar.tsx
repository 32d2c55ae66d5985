import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon.tsx';
import { Failure } from '../../ui/states.tsx';
import { nameOf } from './board-view.tsx';
import type { Board } from './model.ts';
import type { Move, Outcome } from './use-moves.ts';

/** What became of the last move, with the way back. */
export function OutcomeBar({
  outcome,
  board,
  onUndo,
  onClose,
}: {
  outcome: Outcome;
  board: Board;
  onUndo: (move: Move) => void;
  onClose: () => void;
}) {
  if (outcome.kind === 'rest') return null;
  const { move } = outcome;
  const name = nameOf(move.card);
  const laneName = (key: string): string => board.lanes.find((lane) => lane.key === key)?.name ?? key;
  if (outcome.kind === 'refused') {
    return <Failure error={outcome.error} what={m.board_refused({ name, column: laneName(move.from) })} />;
  }
  if (outcome.kind === 'elsewhere') {
    return (
      <p className="note amber" role="alert">
        {outcome.theirs === null
          ? m.board_elsewhere_unknown({ name })
          : m.board_elsewhere({ name, theirs: outcome.theirs, mine: laneName(move.to) })}{' '}
        <button type="button" className="btn sm" onClick={onClose}>
          {m.close()}
        </button>
      </p>
    );
  }
  return (
    <div className="bulk board-bar" role="status">
      <b>
        {outcome.kind === 'moved'
          ? m.board_moved({ name, column: laneName(move.to) })
          : m.board_back({ name, column: laneName(move.to) })}
      </b>
      {outcome.kind === 'moved' ? (
        <button type="button" className="btn sm" onClick={() => onUndo(move)}>
          {m.record_undo()}
        </button>
      ) : null}
      <button type="button" className="btn sm" aria-label={m.close()} onClick={onClose}>
        <Icon shape="close" />
      </button>
    </div>
  );
}
