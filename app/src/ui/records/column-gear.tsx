import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { m } from '../../paraglide/messages.js';
import { findFields } from '../find/field-picker.tsx';
import type { Field } from '../find/fields.ts';
import { labelOf } from '../find/words.ts';
import { Icon } from '../icon.tsx';

/** Which columns a table has, and in which order: search, check, Alt with arrows moves. */
export function ColumnGear({
  fields,
  columns,
  onChange,
}: {
  fields: readonly Field[];
  columns: readonly string[];
  onChange: (columns: string[]) => void;
}) {
  const [text, setText] = useState('');
  const shown = columns.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const others = findFields(fields, text)
    .filter(({ name }) => !columns.includes(name))
    .slice(0, text === '' ? 20 : 60);
  const toggle = (name: string): void =>
    onChange(columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name]);
  const onKeyDown = (event: KeyboardEvent, name: string): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!event.altKey || step === undefined) return;
    event.preventDefault();
    const at = columns.indexOf(name);
    const to = at + step;
    if (to < 0 || to >= columns.length) return;
    const next = [...columns];
    [next[at], next[to]] = [next[to]!, next[at]!];
    onChange(next);
  };
  return (
    <Popover position="bottom-end" offset={4} trapFocus returnFocus classNames={{ dropdown: 'pop' }}>
      <Popover.Target>
        <button type="button" className="btn sm">
          {m.columns_title()}
          <Icon shape="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={m.columns_title()}>
        <div className="picker">
          <input
            className="input"
            type="search"
            aria-label={m.find_field()}
            placeholder={m.find_field()}
            value={text}
            data-autofocus
            onChange={({ target }) => setText(target.value)}
          />
          <p className="mini above">{m.columns_hint()}</p>
          <ul className="found">
            {[...shown, ...others].map((field) => (
              <li key={field.name}>
                <label className="row">
                  <input
                    type="checkbox"
                    className="check"
                    checked={columns.includes(field.name)}
                    onChange={() => toggle(field.name)}
                    onKeyDown={(event) => onKeyDown(event, field.name)}
                  />
                  <span className="small-text">{labelOf(field)}</span>
                </label>
              </li>
            ))}
          </ul>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
