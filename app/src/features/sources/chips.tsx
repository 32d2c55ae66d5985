import { Menu } from '@mantine/core';
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useSetSearch } from '../../api/use-scope.ts';
import { models } from '../../api/scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { modelInSentence, modelMeaning, modelName } from '../../ui/model-words.ts';
import { FilterAdder } from './filter-adder.tsx';
import { knownDimensions, knownMeasures, noFilter, writeList } from './report-address.ts';
import type { Question } from './report-address.ts';
import { dimensionName, measureName, nameOfDimension, nameOfMeasure } from './words.ts';

const maxModels = 4;

/** The report as a sentence: show … by … credited to …. Each part can be taken out, and others added. */
export function QuestionSentence({ question }: { question: Question }) {
  const setSearch = useSetSearch();
  const { measures, dimensions, attribution } = question;
  const [isOpen, setOpen] = useState(false);
  const set = (name: 'measures' | 'dimensions' | 'attribution') => (values: string[]) =>
    setSearch({ ...writeList(name, values, question.base), why: undefined });
  return (
    <section className={isOpen ? 'panel asks open' : 'panel asks'} aria-label={m.question_name()}>
      <div className="in row between nowrap-row phone">
        <p>
          {m.question_sentence({
            measures: measures.map(nameOfMeasure).join(', '),
            dimensions: dimensions.map(nameOfDimension).join(' / ').toLowerCase(),
            models: attribution.map(modelInSentence).join(', '),
          })}
        </p>
        <button type="button" className="btn sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? m.question_done() : m.question_change()}
        </button>
      </div>
      <div className="in question">
        <span className="soft">{m.question_show()}</span>
        <Chips values={measures} nameOf={nameOfMeasure} onChange={set('measures')} />
        <Adder
          label={m.question_add_measure()}
          options={knownMeasures
            .filter((name) => !measures.includes(name))
            .map((name) => ({ name, label: measureName[name](), note: '' }))}
          onAdd={(name) => set('measures')([...measures, name])}
        />
        <span className="soft">{m.question_by()}</span>
        <Chips values={dimensions} nameOf={nameOfDimension} onChange={set('dimensions')} />
        <Adder
          label={m.question_add_dimension()}
          options={knownDimensions
            .filter((name) => !dimensions.includes(name))
            .map((name) => ({ name, label: dimensionName[name](), note: '' }))}
          onAdd={(name) => set('dimensions')([...dimensions, name])}
        />
        {dimensions.length > 1 ? (
          <button type="button" className="btn quiet sm" onClick={() => set('dimensions')(dimensions.slice(0, 1))}>
            {m.question_only({ name: nameOfDimension(dimensions[0]!) })}
          </button>
        ) : null}
        <span className="soft">{m.question_credited()}</span>
        <Chips
          values={attribution}
          nameOf={(name) => modelName[name as keyof typeof modelName]()}
          onChange={set('attribution')}
        />
        {attribution.length >= maxModels ? null : (
          <Adder
            label={m.question_add_model()}
            options={models
              .filter((name) => !attribution.includes(name))
              .map((name) => ({ name, label: modelName[name](), note: modelMeaning[name]() }))}
            onAdd={(name) => set('attribution')([...attribution, name])}
          />
        )}
      </div>
    </section>
  );
}

function Chips({
  values,
  nameOf,
  onChange,
}: {
  values: readonly string[];
  nameOf: (name: string) => string;
  onChange: (values: string[]) => void;
}) {
  const [said, say] = useState('');
  const dragged = useRef<string | null>(null);
  const focused = useRef<string | null>(null);
  const group = useRef<HTMLSpanElement>(null);
  // A chip that moves in the page loses the focus: it gets it back.
  useLayoutEffect(() => {
    if (focused.current === null) return;
    group.current?.querySelector<HTMLElement>(`[data-chip="${focused.current}"]`)?.focus();
    focused.current = null;
  });
  const move = (value: string, to: number): void => {
    if (to < 0 || to >= values.length || values[to] === value) return;
    focused.current = value;
    onChange(values.filter((one) => one !== value).toSpliced(to, 0, value));
    say(m.question_moved({ name: nameOf(value), place: formatCount(to + 1), count: formatCount(values.length) }));
  };
  const onKeyDown = (event: KeyboardEvent, value: string): void => {
    const at = values.indexOf(value);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: values.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(value, to);
    } else if (event.key === 'Delete' && values.length > 1) {
      focused.current = values[at + 1] ?? values[at - 1] ?? null;
      onChange(values.filter((one) => one !== value));
    }
  };
  const chips = values.map((value, place) => (
    <span
      key={value}
      className="chip"
      draggable={values.length > 1}
      onDragStart={() => (dragged.current = value)}
      onDragOver={(event) => {
        if (dragged.current !== null) event.preventDefault();
      }}
      onDrop={() => {
        if (dragged.current !== null) move(dragged.current, place);
        dragged.current = null;
      }}
    >
      {values.length === 1 ? (
        <b>{nameOf(value)}</b>
      ) : (
        <button
          type="button"
          className="chipname"
          data-chip={value}
          aria-label={m.question_move({ name: nameOf(value) })}
          onKeyDown={(event) => onKeyDown(event, value)}
        >
          {nameOf(value)}
        </button>
      )}
      {values.length === 1 ? null : (
        <button
          type="button"
          className="x"
          aria-label={m.question_remove({ name: nameOf(value) })}
          onClick={() => onChange(values.filter((one) => one !== value))}
        >
          <Icon shape="close" size={12} />
        </button>
      )}
    </span>
  ));
  return (
    <span className="row" ref={group}>
      {chips}
      <span className="vh" aria-live="polite">
        {said}
      </span>
    </span>
  );
}

function Adder({
  label,
  options,
  onAdd,
}: {
  label: string;
  options: ReadonlyArray<{ name: string; label: string; note: string }>;
  onAdd: (name: string) => void;
}) {
  return (
    <Menu position="bottom-start" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
      <Menu.Target>
        <button type="button" className="btn quiet sm">
          {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map((option) => (
          <Menu.Item key={option.name} className="opt" onClick={() => onAdd(option.name)}>
            {option.label} {option.note === '' ? null : <span className="soft small">{option.note}</span>}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The filters of the address; each can be taken out. Clicking a value in the table adds one. */
export function Filters({ question }: { question: Question }) {
  const setSearch = useSetSearch();
  const filters = Object.entries(question.filter);
  return (
    <div className="row">
      {filters.map(([dimension, values]) => (
        <span key={dimension} className="chip">
          <span className="soft">{nameOfDimension(dimension)}</span> <b>{values.join(', ')}</b>
          <button
            type="button"
            className="x"
            aria-label={m.question_remove({ name: `${nameOfDimension(dimension)} ${values.join(', ')}` })}
            onClick={() =>
              setSearch({
                [`filter.${dimension}`]: question.base[`filter.${dimension}`] === undefined ? undefined : noFilter,
              })
            }
          >
            <Icon shape="close" size={12} />
          </button>
        </span>
      ))}
      <FilterAdder question={question} />
      <span className="mini">{m.filter_hint()}</span>
    </div>
  );
}
