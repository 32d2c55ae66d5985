import { Menu } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { FactScope } from '../../ui/fact-line.tsx';
import { formatCount, formatDay } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { CombinePanel } from './combine-panel.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { kindName, kinds } from './kinds.tsx';
import { NewDialog } from './new-dialog.tsx';
import { entities, selectionsQuery } from './queries.ts';
import type { Entity, Selection } from './queries.ts';

const usualSort = '-createdAt';

/** Every selection that one may see, and two of them combined. What is looked for, the kind of record and the order stand in the address. */
export function SelectionsPage() {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const entity = entities.find((one) => one === search['entity']) ?? null;
  const sort = search['sort'] ?? usualSort;
  const [text] = useDebouncedValue((search['name'] ?? '').trim(), 250);
  const asked = useQuery(selectionsQuery({ entity, text, sort }));
  const [doomed, setDoomed] = useState<Selection | null>(null);
  const [isMaking, setMaking] = useState(false);
  const copied = useCopy();
  const columns = columnsOf({ onDelete: setDoomed, onCopy: (selection) => copied.mutate(selection) });
  return (
    <Page
      title={m.nav_selections()}
      actions={
        <button type="button" className="btn primary" onClick={() => setMaking(true)}>
          {m.selections_new()}
        </button>
      }
    >
      {copied.error === null ? null : <Failure error={copied.error} what={m.selections_not_copied()} />}
      <div className="grid">
        <FactScope whole={m.selections_fact()}>
          {(line) => (
            <section className="panel w8" aria-busy={asked.isPlaceholderData} aria-label={m.nav_selections()}>
              <header className="wraps">
                <h2>{m.selections_count({ count: asked.data?.count ?? 0, shown: formatCount(asked.data?.count) })}</h2>
                <input
                  className="input"
                  type="search"
                  aria-label={m.selections_search()}
                  placeholder={m.selections_search()}
                  value={search['name'] ?? ''}
                  onChange={({ target }) => setSearch({ name: target.value || undefined }, { replace: true })}
                />
                <Segments
                  label={m.selections_of()}
                  options={[
                    { value: '', label: m.selections_all() },
                    ...entities.map((value) => ({ value, label: entityName(value) })),
                  ]}
                  value={entity ?? ''}
                  onChange={(value) => setSearch({ entity: value || undefined })}
                />
              </header>
              <div className={asked.isPlaceholderData ? 'dim' : undefined}>
                <Answer asked={asked} height={260}>
                  {({ items }) =>
                    items.length === 0 ? (
                      <NoSelections isFiltered={text !== '' || entity !== null} onNew={() => setMaking(true)} />
                    ) : (
                      <DataTable
                        caption={m.nav_selections()}
                        columns={columns}
                        rows={items}
                        keyOf={({ id }) => id}
                        sort={{
                          column: sort.replace('-', ''),
                          direction: sort.startsWith('-') ? 'desc' : 'asc',
                        }}
                        onSort={({ column, direction }) => {
                          const wanted = direction === 'desc' ? `-${column}` : column;
                          setSearch({ sort: wanted === usualSort ? undefined : wanted }, { replace: true });
                        }}
                      />
                    )
                  }
                </Answer>
              </div>
              {line}
            </section>
          )}
        </FactScope>
        <CombinePanel />
      </div>
      {doomed === null ? null : (
        <DeleteDialog selection={doomed} onClose={() => setDoomed(null)} onDeleted={() => setDoomed(null)} />
      )}
      {isMaking ? <NewDialog entity={entity ?? 'person'} onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}

export function entityName(entity: Entity): string {
  return {
    person: m.nav_people(),
    company: m.nav_companies(),
    deal: m.nav_deals(),
    submission: m.selections_submissions_title(),
  }[entity];
}

function NoSelections({ isFiltered, onNew }: { isFiltered: boolean; onNew: () => void }) {
  const setSearch = useSetSearch();
  if (isFiltered) {
    return (
      <Empty
        title={m.selections_none_fits()}
        actions={
          <button
            type="button"
            className="btn sm primary"
            onClick={() => setSearch({ name: undefined, entity: undefined })}
          >
            {m.selections_show_all()}
          </button>
        }
      />
    );
  }
  return (
    <Empty
      title={m.selections_none()}
      actions={
        <button type="button" className="btn sm primary" onClick={onNew}>
          {m.selections_new()}
        </button>
      }
    >
      {m.selections_none_why()}
    </Empty>
  );
}

/** Makes a copy and opens it. */
function useCopy() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async ({ id, name }: Selection) => {
      const body = { name: m.selections_copy_of({ name }).slice(0, 100) };
      const { data } = await kilde().POST('/api/v1/selections/{id}/copy', { params: { path: { id } }, body });
      return data as unknown as Selection;
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['selections'] });
      await navigate({ to: '/selections/$id', params: { id } });
    },
  });
}

