import { Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countOf, reportQuery, scopeOfQuery, textOf } from '../../api/report.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Answer } from '../../ui/states.tsx';
import { knownDimensions } from './report-address.ts';
import type { Dimension, Question } from './report-address.ts';
import { nameOfDimension } from './words.ts';

const shownValues = 200;
/** A path is many values at once: no filter is made of it. */
const filtered = knownDimensions.filter((name) => name !== 'path');

/** A dimension, then its values in the period with their leads; a choice filters at once. */
export function FilterAdder({ question }: { question: Question }) {
  const [isOpen, setOpen] = useState(false);
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
        <button type="button" className="btn quiet sm" onClick={() => setOpen(!isOpen)}>
          {m.filter_add()}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={m.filter_by()}>
        <Values question={question} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Values({ question }: { question: Question }) {
  const setSearch = useSetSearch();
  const { days, timeZone, siteId } = useScope();
  const [dimension, setDimension] = useState<Dimension>('channel');
  const [text, setText] = useState('');
  const chosen = question.filter[dimension] ?? [];
  const asked = useQuery(
    reportQuery({
      measures: ['leads'],
      dimensions: [dimension],
      sort: [{ field: 'leads', direction: 'desc' }],
      limit: shownValues,
      ...scopeOfQuery({ days, timeZone, siteId, compare: 'none' }),
    } as never),
  );
  const toggle = (value: string): void => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    setSearch({ [`filter.${dimension}`]: next.length === 0 ? undefined : next.join(','), why: undefined });
  };
  return (
    <div className="picker stack">
      <label className="field">
        {m.filter_by()}
        <select
          className="select"
          value={dimension}
          data-autofocus
          onChange={({ target }) => setDimension(target.value as Dimension)}
        >
          {filtered.map((name) => (
            <option key={name} value={name}>
              {nameOfDimension(name)}
            </option>
          ))}
        </select>
      </label>
      <input
        className="input"
        type="search"
        aria-label={m.filter_find()}
        placeholder={m.filter_find()}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Answer asked={asked} height={200}>
        {(report) => {
          const rows = report.rows.flatMap((row) => {
            const value = textOf(row, dimension);
            const isFound = value !== null && value.toLowerCase().includes(text.trim().toLowerCase());
            return isFound ? [{ value, leads: countOf(row, 'leads') }] : [];
          });
          return rows.length === 0 ? (
            <p className="mini">{m.filter_none()}</p>
          ) : (
            <ul className="found">
              {rows.map(({ value, leads }) => (
                <li key={value}>
                  <label className="row">
                    <input
                      type="checkbox"
                      className="check"
                      checked={chosen.includes(value)}
                      onChange={() => toggle(value)}
                    />
                    <span className="small-text grow cut">{value}</span>
                    <span className="mini">{formatCount(leads)}</span>
                  </label>
                </li>
              ))}
            </ul>
          );
        }}
      </Answer>
    </div>
  );
}
