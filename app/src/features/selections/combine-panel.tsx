import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { kilde } from '../../api/client.ts';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { formatCount } from '../../ui/format.ts';
import { Option, OptionGroup } from '../../ui/option-group.tsx';
import { Failure } from '../../ui/states.tsx';
import { kinds } from './kinds.tsx';
import { combinedQuery, combineOperators, selectionsQuery } from './queries.ts';
import type { CombineOperator, Entity, Selection } from './queries.ts';

export type Combination = { firstId: string; secondId: string; op: CombineOperator };

/** Two selections of one kind of record, and how many each way of combining them holds, before anything is saved. */
export function CombinePanel() {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const all = useQuery(selectionsQuery({ entity: null, text: '', sort: 'name' })).data?.items ?? [];
  const first = all.find(({ id }) => id === search['first']);
  const second = all.find(({ id, entity }) => id === search['second'] && entity === first?.entity);
  const op = combineOperators.find((one) => one === search['op']) ?? 'both';
  const whole = first === undefined || second === undefined ? null : { firstId: first.id, secondId: second.id, op };
  return (
    <section className="panel w4" aria-label={m.combine_title()}>
      <header>
        <h2>{m.combine_title()}</h2>
      </header>
      <div className="in stack">
        {all.length < 2 ? (
          <p className="soft">{m.combine_needs_two()}</p>
        ) : (
          <CombineFields
            selections={all}
            entity={first?.entity ?? null}
            firstId={first?.id ?? ''}
            secondId={second?.id ?? ''}
            op={op}
            onChange={({ firstId, secondId, op: next }) =>
              setSearch(
                {
                  first: firstId || undefined,
                  second: secondId || undefined,
                  op: next === 'both' ? undefined : next,
                },
                { replace: true },
              )
            }
          />
        )}
        {whole === null ? null : (
          <SaveCombined
            key={JSON.stringify(whole)}
            combination={whole}
            entity={first!.entity}
            name={nameOf(op, first!.name, second!.name)}
          />
        )}
      </div>
    </section>
  );
}

function nameOf(op: CombineOperator, first: string, second: string): string {
  return {
    onlyFirst: m.combine_name_only({ first, second }),
    onlySecond: m.combine_name_only({ first: second, second: first }),
    both: m.combine_name_both({ first, second }),
    exactlyOne: m.combine_name_one({ first, second }),
    any: m.combine_name_any({ first, second }),
  }[op].slice(0, 200);
}

export function operatorWords(op: CombineOperator): string {
  return {
    onlyFirst: m.combine_only_first(),
    onlySecond: m.combine_only_second(),
    both: m.combine_both(),
    exactlyOne: m.combine_exactly_one(),
    any: m.combine_any(),
  }[op];
}

