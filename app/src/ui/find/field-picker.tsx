import { Popover } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../icon.tsx';
import type { Field } from './fields.ts';
import { labelOf } from './words.ts';

const shownAtOnce = 60;

/** A field is found by parts of its words, in any order: "first so" finds First touch: source. */
export function findFields(fields: readonly Field[], text: string): Field[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return fields.filter((field) => {
    const name = `${labelOf(field)} ${field.name}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

/** Chooses a field by searching its words. One tab stop; arrows choose, Enter takes. */
export function FieldPicker({
  fields,
  chosen,
  label,
  className = 'select',
  onChoose,
}: {
  fields: readonly Field[];
  chosen: Field | undefined;
  /** Of the button where nothing is chosen. */
  label: string;
  className?: string;
  onChoose: (field: Field) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  // Nothing is chosen until something is typed or an arrow pressed.
  const [at, setAt] = useState(-1);
  const button = useRef<HTMLButtonElement>(null);
  const list = useId();
  const found = findFields(fields, text).slice(0, shownAtOnce);
  const take = (field: Field | undefined): void => {
    if (field === undefined) return;
    setOpen(false);
    setText('');
    setAt(-1);
    onChoose(field);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      const next = at < 0 && step < 0 ? found.length - 1 : (at + step + found.length) % found.length;
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(found[at]);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    }
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      offset={4}
      trapFocus
      classNames={{ dropdown: 'pop' }}
    >
      <Popover.Target>
        <button ref={button} type="button" className={className} onClick={() => setOpen(!isOpen)}>
          {chosen === undefined ? label : labelOf(chosen)}
          {className === 'select' ? null : <Icon shape="down" />}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <div className="picker">
          <input
            className="input"
            role="combobox"
            aria-expanded
            aria-controls={list}
            aria-activedescendant={found[at] === undefined ? undefined : `${list}-${at}`}
            aria-label={m.find_field()}
            placeholder={m.find_field()}
            value={text}
            data-autofocus
            onChange={({ target }) => {
              setText(target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div role="listbox" id={list} aria-label={m.find_fields()} className="found">
            {found.map((field, place) => (
              <div
                key={field.name}
                id={`${list}-${place}`}
                role="option"
                aria-selected={place === at}
                className="found-item"
                onClick={() => take(field)}
                onMouseMove={() => setAt(place)}
              >
                {labelOf(field)}
              </div>
            ))}
          </div>
          {found.length > 0 ? null : <p className="in mini">{m.search_none({ text })}</p>}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
