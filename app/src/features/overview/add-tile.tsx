import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { inLanguage, reportDefinitionsQuery } from '../../api/report-definitions.ts';
import type { ReportDefinition } from '../../api/report-definitions.ts';
import { m } from '../../paraglide/messages.js';
import { Answer } from '../../ui/states.tsx';

/** Every preset and saved report, by a search. */
export function AddTile({ onAdd, onClose }: { onAdd: (definition: ReportDefinition) => void; onClose: () => void }) {
  const asked = useQuery(reportDefinitionsQuery);
  const [text, setText] = useState('');
  const find = (all: readonly ReportDefinition[]): ReportDefinition[] =>
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
