import { useQueryClient } from '@tanstack/react-query';
import type { DataTag } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { isProblem } from '../../api/client.ts';
import type { Versioned } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../states.tsx';

type Change<Changes> = {
  changes: Changes;
  /** What gives back what was there. */
  back: Changes;
  /** What was done, as a sentence. */
  done: string;
  /** The name of the value that is set. */
  value: string;
};
type State<Changes> =
  | { kind: 'rest' }
  | { kind: 'saving' }
  | { kind: 'done'; change: Change<Changes> }
  | { kind: 'undone' }
  | { kind: 'conflict'; change: Change<Changes>; theirs: string }
  | { kind: 'failed'; error: Error; change: Change<Changes> };

/**
 * Saves one change of a record at once, and offers to undo it. Where somebody else changed the record meanwhile, both values are shown and
 * nothing is overwritten without a choice.
 */
export function useChange<Item, Changes>({
  query,
  send,
  read,
}: {
  /** The query that reads the record. */
  query: { queryKey: DataTag<string[], Versioned<Item>, Error> };
  send: (changes: Changes, etag: string | null) => Promise<unknown>;
  /** The name of the value as the record has it now. */
  read: (record: Item, changes: Changes) => string;
}) {
  const client = useQueryClient();
  const [state, setState] = useState<State<Changes>>({ kind: 'rest' });
  const { queryKey } = query;
  const known = (): Versioned<Item> | undefined => client.getQueryData(queryKey);

  const save = async (change: Change<Changes>, after: State<Changes>): Promise<void> => {
    setState({ kind: 'saving' });
    const before = known();
    try {
      await send(change.changes, before?.etag ?? null);
      await client.invalidateQueries({ queryKey });
      setState(after);
    } catch (error) {
      if (!isProblem(error, 'precondition_failed')) {
        setState({ kind: 'failed', error: error as Error, change });
        return;
      }
      await client.refetchQueries({ queryKey });
      const record = known()?.record;
      const theirs = record === undefined ? '' : read(record, change.changes);
      const isOther = before === undefined || theirs !== read(before.record, change.changes);
      // Another part of the record changed: what is asked for here overwrites nothing.
      if (!isOther) await save(change, after);
      else setState({ kind: 'conflict', change, theirs });
    }
  };
  const change = (wanted: Change<Changes>): void => void save(wanted, { kind: 'done', change: wanted });
  const undo = ({ back, changes, done, value }: Change<Changes>): void =>
    void save({ changes: back, back: changes, done, value }, { kind: 'undone' });

  return { change, isSaving: state.kind === 'saving', note: noteOf() };

  function noteOf(): ReactNode {
    if (state.kind === 'done') {
      const { done } = state.change;
      return (
        <p className="note" role="status">
          <b>{done}</b>{' '}
          <button type="button" className="btn sm" onClick={() => undo(state.change)}>
            {m.record_undo()}
          </button>
        </p>
      );
    }
    if (state.kind === 'undone') {
      return (
        <p className="note" role="status">
          {m.record_undone()}
        </p>
      );
    }
    if (state.kind === 'conflict') {
      const { change: mine, theirs } = state;
      return (
        <div className="note amber" role="alert">
          <p>{m.record_conflict({ theirs, mine: mine.value })}</p>
          <div className="row">
            <button type="button" className="btn sm primary" onClick={() => change(mine)}>
              {m.record_keep({ value: mine.value })}
            </button>
            <button type="button" className="btn sm" onClick={() => setState({ kind: 'rest' })}>
              {m.record_take({ value: theirs })}
            </button>
          </div>
        </div>
      );
    }
    if (state.kind === 'failed') {
      const failed = state.change;
      return <Failure error={state.error} what={m.record_not_saved()} onRetry={() => change(failed)} />;
    }
    return null;
  }
}
