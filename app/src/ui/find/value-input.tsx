import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../icon.tsx';
import { ofMany, relative, withoutValue } from './criteria.ts';
import type { Criterion } from './criteria.ts';
import type { Field } from './fields.ts';
import { plainText, unitName, unitNames, valueName } from './words.ts';

type Props = { criterion: Criterion; field: Field; onChange: (value: unknown) => void };

/** What a line is compared with: by the field's type and the operator. */
export function ValueInput({ criterion, field, onChange }: Props) {
  const { op, value } = criterion;
  if (withoutValue.has(op)) return null;
  if (relative.has(op)) return <RelativeInput op={op} value={value} onChange={onChange} />;
  if (ofMany.has(op)) return <ManyInput field={field} values={asList(value)} onChange={onChange} />;
  if (op === 'between') {
    const [from, to] = asList(value);
    return (
      <>
        <OneInput field={field} value={from ?? ''} onChange={(next) => onChange([next, to ?? ''])} />
        <span className="soft small">–</span>
        <OneInput field={field} value={to ?? ''} onChange={(next) => onChange([from ?? '', next])} />
      </>
    );
  }
  return <OneInput field={field} value={value} onChange={onChange} />;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function OneInput({ field, value, onChange }: { field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const suggestions = useSuggestions(field);
  const list = useId();
  if (field.type === 'boolean') {
    return (
      <select
        className="select"
        aria-label={m.find_value()}
        value={String(value)}
        onChange={({ target }) => onChange(target.value === 'true')}
      >
        <option value="">–</option>
        <option value="true">{m.yes()}</option>
        <option value="false">{m.no()}</option>
      </select>
    );
  }
  if (field.values !== null && field.values.length > 0) {
    return (
      <select
        className="select"
        aria-label={m.find_value()}
        value={plainText(value)}
        onChange={({ target }) => onChange(target.value)}
      >
        <option value="">–</option>
        {field.values.map(({ value: one }) => (
          <option key={one} value={one}>
            {valueName(one, field)}
          </option>
        ))}
      </select>
    );
  }
  if (field.type === 'number') {
    return (
      <input
        className="input"
        type="number"
        data-typed
        aria-label={m.find_value()}
        value={typeof value === 'number' ? value : ''}
        onChange={({ target }) => onChange(target.value === '' ? '' : Number(target.value))}
      />
    );
  }
  return (
    <>
      <input
        className="input"
        type={field.type === 'date' ? 'date' : 'text'}
        data-typed
        aria-label={m.find_value()}
        value={plainText(value)}
        list={suggestions.length === 0 ? undefined : list}
        onChange={({ target }) => onChange(target.value)}
      />
      {suggestions.length === 0 ? null : (
        <datalist id={list}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** Several values as chips. Enter or a choice adds one. */
function ManyInput({
  field,
  values,
  onChange,
}: {
  field: Field;
  values: unknown[];
  onChange: (value: unknown) => void;
}) {
  const [text, setText] = useState('');
  const suggestions = useSuggestions(field);
  const list = useId();
  const add = (value: string): void => {
    setText('');
    if (value !== '' && !values.includes(value)) onChange([...values, value]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add(text.trim());
  };
  return (
    <>
      {values.map((value) => {
        const name = valueName(String(value), field);
        return (
          <span key={String(value)} className="chip">
            {name}
            <button
              type="button"
              className="x"
              aria-label={m.find_remove({ what: name })}
              onClick={() => onChange(values.filter((one) => one !== value))}
            >
              <Icon shape="close" size={10} />
            </button>
          </span>
        );
      })}
      {field.values !== null && field.values.length > 0 ? (
        <select
          className="select"
          aria-label={m.find_add_value()}
          value=""
          onChange={({ target }) => add(target.value)}
        >
          <option value="">{m.find_add_value()}</option>
          {field.values
            .filter(({ value }) => !values.includes(value))
            .map(({ value }) => (
              <option key={value} value={value}>
                {valueName(value, field)}
              </option>
            ))}
        </select>
      ) : (
        <input
          className="input"
          aria-label={m.find_add_value()}
          placeholder={m.find_add_value()}
          value={text}
          list={list}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => add(text.trim())}
        />
      )}
      <datalist id={list}>
        {suggestions.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

function RelativeInput({ op, value, onChange }: { op: string; value: unknown; onChange: (value: unknown) => void }) {
  const { unit = 'day', count = 1 } = (value ?? {}) as { unit?: string; count?: number };
  const isDays = op === 'lastDays' || op === 'nextDays';
  return (
    <>
      {op === 'this' ? null : (
        <input
          className="input few"
          type="number"
          min={1}
          aria-label={m.find_how_many()}
          value={count}
          onChange={({ target }) => onChange({ unit, count: Math.max(1, Number(target.value)) })}
        />
      )}
      {isDays ? (
        <span className="soft small">{unitName('day')}</span>
      ) : (
        <select
          className="select"
          aria-label={m.find_unit()}
          value={unit}
          onChange={({ target }) => onChange(op === 'this' ? { unit: target.value } : { unit: target.value, count })}
        >
          {unitNames.map((one) => (
            <option key={one} value={one}>
              {unitName(one)}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

const utmFields = new Set(['source', 'medium', 'campaign', 'term', 'content']);

/** Values in use of a utm field. */
function useSuggestions(field: Field): string[] {
  const part = field.name.split('.').at(-1)!;
  const isUtm = field.type === 'text' && field.name.includes('.') && utmFields.has(part);
  const { data } = useQuery({
    queryKey: ['suggestions', part],
    enabled: isUtm,
    staleTime: 10 * 60_000,
    queryFn: async ({ signal }) => {
      const query = { field: part as 'source' };
      const { data: answer } = await kilde().GET('/api/v1/links/suggestions', {
        params: { query: query as never },
        signal,
      });
      return (answer as unknown as { items: Array<{ value: string }> }).items.map(({ value }) => value);
    },
  });
  return isUtm ? (data ?? []) : [];
}
