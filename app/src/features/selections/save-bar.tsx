import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem, kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import type { Selection } from './queries.ts';
import { changesBack, useSave } from './use-save.ts';
import type { Changes } from './use-save.ts';

/**
 * What the address changes of a selection, with how many it would hold: saved here, saved as another, or put back. A save can be undone. Where
 * somebody else changed the selection meanwhile, nothing is overwritten without a choice.
 */
export function SaveBar({
  selection,
  changes,
  count,
  onSaved,
}: {
  selection: Selection;
  changes: Changes;
  /** With the changes; null while it is counted. */
  count: number | null;
  onSaved: () => void;
}) {
  const { id, memberCount, kind } = selection;
  const save = useSave(id);
  const [back, setBack] = useState<Changes | null>(null);
  const another = useSaveAsAnother(selection);
  const isChanged = Object.keys(changes).length > 0;
  const send = async (isForced: boolean): Promise<void> => {
    const before = changesBack(selection, changes);
    await save.mutateAsync({ changes, isForced });
    setBack(before);
    onSaved();
  };
  const undo = async (): Promise<void> => {
    await save.mutateAsync({ changes: back!, isForced: true });
    setBack(null);
  };
  if (isProblem(save.error, 'precondition_failed')) {
    return (
      <div className="note amber" role="alert">
        <p>{m.selections_conflict()}</p>
        <div className="row">
          <button type="button" className="btn sm primary" onClick={() => void send(true)}>
            {m.selections_save_mine()}
          </button>
          <button
            type="button"
            className="btn sm"
            onClick={() => {
              save.reset();
              onSaved();
            }}
          >
            {m.selections_take_theirs()}
          </button>
        </div>
      </div>
    );
  }
  if (isChanged) {
    const isOfMembers = 'where' in changes || 'combine' in changes;
    return (
      <div className="note" role="status">
        <p>
          <b>{m.selections_unsaved()}</b>{' '}
          {isOfMembers && count !== null && memberCount !== null
            ? m.selections_unsaved_count({ now: formatCount(count), before: formatCount(memberCount) })
            : null}
        </p>
        {save.error === null ? null : <Failure error={save.error} what={m.record_not_saved()} />}
        {another.error === null ? null : <Failure error={another.error} what={m.record_not_saved()} />}
        <div className="row">
          <button
            type="button"
            className="btn sm primary"
            disabled={save.isPending}
            onClick={() => void send(false).catch(() => {})}
          >
            {m.save()}
          </button>
          {kind === 'static' ? null : (
            <button
              type="button"
              className="btn sm"
              disabled={another.isPending}
              onClick={() => another.mutate(changes)}
            >
              {m.selections_save_as_another()}
            </button>
          )}
          <button type="button" className="btn sm" onClick={onSaved}>
            {m.selections_put_back()}
          </button>
        </div>
      </div>
    );
  }
  if (back === null) return null;
  return (
    <p className="note" role="status">
      <b>{m.selections_saved()}</b>{' '}
      <button type="button" className="btn sm" disabled={save.isPending} onClick={() => void undo().catch(() => {})}>
        {m.record_undo()}
      </button>
    </p>
  );
}

/** A new selection with the changes; the one that is open stays as it is. */
function useSaveAsAnother({ id, name }: Selection) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (changes: Changes) => {
      const body = { name: m.selections_copy_of({ name }).slice(0, 200) };
      const { data } = await kilde().POST('/api/v1/selections/{id}/copy', { params: { path: { id } }, body });
      const made = data as unknown as Selection;
      await kilde().PATCH('/api/v1/selections/{id}', { params: { path: { id: made.id } }, body: changes as never });
      return made;
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['selections'] });
      await navigate({ to: '/selections/$id', params: { id: made.id }, search: {} } as never);
    },
  });
}
