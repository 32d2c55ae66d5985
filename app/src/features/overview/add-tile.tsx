import { Modal } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { Answer } from '../../ui/states.tsx';

type Label = { en: string; no: string };
export type Definition = { id: string; kind: 'preset' | 'saved'; name: Label; description: Label | null };

const definitionsQuery = queryOptions({
  queryKey: ['reports'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/reports', { params: { query: { limit: 200 } as never }, signal });
    return (data as unknown as { items: Definition[] }).items;
  },
});

/** Every preset and saved report, by a search. */
export function AddTile({ onAdd, onClose }: { onAdd: (definition: Definition) => void; onClose: () => void }) {
  const asked = useQuery(definitionsQuery);
  const [text, setText] = useState('');
  const inLanguage = (label: Label): string => (getLocale() === 'nb' ? label.no : label.en);
  const find = (all: readonly Definition[]): Definition[] =>
    all.filter(({ name }) => inLanguage(name).toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <Modal opened onClose={onClose} title={m.arrange_add()} closeButtonProps={{ 'aria-label': m.close() }}>
      <div className="stack">
        <input
          className="input"
          type="search"
          aria-label={m.arrange_find()}
          placeholder={m.arrange_find()}
          value={text}
          data-autofocus
          onChange={({ target }) => setText(target.value)}
        />
        <Answer asked={asked} height={240}>
          {(all) => (
            <ul className="list tall">
              {find(all).map((definition) => (
                <li key={definition.id}>
                  <button type="button" className="opt" onClick={() => onAdd(definition)}>
                    <b>{inLanguage(definition.name)}</b>
                    <span>
                      {definition.description === null ? m.arrange_saved_report() : inLanguage(definition.description)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Answer>
      </div>
    </Modal>
  );
}
