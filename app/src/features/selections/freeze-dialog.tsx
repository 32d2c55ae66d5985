import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { kinds } from './kinds.tsx';
import type { Selection } from './queries.ts';

/** A selection that keeps those who are in it today, and is not asked again. */
export function FreezeDialog({
  selection: { id, entity, memberCount },
  onClose,
}: {
  selection: Selection;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const frozen = useMutation({
    mutationFn: async () => kilde().POST('/api/v1/selections/{id}/freeze', { params: { path: { id } } }),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries();
    },
  });
  const members = memberCount === null ? kinds[entity].noun() : kinds[entity].countWords(formatCount(memberCount));
  return (
    <Modal opened onClose={onClose} title={m.selections_freeze()} closeButtonProps={{ 'aria-label': m.close() }}>
      <div className="stack">
        <p>{m.selections_freeze_what({ members })}</p>
        <p className="soft">{m.selections_freeze_no_undo()}</p>
        {frozen.error === null ? null : <Failure error={frozen.error} what={m.record_not_saved()} />}
        <div className="row">
          <button
            type="button"
            className="btn primary"
            data-autofocus
            disabled={frozen.isPending}
            onClick={() => frozen.mutate()}
          >
            {m.selections_freeze_do({ members })}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </div>
    </Modal>
  );
}