/** Which two, and who of them. */
export function CombineFields({
  selections,
  entity,
  firstId,
  secondId,
  op,
  onChange,
}: {
  selections: readonly Selection[];
  /** Of the first; null before it is chosen. */
  entity: Entity | null;
  firstId: string;
  secondId: string;
  op: CombineOperator;
  onChange: (value: Combination) => void;
}) {
  const label = useId();
  const counts = useQuery({
    ...combinedQuery({ entity: entity ?? 'person', firstId, secondId }),
    enabled: entity !== null && firstId !== '' && secondId !== '',
  });
  const seconds = selections.filter((one) => one.entity === entity && one.id !== firstId);
  return (
    <>
      <label className="field">
        {m.combine_first()}
        <select
          className="select"
          value={firstId}
          onChange={({ target }) => {
            const next = selections.find(({ id }) => id === target.value);
            const keeps = next?.entity === entity && next?.id !== secondId;
            onChange({ firstId: target.value, secondId: keeps ? secondId : '', op });
          }}
        >
          <option value="">{m.combine_choose()}</option>
          {selections.map((one) => (
            <option key={one.id} value={one.id}>
              {optionName(one)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {m.combine_second()}
        <select
          className="select"
          value={secondId}
          disabled={entity === null}
          onChange={({ target }) => onChange({ firstId, secondId: target.value, op })}
        >
          <option value="">
            {entity !== null && seconds.length === 0 ? m.combine_no_other() : m.combine_choose()}
          </option>
          {seconds.map((one) => (
            <option key={one.id} value={one.id}>
              {optionName(one)}
            </option>
          ))}
        </select>
      </label>
      {firstId === '' || secondId === '' ? null : (
        <>
          <span className="vh" id={label}>
            {m.combine_who()}
          </span>
          <OptionGroup labelledBy={label} className={counts.isPlaceholderData ? 'venns dim' : 'venns'}>
            {combineOperators.map((one) => (
              <Option key={one} isChosen={one === op} onChoose={() => onChange({ firstId, secondId, op: one })}>
                <Venn op={one} />
                <b className="grow">{operatorWords(one)}</b>
                <span className="venn-count">{formatCount(counts.data?.get(one))}</span>
              </Option>
            ))}
          </OptionGroup>
          {counts.error === null ? null : (
            <Failure error={counts.error} what={m.combine_not_counted()} onRetry={() => void counts.refetch()} />
          )}
        </>
      )}
    </>
  );
}

function optionName({ name, entity, memberCount }: Selection): string {
  const count = memberCount === null ? kinds[entity].noun() : kinds[entity].countWords(formatCount(memberCount));
  return `${name} (${count})`;
}

function SaveCombined({
  combination,
  entity,
  name: proposed,
}: {
  combination: Combination;
  entity: Entity;
  name: string;
}) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState(proposed);
  const count = useQuery(combinedQuery({ entity, ...combination })).data?.get(combination.op);
  const saved = useMutation({
    mutationFn: async (isFrozen: boolean) => {
      const body = { name: name.trim(), entity, kind: 'combined', combine: combination };
      const made = (await kilde().POST('/api/v1/selections', { body: body as never })).data as unknown as Selection;
      if (isFrozen) {
        await kilde().POST('/api/v1/selections/{id}/freeze', { params: { path: { id: made.id } } });
      }
      return made;
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['selections'] });
      await navigate({ to: '/selections/$id', params: { id } });
    },
  });
  const cannot = name.trim() === '' || saved.isPending;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!cannot) saved.mutate(false);
      }}
    >
      <label className="field">
        {m.selection_name()}
        <input className="input" value={name} maxLength={200} onChange={({ target }) => setName(target.value)} />
      </label>
      {saved.error === null ? null : <Failure error={saved.error} what={m.record_not_saved()} />}
      <div className="row">
        <button type="submit" className="btn sm primary" disabled={cannot}>
          {m.find_save()}
        </button>
        <button type="button" className="btn sm" disabled={cannot} onClick={() => saved.mutate(true)}>
          {m.combine_freeze({ count: formatCount(count) })}
        </button>
      </div>
    </form>
  );
}

/** The parts of two circles, as paths from their upper to their lower crossing and back. */
const crossing = { top: '20 3.2', bottom: '20 22.8' };
const parts = {
  left: `M${crossing.top}A11 11 0 1 0 ${crossing.bottom}A11 11 0 0 1 ${crossing.top}z`,
  lens: `M${crossing.top}A11 11 0 0 1 ${crossing.bottom}A11 11 0 0 1 ${crossing.top}z`,
  right: `M${crossing.top}A11 11 0 1 1 ${crossing.bottom}A11 11 0 0 0 ${crossing.top}z`,
};
const filled: Record<CombineOperator, Array<keyof typeof parts>> = {
  onlyFirst: ['left'],
  onlySecond: ['right'],
  both: ['lens'],
  exactlyOne: ['left', 'right'],
  any: ['left', 'lens', 'right'],
};

function Venn({ op }: { op: CombineOperator }) {
  return (
    <svg className="venn" width="40" height="26" viewBox="0 0 40 26" aria-hidden="true">
      {filled[op].map((part) => (
        <path key={part} className="venn-fill" d={parts[part]} />
      ))}
      <circle cx="15" cy="13" r="11" />
      <circle cx="25" cy="13" r="11" />
    </svg>
  );
}
