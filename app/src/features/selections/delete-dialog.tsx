import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isProblem, kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { kinds } from './kinds.tsx';
import type { Selection } from './queries.ts';

/** Says what goes and what stays. A selection in use is refused with what uses it. */
export function DeleteDialog({
  selection: { id, name, entity, kind, memberCount, board },
  onClose,
  onDeleted,
}: {
  selection: Selection;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const client = useQueryClient();
  const deleted = useMutation({
    mutationFn: async () => kilde().DELETE('/api/v1/selections/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      onDeleted();
      await client.invalidateQueries({ queryKey: ['selections'] });
    },
  });
  const isUsed = isProblem(deleted.error, 'conflict');
  const stays = memberCount === null ? kinds[entity].noun() : kinds[entity].countWords(formatCount(memberCount));
  return (
    <Modal
      opened
      onClose={onClose}
      title={m.selections_delete_title({ name })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <div className="stack">
        {isUsed ? (
          <div className="note amber" role="alert">
            <p>
              <b>{m.selections_in_use()}</b> {deleted.error?.message}
            </p>
            <p>{m.selections_in_use_do()}</p>
          </div>
        ) : (
          <>
            <p>
              {kind === 'static' ? m.selections_goes_static() : m.selections_goes_criteria()}{' '}
              {board === null ? '' : m.selections_goes_board()}
            </p>
            <p>{m.selections_stays({ stays })}</p>
            <p className="soft">{m.selections_no_undo()}</p>
          </>
        )}
        {deleted.error === null || isUsed ? null : <Failure error={deleted.error} what={m.selections_not_deleted()} />}
        <div className="row">
          {isUsed ? null : (
            <button type="button" className="btn danger" disabled={deleted.isPending} onClick={() => deleted.mutate()}>
              {m.selections_delete()}
            </button>
          )}
          <button type="button" className="btn" data-autofocus onClick={onClose}>
            {isUsed ? m.close() : m.cancel()}
          </button>
        </div>
      </div>
    </Modal>
  );
}
