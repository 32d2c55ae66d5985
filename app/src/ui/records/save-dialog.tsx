import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import type { All, Any } from '../find/criteria.ts';
import type { Sort } from '../find/use-find.ts';
import { formatCount } from '../format.ts';
import { OptionGroup, Option } from '../option-group.tsx';
import { Failure } from '../states.tsx';

/** Criteria as a selection: dynamic is asked again each time, static keeps these. */
export function SaveDialog({
  entity,
  where,
  columns,
  sort,
  count,
  onClose,
}: {
  entity: 'person' | 'company' | 'deal';
  where: All | Any;
  columns: readonly string[];
  sort: Sort;
  count: number;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [kind, setKind] = useState<'dynamic' | 'static'>('dynamic');
  const [visibility, setVisibility] = useState<'shared' | 'private'>('shared');
  const saved = useMutation({
    mutationFn: async () => {
      const body = {
        name: name.trim(),
        entity,
        kind,
        where,
        columns: [...columns],
        sort: [sort],
        visibility,
        ...(description.trim() === '' ? {} : { description: description.trim() }),
      };
      return (await kilde().POST('/api/v1/selections', { body: body as never })).data!.id;
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: ['selections'] }),
  });
  return (
    <Modal opened onClose={onClose} title={m.find_save()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') saved.mutate();
        }}
      >
        <label className="field">
          {m.selection_name()}
          <input
            className="input"
            value={name}
            maxLength={100}
            required
            data-autofocus
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label className="field">
          {m.selection_description()}
          <input className="input" value={description} onChange={({ target }) => setDescription(target.value)} />
        </label>
        <h3 id="save-kind">{m.selection_members()}</h3>
        <OptionGroup labelledBy="save-kind">
          <Option isChosen={kind === 'dynamic'} onChoose={() => setKind('dynamic')}>
            <b>{m.selection_dynamic()}</b> <span>{m.selection_dynamic_note()}</span>
          </Option>
          <Option isChosen={kind === 'static'} onChoose={() => setKind('static')}>
            <b>{m.selection_static({ count: formatCount(count) })}</b> <span>{m.selection_static_note()}</span>
          </Option>
        </OptionGroup>
        <h3 id="save-who">{m.selection_who()}</h3>
        <OptionGroup labelledBy="save-who">
          <Option isChosen={visibility === 'shared'} onChoose={() => setVisibility('shared')}>
            <b>{m.selection_everybody()}</b>
          </Option>
          <Option isChosen={visibility === 'private'} onChoose={() => setVisibility('private')}>
            <b>{m.selection_only_me()}</b>
          </Option>
        </OptionGroup>
        {saved.error === null ? null : <Failure error={saved.error} what={m.record_not_saved()} />}
        {saved.isSuccess ? (
          <p className="note" role="status">
            {m.selection_saved({ name: name.trim() })}{' '}
            <Link className="under" to="/selections/$id" params={{ id: saved.data }}>
              {m.selection_open()}
            </Link>
          </p>
        ) : null}
        <div className="row">
          {saved.isSuccess ? null : (
            <button type="submit" className="btn primary" disabled={name.trim() === '' || saved.isPending}>
              {m.save()}
            </button>
          )}
          <button type="button" className="btn" onClick={onClose}>
            {saved.isSuccess ? m.close() : m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}
