import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { complete, conditionsOf } from '../../ui/find/criteria.ts';
import type { All, Any } from '../../ui/find/criteria.ts';
import type { Fields } from '../../ui/find/fields.ts';
import { FindPanel } from '../../ui/find/find-panel.tsx';
import { useFind } from '../../ui/find/use-find.ts';
import type { FoundRow } from '../../ui/find/use-find.ts';
import { formatCount } from '../../ui/format.ts';
import { Failure } from '../../ui/states.tsx';
import { kinds } from './kinds.tsx';
import type { Selection } from './queries.ts';
import { useMembers } from './use-members.ts';

/** Puts members into a static selection: one by name, or all that some criteria find. */
export function AddMembers({ selection, fields }: { selection: Selection; fields: Fields | undefined }) {
  const [isFinding, setFinding] = useState(false);
  return (
    <>
      <section className="panel" aria-label={m.members_add()}>
        <header className="wraps">
          <h2>{m.members_add()}</h2>
          <button type="button" className="btn sm" aria-expanded={isFinding} onClick={() => setFinding(!isFinding)}>
            {m.members_by_criteria()}
          </button>
        </header>
        <div className="in stack">
          <ByName selection={selection} />
        </div>
      </section>
      {isFinding && fields !== undefined ? <ByCriteria selection={selection} fields={fields} /> : null}
    </>
  );
}

function ByName({ selection: { id, entity } }: { selection: Selection }) {
  const { searched, always, nameOf, about } = kinds[entity];
  const { add, remove } = useMembers();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 250);
  const found = useQuery({
    queryKey: ['find', 'by-name', entity, id, asked],
    enabled: asked.length >= 2,
    queryFn: async ({ signal }) => {
      const any = searched.map((field) => ({ field, op: 'contains', value: asked }));
      const where = { all: [{ any }, { field: 'selection', op: 'notInSelection', value: id }] };
      const { data } = await kilde().POST('/api/v1/segments/query', {
        body: { entity, where, columns: [...always], limit: 8 } as never,
        signal,
      });
      return (data as unknown as { items: FoundRow[] }).items;
    },
  });
  const added = useMutation({
    mutationFn: async (row: FoundRow) => {
      await add(id, { ids: [row.id] });
      return row;
    },
  });
  const rows = asked.length < 2 ? [] : (found.data ?? []);
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={m.members_search({ what: kinds[entity].noun() })}
        placeholder={m.members_search({ what: kinds[entity].noun() })}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {found.error === null ? null : <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {asked.length >= 2 && found.data?.length === 0 ? (
        <p className="soft">{m.members_nobody({ text: asked })}</p>
      ) : null}
      {rows.length === 0 ? null : (
        <ul className="list members-found" aria-label={m.members_found()}>
          {rows.map((row) => (
            <li key={row.id} className="row between">
              <span>
                <b>{nameOf(row)}</b> <span className="soft">{about(row)}</span>
              </span>
              <button
                type="button"
                className="btn sm"
                aria-label={m.members_add_one({ name: nameOf(row) })}
                disabled={added.isPending}
                onClick={() => added.mutate(row)}
              >
                {m.members_add_it()}
              </button>
            </li>
          ))}
        </ul>
      )}
      {added.error === null ? null : <Failure error={added.error} what={m.record_not_saved()} />}
      {added.data === undefined ? null : (
        <p className="note" role="status">
          <b>{m.members_added({ who: nameOf(added.data) })}</b>{' '}
          <button
            type="button"
            className="btn sm"
            onClick={() => void remove(id, [added.data.id]).then(() => added.reset())}
          >
            {m.record_undo()}
          </button>
        </p>
      )}
    </>
  );
}

function ByCriteria({ selection: { id, entity }, fields }: { selection: Selection; fields: Fields }) {
  const [where, setWhere] = useState<All | Any>({ all: [] });
  const [isTyping, setTyping] = useState(false);
  const { add } = useMembers();
  const { always, sort, words, countWords } = kinds[entity];
  const found = useFind({ entity: entity as 'person', where, columns: always, sort, isTyping });
  const added = useMutation({ mutationFn: async () => add(id, { where: complete(where) }) });
  const count = found.count ?? 0;
  return (
    <>
      <FindPanel
        where={where}
        entity={entity}
        words={words()}
        fields={fields}
        counts={found.counts}
        refused={found.refused}
        onChange={setWhere}
        onTyping={setTyping}
        actions={
          conditionsOf(where).length === 0 ? null : (
            <button
              type="button"
              className="btn sm primary"
              disabled={found.isBusy || count === 0 || added.isPending}
              onClick={() => added.mutate()}
            >
              {m.members_add_these({ count: countWords(formatCount(count)) })}
            </button>
          )
        }
      />
      {added.error === null ? null : <Failure error={added.error} what={m.record_not_saved()} />}
      {added.data === undefined ? null : (
        <p className="note" role="status">
          {m.members_added_count({ count: countWords(formatCount(added.data)) })}
        </p>
      )}
    </>
  );
}
