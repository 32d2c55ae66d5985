import { Menu } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import type { Field } from '../../ui/find/fields.ts';
import type { FoundRow, Sort, useFind } from '../../ui/find/use-find.ts';
import { labelOf } from '../../ui/find/words.ts';
import { formatCount, none } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { cellText } from '../../ui/records/cell-text.tsx';
import { ColumnGear } from '../../ui/records/column-gear.tsx';
import { RecordTable } from '../../ui/records/record-table.tsx';
import type { RecordColumn } from '../../ui/records/record-table.tsx';
import { saveFile } from '../../ui/records/save-file.ts';
import { Empty, Failure } from '../../ui/states.tsx';
import { kinds, RecordName } from './kinds.tsx';
import { selectionsQuery } from './queries.ts';
import type { Selection } from './queries.ts';
import { useMembers } from './use-members.ts';

/** The members, as the lists of records show them. Those of a static selection can be taken out, and put back. */
export function MembersPanel({
  selection,
  found,
  fields,
  columns,
  sort,
  onColumns,
  onSort,
}: {
  selection: Selection;
  found: ReturnType<typeof useFind>;
  fields: readonly Field[];
  columns: readonly string[];
  sort: Sort;
  onColumns: (columns: string[]) => void;
  onSort: (sort: Sort) => void;
}) {
  const { entity, kind } = selection;
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { fetchNextPage } = found.rows;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = found.items ?? [];
  const count = found.count ?? rows.length;
  const { countWords, nameOf, about, pathOf } = kinds[entity];
  const open = (row: FoundRow): void => {
    const path = pathOf(row);
    if (path !== null) void navigate({ to: path } as never);
  };
  return (
    <>
      <section className="panel" aria-busy={found.isBusy} aria-label={m.selections_members()}>
        <header>
          <h2>{countWords(formatCount(count))}</h2>
          <ColumnGear fields={fields} columns={columns} onChange={onColumns} />
          <CsvButton selection={selection} where={found.asked} columns={columns} sort={sort} />
        </header>
        {found.rows.error !== null && found.refused.size === 0 ? (
          <Failure error={found.rows.error} onRetry={() => void found.rows.refetch()} />
        ) : null}
        <div className={found.isBusy ? 'scroll dim' : 'scroll'}>
          {found.items !== null && rows.length === 0 ? (
            <Empty title={m.selections_empty()}>
              {kind === 'static' ? m.selections_empty_static() : m.find_nothing_why()}
            </Empty>
          ) : (
            <RecordTable
              caption={m.selections_members()}
              columns={columnsOf({ entity, columns, fields })}
              rows={rows}
              count={count}
              sort={sort}
              chosen={chosen}
              phoneRow={(row) => (
                <>
                  <RecordName entity={entity} row={row} />
                  <span className="mini line">{about(row)}</span>
                  <span className="mini line">
                    {columns
                      .slice(0, 3)
                      .map((name) =>
                        cellText(
                          row[name],
                          fields.find((field) => field.name === name),
                        ),
                      )
                      .filter((text) => text !== none)
                      .join(' · ')}
                  </span>
                </>
              )}
              hasMore={found.rows.hasNextPage && !found.rows.isFetchingNextPage}
              onMore={more}
              onSort={onSort}
              onChoose={setChosen}
              onOpen={open}
            />
          )}
        </div>
        <p className="fact">{m.records_loaded({ loaded: formatCount(rows.length), count: formatCount(count) })}</p>
      </section>
      <ChosenBar
        selection={selection}
        chosen={chosen}
        count={count}
        nameOf={(id) => nameOf(rows.find((row) => row.id === id) ?? { id })}
        onClose={() => setChosen(new Set())}
      />
    </>
  );
}

function columnsOf({
  entity,
  columns,
  fields,
}: {
  entity: Selection['entity'];
  columns: readonly string[];
  fields: readonly Field[];
}): RecordColumn[] {
  return [
    {
      name: 'name',
      label: m.name(),
      sortField: kinds[entity].sortField,
      cell: (row) => (
        <>
          <RecordName entity={entity} row={row} />
          {entity === 'person' && typeof row['company.name'] === 'string' ? (
            <span className="soft plain"> · {row['company.name']}</span>
          ) : null}
        </>
      ),
    },
    ...columns.flatMap((name): RecordColumn[] => {
      const field = fields.find((one) => one.name === name);
      if (field === undefined) return [];
      return [
        {
          name,
          label: labelOf(field),
          isNumber: field.type === 'number',
          ...(field.sortable ? { sortField: name } : {}),
          cell: (row) => {
            const text = cellText(row[name], field);
            return <span className={text === none ? 'soft' : undefined}>{text}</span>;
          },
        },
      ];
    }),
  ];
}

