import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem } from '../../api/client.ts';
import { ownersQuery } from '../../api/records.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import { VisibilityOptions } from './new-dialog.tsx';
import type { Selection } from './queries.ts';
import { useSave } from './use-save.ts';
import type { Changes } from './use-save.ts';

/** Name, what it is for, who has it and who sees it. */
export function EditDialog({ selection, onClose }: { selection: Selection; onClose: () => void }) {
  const [name, setName] = useState(selection.name);
  const [description, setDescription] = useState(selection.description ?? '');
  const [ownerId, setOwner] = useState(selection.owner?.id ?? '');
  const [visibility, setVisibility] = useState(selection.visibility);
  const owners = useQuery(ownersQuery).data ?? [];
  const known =
    owners.some(({ id }) => id === ownerId) || selection.owner === null ? owners : [...owners, selection.owner];
  const save = useSave(selection.id);
  const changes: Changes = {
    ...(name.trim() === selection.name ? {} : { name: name.trim() }),
    ...(description.trim() === (selection.description ?? '') ? {} : { description: description.trim() || null }),
    ...(ownerId === (selection.owner?.id ?? '') ? {} : { ownerId: ownerId || null }),
    ...(visibility === selection.visibility ? {} : { visibility }),
  };
  const isConflict = isProblem(save.error, 'precondition_failed');
  const send = (isForced: boolean): void => save.mutate({ changes, isForced }, { onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={m.selections_edit()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (Object.keys(changes).length === 0) onClose();
          else if (name.trim() !== '') send(isConflict);
        }}
      >
        <label className="field">
          {m.selection_name()}
          <input
            className="input"
            value={name}
            maxLength={200}
            required
            data-autofocus
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          {m.selection_description()}
          <textarea
            className="input"
            rows={3}
            maxLength={2000}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        </label>
        <label className="field">
          {m.owner()}
          <select className="select" value={ownerId} onChange={({ target }) => setOwner(target.value)}>
            <option value="">{m.record_none()}</option>
            {known.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <VisibilityOptions value={visibility} onChange={setVisibility} />
        {isConflict ? (
          <p className="note amber" role="alert">
            {m.selections_conflict()}
          </p>
        ) : save.error === null ? null : (
          <Failure error={save.error} what={m.record_not_saved()} />
        )}
        <div className="row">
          <button type="submit" className="btn primary" disabled={name.trim() === '' || save.isPending}>
            {isConflict ? m.selections_save_mine() : m.save()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
