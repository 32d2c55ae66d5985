import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import type { Shown } from './report-actions.tsx';

/** Saves a report under a name; its id. */
export async function saveNew({ name, query }: { name: string; query: object }): Promise<string> {
  const { data } = await kilde().POST('/api/v1/reports', { body: { name, query } as never });
  return (data as unknown as { id: string }).id;
}

/** A name; over the saved one, or as a new one. */
export function SaveReport({
  shown,
  onClose,
  onSaved,
}: {
  shown: Shown;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState(shown.name);
  const saved = useMutation({
    mutationFn: async (isNew: boolean): Promise<string> => {
      const body = { name: name.trim(), query: shown.query };
      if (isNew || shown.id === null) return saveNew(body);
      await kilde().PATCH('/api/v1/reports/{id}', { params: { path: { id: shown.id } }, body: body as never });
      return shown.id;
    },
    onSuccess: async (id) => {
      await client.invalidateQueries({ queryKey: ['reports'] });
      onClose();
      onSaved(id);
    },
  });
  const cannot = name.trim() === '' || saved.isPending;
  return (
    <Modal opened onClose={onClose} title={m.report_save_title()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!cannot) saved.mutate(!shown.isOwn);
        }}
      >
        <label className="field">
          {m.report_name()}
          <input
            className="input"
            value={name}
            maxLength={100}
            required
            data-autofocus
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <p className="mini">{m.report_save_note()}</p>
        {saved.error === null ? null : <Failure error={saved.error} what={m.record_not_saved()} />}
        <div className="row">
          <button type="submit" className="btn primary" disabled={cannot}>
            {shown.isOwn ? m.report_save_over() : m.save()}
          </button>
          {shown.isOwn ? (
            <button type="button" className="btn" disabled={cannot} onClick={() => saved.mutate(true)}>
              {m.report_save_new()}
            </button>
          ) : null}
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
