import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Option, OptionGroup } from '../../ui/option-group.tsx';
import { Failure } from '../../ui/states.tsx';
import { kinds } from './kinds.tsx';
import { entities } from './queries.ts';
import type { Entity, Selection } from './queries.ts';

/** Asks for the least: of what, how it is filled, and a name. Criteria and members follow on its own screen. */
export function NewDialog({ entity: wanted, onClose }: { entity: Entity; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [entity, setEntity] = useState(wanted);
  const [kind, setKind] = useState<'dynamic' | 'static'>('dynamic');
  const [visibility, setVisibility] = useState<'shared' | 'private'>('shared');
  const made = useMutation({
    mutationFn: async () => {
      const body = {
        name: name.trim(),
        entity,
        kind,
        visibility,
        ...(kind === 'dynamic' ? { where: { all: [] } } : {}),
      };
      return (await kilde().POST('/api/v1/selections', { body: body as never })).data as unknown as Selection;
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['selections'] });
      await navigate({ to: '/selections/$id', params: { id } });
    },
  });
  return (
    <Modal opened onClose={onClose} title={m.selections_new()} closeButtonProps={{ 'aria-label': m.close() }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') made.mutate();
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
          {m.selections_of()}
          <select className="select" value={entity} onChange={({ target }) => setEntity(target.value as Entity)}>
            {entities.map((one) => (
              <option key={one} value={one}>
                {kinds[one].noun()}
              </option>
            ))}
          </select>
        </label>
        <h3 id="new-kind">{m.selection_members()}</h3>
        <OptionGroup labelledBy="new-kind">
          <Option isChosen={kind === 'dynamic'} onChoose={() => setKind('dynamic')}>
            <b>{m.selection_dynamic()}</b> <span>{m.selection_dynamic_note()}</span>
          </Option>
          <Option isChosen={kind === 'static'} onChoose={() => setKind('static')}>
            <b>{m.selections_by_hand()}</b> <span>{m.selections_by_hand_note()}</span>
          </Option>
        </OptionGroup>
        <VisibilityOptions value={visibility} onChange={setVisibility} />
        {made.error === null ? null : <Failure error={made.error} what={m.record_not_saved()} />}
        <div className="row">
          <button type="submit" className="btn primary" disabled={name.trim() === '' || made.isPending}>
            {m.selections_make()}
          </button>
          <button type="button" className="btn" onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </form>
    </Modal>
  );
}

export function VisibilityOptions({
  value,
  onChange,
}: {
  value: 'shared' | 'private';
  onChange: (value: 'shared' | 'private') => void;
}) {
  return (
    <>
      <h3 id="selection-who">{m.selection_who()}</h3>
      <OptionGroup labelledBy="selection-who">
        <Option isChosen={value === 'shared'} onChoose={() => onChange('shared')}>
          <b>{m.selection_everybody()}</b>
        </Option>
        <Option isChosen={value === 'private'} onChoose={() => onChange('private')}>
          <b>{m.selection_only_me()}</b> <span>{m.selections_private_note()}</span>
        </Option>
      </OptionGroup>
    </>
  );
}
