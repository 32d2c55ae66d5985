import { Popover } from '@mantine/core';
import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { m } from '../../paraglide/messages.js';
import { findFields } from '../../ui/find/field-picker.tsx';
import type { Field } from '../../ui/find/fields.ts';
import { labelOf } from '../../ui/find/words.ts';
import { Icon } from '../../ui/icon.tsx';

type Choice = { value: string; label: string };

/** One word of the board's sentence: what it is, what is chosen, and a list that is searched by typing. */
export function Pick({
  what,
  value,
  choices,
  className = '',
  onChoose,
}: {
  what: string;
  value: string;
  choices: readonly Choice[];
  className?: string;
  onChoose: (value: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = choices.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word))).slice(0, 80);
  const take = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    setOpen(false);
    setText('');
    onChoose(choice.value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      const next = (at + step + found.length) % found.length;
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(found[at]);
    }
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      offset={4}
      trapFocus
      returnFocus
      classNames={{ dropdown: 'pop' }}
    >
      <Popover.Target>
        <button
          type="button"
          className={`btn sm ${className}`}
          onClick={() => {
            setAt(
              Math.max(
                0,
                choices.findIndex((choice) => choice.value === value),
              ),
            );
            setOpen(!isOpen);
          }}
        >
          <span className="q">{what}</span>{' '}
          <span className="v">{choices.find((choice) => choice.value === value)?.label ?? value}</span>
          <Icon shape="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={what}>
        <div className="picker">
          <input
            className="input"
            role="combobox"
            aria-expanded
            aria-controls={list}
            aria-activedescendant={found[at] === undefined ? undefined : `${list}-${at}`}
            aria-label={what}
            placeholder={m.find_field()}
            value={text}
            data-autofocus
            onChange={({ target }) => {
              setText(target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div role="listbox" id={list} aria-label={what} className="found">
            {found.map((choice, place) => (
              <div
                key={choice.value}
                id={`${list}-${place}`}
                role="option"
                aria-selected={place === at}
                className="found-item"
                onClick={() => take(choice)}
                onMouseMove={() => setAt(place)}
              >
                {choice.label}
              </div>
            ))}
          </div>
          {found.length > 0 ? null : <p className="in mini">{m.search_none({ text })}</p>}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const mostOnCard = 6;

/** Up to six fields of a card: search and check. */
export function CardFieldsPick({
  fields,
  shown,
  onChange,
}: {
  fields: readonly Field[];
  shown: readonly string[];
  onChange: (names: string[]) => void;
}) {
  const [text, setText] = useState('');
  const chosen = shown.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const others = findFields(fields, text)
    .filter(({ name }) => !shown.includes(name))
    .slice(0, text === '' ? 20 : 60);
  const isFull = shown.length >= mostOnCard;
  return (
    <Popover position="bottom-start" offset={4} trapFocus returnFocus classNames={{ dropdown: 'pop' }}>
      <Popover.Target>
        <button type="button" className="btn sm desk">
          <span className="q">{m.board_card()}</span>{' '}
          <span className="v">{m.board_fields({ count: shown.length })}</span>
          <Icon shape="down" />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={m.board_card()}>
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
          <p className="mini above">{m.board_card_hint()}</p>
          <ul className="found">
            {[...chosen, ...others].map((field) => {
              const isChosen = shown.includes(field.name);
              return (
                <li key={field.name}>
                  <label className="row">
                    <input
                      type="checkbox"
                      className="check"
                      checked={isChosen}
                      disabled={isFull && !isChosen}
                      onChange={() =>
                        onChange(isChosen ? shown.filter((name) => name !== field.name) : [...shown, field.name])
                      }
                    />
                    <span className="small-text">{labelOf(field)}</span>
                  </label>
                </li>
              );
            })}
          </ul>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Orders that a board offers: by time, by name, by what its cards show. */
export function sortChoices(
  fields: readonly Field[],
  shown: readonly string[],
  byTime: string,
  byName: string,
): Choice[] {
  const own: Choice[] = [
    { value: `-${byTime}`, label: m.board_newest() },
    { value: byTime, label: m.board_oldest() },
    { value: byName, label: m.name() },
  ];
  const others = shown
    .filter((name) => name !== byTime && name !== byName)
    .flatMap((name) => fields.find((field) => field.name === name && field.sortable) ?? [])
    .flatMap((field) => [
      { value: field.name, label: `${labelOf(field)} ↑` },
      { value: `-${field.name}`, label: `${labelOf(field)} ↓` },
    ]);
  return [...own, ...others];
}