/** What can be done with the chosen: take them out of a static selection, or put them into one. */
function ChosenBar({
  selection,
  chosen,
  count,
  nameOf,
  onClose,
}: {
  selection: Selection;
  chosen: ReadonlySet<string>;
  count: number;
  nameOf: (id: string) => string;
  onClose: () => void;
}) {
  const { id, entity, kind } = selection;
  const { add, remove } = useMembers();
  const [done, setDone] = useState<{ text: string; undo: () => Promise<unknown> } | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const ids = [...chosen];
  const others = (useQuery(selectionsQuery({ entity, text: '', sort: 'name' })).data?.items ?? []).filter(
    (one) => one.kind === 'static' && one.id !== id,
  );
  const act = async (text: string, change: () => Promise<unknown>, undo: () => Promise<unknown>): Promise<void> => {
    setError(null);
    setDone(null);
    try {
      await change();
      setDone({ text, undo });
      onClose();
    } catch (failed) {
      setError(failed as Error);
    }
  };
  const who = ids.length === 1 ? nameOf(ids[0]!) : kinds[entity].countWords(formatCount(ids.length));
  return (
    <>
      {error === null ? null : <Failure error={error} what={m.record_not_saved()} />}
      {done === null || chosen.size > 0 ? null : (
        <p className="note" role="status">
          <b>{done.text}</b>{' '}
          <button type="button" className="btn sm" onClick={() => void done.undo().then(() => setDone(null), setError)}>
            {m.record_undo()}
          </button>
        </p>
      )}
      {chosen.size === 0 ? null : (
        <div className="bulk" role="region" aria-label={m.bulk_title()}>
          <b>{m.bulk_chosen({ chosen: formatCount(ids.length), count: formatCount(count) })}</b>
          {kind === 'static' ? (
            <button
              type="button"
              className="btn sm"
              onClick={() =>
                void act(
                  m.members_removed({ who }),
                  async () => remove(id, ids),
                  async () => add(id, { ids }),
                )
              }
            >
              {m.members_remove()}
            </button>
          ) : null}
          {others.length === 0 ? null : (
            <Menu position="top-start" offset={4} classNames={{ dropdown: 'pop menu tall' }}>
              <Menu.Target>
                <button type="button" className="btn sm">
                  {m.members_add_to()}
                </button>
              </Menu.Target>
              <Menu.Dropdown aria-label={m.members_add_to()}>
                {others.map((other) => (
                  <Menu.Item
                    key={other.id}
                    className="opt"
                    onClick={() =>
                      void act(
                        m.members_added_to({ who, name: other.name }),
                        async () => add(other.id, { ids }),
                        async () => remove(other.id, ids),
                      )
                    }
                  >
                    {other.name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
          <button type="button" className="btn sm" aria-label={m.bulk_leave()} onClick={onClose}>
            <Icon shape="close" />
          </button>
        </div>
      )}
    </>
  );
}

function CsvButton({
  selection: { name, entity },
  where,
  columns,
  sort,
}: {
  selection: Selection;
  where: unknown;
  columns: readonly string[];
  sort: Sort;
}) {
  const saved = useMutation({
    mutationFn: async () => {
      const wanted = [...new Set([...kinds[entity].always, ...columns])];
      const body = { entity, where, columns: wanted, sort: [sort], format: 'csv' };
      const { response } = await kilde().POST('/api/v1/segments/query', { body: body as never, parseAs: 'stream' });
      const file = name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '') || entity;
      saveFile({ name: `${file}.csv`, content: await new Response(response.body).blob() });
    },
  });
  return (
    <>
      <button type="button" className="btn sm" disabled={saved.isPending} onClick={() => saved.mutate()}>
        {saved.isPending ? m.csv_busy() : 'CSV'}
      </button>
      {saved.error === null ? null : <Failure error={saved.error} what={m.record_not_exported()} />}
    </>
  );
}
