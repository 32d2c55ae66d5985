import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import type { Form } from './queries.ts';

/** Says what goes and what stays. */
export function DeleteForm({
  form: { id, name },
  onClose,
  onDeleted,
}: {
  form: Form;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const client = useQueryClient();
  const deleted = useMutation({
    mutationFn: async () => kilde().DELETE('/api/v1/forms/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      onDeleted();
      await Promise.all(
        [['forms'], ['form-statistics']].map(async (queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={m.selections_delete_title({ name })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <div className="stack">
        <p>{m.forms_delete_what()}</p>
        <p className="soft">{m.selections_no_undo()}</p>
        {deleted.error === null ? null : <Failure error={deleted.error} what={m.selections_not_deleted()} />}
        <div className="row">
          <button type="button" className="btn danger" disabled={deleted.isPending} onClick={() => deleted.mutate()}>
            {m.selections_delete()}
          </button>
          <button type="button" className="btn" data-autofocus onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </div>
    </Modal>
  );
}