function columnsOf({
  onDelete,
  onCopy,
}: {
  onDelete: (selection: Selection) => void;
  onCopy: (selection: Selection) => void;
}): Array<Column<Selection>> {
  return [
    {
      id: 'name',
      head: m.selections_selection(),
      canSort: true,
      cell: ({ id, name, entity, kind, owner }) => (
        <>
          <Link to="/selections/$id" params={{ id }} tabIndex={-1}>
            {name}
          </Link>{' '}
          <span className="med">{kinds[entity].noun()}</span>
          <span className="phone sub">{[kindName(kind), owner?.name].filter(Boolean).join(' · ')}</span>
        </>
      ),
      fact: ({ name, kind, description }) => (
        <>
          <b>{name}</b> {description ?? kindFact(kind)}
        </>
      ),
    },
    { id: 'kind', head: m.selections_kind(), canSort: true, isOnPhone: false, cell: ({ kind }) => kindName(kind) },
    {
      id: 'members',
      head: m.selections_members(),
      kind: 'num',
      cell: ({ memberCount }) => formatCount(memberCount),
      fact: ({ name, kind, memberCount }) =>
        memberCount === null ? (
          m.selections_not_counted()
        ) : (
          <>
            <b>{name}</b> {kindFact(kind)}
          </>
        ),
    },
    {
      id: 'visibility',
      head: m.selections_seen_by(),
      canSort: true,
      isOnPhone: false,
      cell: ({ visibility }) => seenBy(visibility),
    },
    {
      id: 'owner',
      head: m.owner(),
      isOnPhone: false,
      cell: ({ owner }) => owner?.name ?? <span className="soft">–</span>,
    },
    {
      id: 'createdAt',
      head: m.selections_created(),
      canSort: true,
      isOnPhone: false,
      cell: ({ createdAt }) => <span className="nowrap">{formatDay(createdAt.slice(0, 10))}</span>,
    },
    {
      id: 'do',
      head: <span className="vh">{m.selections_do()}</span>,
      kind: 'num',
      cell: (selection) => (
        <RowMenu selection={selection} onCopy={() => onCopy(selection)} onDelete={() => onDelete(selection)} />
      ),
    },
  ];
}

/** "is asked anew at each view". */
function kindFact(kind: Selection['kind']): string {
  return {
    dynamic: m.selections_dynamic_fact(),
    static: m.selections_static_fact(),
    combined: m.selections_combined_fact(),
  }[kind];
}

export function seenBy(visibility: Selection['visibility']): string {
  return visibility === 'private' ? m.selection_only_me() : m.selection_everybody();
}

function RowMenu({
  selection: { id, name },
  onCopy,
  onDelete,
}: {
  selection: Selection;
  onCopy: () => void;
  onDelete: () => void;
}) {
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu' }}>
      <Menu.Target>
        <button type="button" className="btn quiet sm" aria-label={m.selections_do_with({ name })}>
          <Icon shape="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item className="opt" onClick={() => void navigate({ to: '/selections/$id', params: { id } })}>
          {m.selections_open()}
        </Menu.Item>
        <Menu.Item className="opt" onClick={() => void navigate({ to: '/selections/$id/board', params: { id } })}>
          {m.selections_board()}
        </Menu.Item>
        <Menu.Item className="opt" onClick={onCopy}>
          {m.selections_copy()}
        </Menu.Item>
        <Menu.Item className="opt danger" onClick={onDelete}>
          {m.selections_delete()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
