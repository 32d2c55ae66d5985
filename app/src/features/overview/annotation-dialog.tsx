import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Failure } from '../../ui/states.tsx';
import type { Annotation } from './queries.ts';

/** A note of one's own on a day: written, changed or deleted. */
export function AnnotationDialog({
  annotation,
  onClose,
  onDeleted,
}: {
  /** Without an id it is new. */
  annotation: { id?: string; day: string; text: string };
  onClose: () => void;
  onDeleted: (annotation: Pick<Annotation, 'day' | 'text'>) => void;
}) {
  const client = useQueryClient();
  const [day, setDay] = useState(annotation.day);
  const [text, setText] = useState(annotation.text);
  const onSuccess = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ['annotations'] });
    onClose();
  };
  const { id } = annotation;
  const saved = useMutation({
    mutationFn: async () => {
      const body = { day, text: text.trim() } as never;
      if (id === undefined) await kilde().POST('/api/v1/annotations', { body });
      else await kilde().PATCH('/api/v1/annotations/{id}', { params: { path: { id } }, body });
    },
    onSuccess,
  });
  const deleted = useMutation({
    mutationFn: async () => {
      await kilde().DELETE('/api/v1/annotations/{id}', { params: { path: { id: id ?? '' } } });
    },
    onSuccess: async () => {
      onDeleted(annotation);
      await onSuccess();
    },
  });
  const error = saved.error ?? deleted.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={id === undefined ? m.annotation_new() : m.annotation_edit()}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') saved.mutate();
        }}
      >
        <label className="field">
          {m.annotation_text()}
          <input
            className="input"
            value={text}
            maxLength={500}
            required
            data-autofocus
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <label className="field">
          {m.why_row_day()}
          <input className="input" type="date" required value={day} onChange={({ target }) => setDay(target.value)} />
        </label>
        {error === null ? null : <Failure error={error} what={m.record_not_saved()} />}
        <div className="row">
          <button type="submit" className="btn primary" disabled={text.trim() === '' || saved.isPending}>
            {m.save()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
          {id === undefined ? null : (
            <button type="button" className="btn quiet" disabled={deleted.isPending} onClick={() => deleted.mutate()}>
              {m.annotation_delete()}
            </button>
          )}
        </div>
      </form>
    </Modal>
  );
}
