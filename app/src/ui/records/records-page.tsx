import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { ReactNode } from 'react';
import { kilde } from '../../api/client.ts';
import { BarList } from '../../charts/bar-list.tsx';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { conditionsOf, readWhere, writeWhere } from '../find/criteria.ts';
import type { All, Any } from '../find/criteria.ts';
import { fieldsOf, fieldsQuery } from '../find/fields.ts';
import type { Field } from '../find/fields.ts';
import { FindPanel } from '../find/find-panel.tsx';
import { useFind } from '../find/use-find.ts';
import type { FoundRow, Sort } from '../find/use-find.ts';
import { labelOf } from '../find/words.ts';
import { formatCount, none } from '../format.ts';
import { Page } from '../page.tsx';
import { Answer, Empty, Failure } from '../states.tsx';
import { BulkBar } from './bulk-bar.tsx';
import type { BulkField } from './bulk-bar.tsx';
import { cellText } from './cell-text.tsx';
import { ColumnGear } from './column-gear.tsx';
import { RecordTable } from './record-table.tsx';
import type { RecordColumn } from './record-table.tsx';
import { saveFile } from './save-file.ts';

const SaveDialog = lazy(async () => ({ default: (await import('./save-dialog.tsx')).SaveDialog }));

export type RecordsKind = {
  entity: 'person' | 'company' | 'deal';
  title: () => string;
  /** "People for whom". */
  words: () => string;
  countWords: (count: string) => string;
  /** Fields that every row needs for its first column and on a phone. */
  always: readonly string[];
  columns: readonly string[];
  sort: Sort;
  /** The column that names the record. */
  name: { label: () => string; sortField: string; cell: (row: FoundRow) => ReactNode };
  phoneRow: (row: FoundRow) => ReactNode;
  /** Where a row leads. */
  pathOf: (row: FoundRow) => string;
  /** A list field whose values stand beside the criteria with their counts. */
  splitBy?: { field: string; label: () => string };
  bulk: readonly BulkField[];
  actions?: ReactNode;
};

/** Records as a table, with Find above it. Criteria, columns and order stand in the address. */
export function RecordsPage({ kind }: { kind: RecordsKind }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const navigate = useNavigate();
  const [isSaving, setSaving] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const fields = useQuery(fieldsQuery);
  const where = whereOf(search);
  const columns = search['columns']?.split(',').filter(Boolean) ?? kind.columns;
  const sort = readSort(search['sort']) ?? kind.sort;
  const found = useFind({
    entity: kind.entity,
    where,
    columns: [...new Set([...kind.always, ...columns])],
    sort,
  });
  const setWhere = (next: All | Any): void => {
    setChosen(new Set());
    setSearch({ where: writeWhere(next), selection: undefined }, { replace: true });
  };
  const { fetchNextPage } = found.rows;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = found.rows.data?.pages.flatMap(({ items }) => items) ?? [];
  const own = fields.data === undefined ? [] : fieldsOf(fields.data, kind.entity);
  const count = found.count ?? rows.length;
  return (
    <Page title={kind.title()} actions={kind.actions}>
      {fields.data === undefined ? (
        <Answer asked={fields} height={90}>
          {() => null}
        </Answer>
      ) : (
        <FindPanel
          where={where}
          entity={kind.entity}
          words={kind.words()}
          fields={fields.data}
          counts={found.counts}
          refused={found.refused}
          onChange={setWhere}
          aside={<Aside kind={kind} count={count} asked={found.asked} hasWhere={found.hasWhere} fields={own} />}
          actions={
            found.hasWhere ? (
              <button type="button" className="btn sm primary" onClick={() => setSaving(true)}>
                {m.find_save()}
              </button>
            ) : null
          }
        />
      )}
      <section className="panel" aria-busy={found.rows.isPlaceholderData} aria-label={kind.title()}>
        <header>
          <h2>{kind.countWords(formatCount(count))}</h2>
          <ColumnGear
            fields={own}
            columns={columns}
            onChange={(next) => setSearch({ columns: next.join(',') }, { replace: true })}
          />
          <CsvButton kind={kind} where={found.asked} columns={[...kind.always, ...columns]} sort={sort} />
        </header>
        {found.rows.error !== null && found.refused.size === 0 ? (
          <Failure error={found.rows.error} onRetry={() => void found.rows.refetch()} />
        ) : null}
        <div className={found.rows.isPlaceholderData ? 'scroll dim' : 'scroll'}>
          {found.rows.data !== undefined && rows.length === 0 ? (
            <Empty
              title={found.hasWhere ? m.find_nothing() : m.records_none()}
              actions={
                found.hasWhere ? (
                  <button type="button" className="btn sm primary" onClick={() => setWhere({ all: [] })}>
                    {m.find_clear()}
                  </button>
                ) : undefined
              }
            >
              {found.hasWhere ? nothingWhy(found.counts) : m.records_none_why()}
            </Empty>
          ) : (
            <RecordTable
              caption={kind.title()}
              columns={columnsOf({
                kind,
                columns,
                fields: own,
                onFilter: (field, value) => setWhere(narrowed(where, field, value)),
              })}
              rows={rows}
              count={count}
              sort={sort}
              chosen={chosen}
              phoneRow={kind.phoneRow}
              hasMore={found.rows.hasNextPage && !found.rows.isFetchingNextPage}
              onMore={more}
              onSort={(next) => setSearch({ sort: writeSort(next, kind.sort) }, { replace: true })}
              onChoose={setChosen}
              onOpen={(row) => void navigate({ to: kind.pathOf(row) } as never)}
            />
          )}
        </div>
        <p className="fact">{m.records_loaded({ loaded: formatCount(rows.length), count: formatCount(count) })}</p>
      </section>
      {chosen.size === 0 ? null : (
        <BulkBar
          entity={kind.entity}
          ids={[...chosen]}
          count={count}
          where={found.asked}
          fields={kind.bulk}
          onClose={() => setChosen(new Set())}
        />
      )}
      <Suspense fallback={null}>
        {isSaving ? (
          <SaveDialog
            entity={kind.entity}
            where={found.asked}
            columns={columns}
            sort={sort}
            count={count}
            onClose={() => setSaving(false)}
          />
        ) : null}
      </Suspense>
    </Page>
  );
}

/** The criteria of the address; a selection alone is one criterion. */
function whereOf(search: Search): All | Any {
  const where = readWhere(search['where']);
  const { selection } = search;
  if (selection === undefined || conditionsOf(where).length > 0) return where;
  return { all: [{ field: 'selection', op: 'inSelection', value: selection }] };
}

function readSort(text: string | undefined): Sort | null {
  if (text === undefined || text === '') return null;
  return text.startsWith('-') ? { field: text.slice(1), direction: 'desc' } : { field: text, direction: 'asc' };
}

function writeSort({ field, direction }: Sort, usual: Sort): string | undefined {
  if (field === usual.field && direction === usual.direction) return undefined;
  return direction === 'desc' ? `-${field}` : field;
}

/** The first line that leaves none. */
function nothingWhy(counts: ReadonlyMap<string, number>): string {
  const place = [...counts].find(([location, count]) => count === 0 && location !== 'where')?.[0];
  const line = place === undefined ? null : /\[(\d+)\]/.exec(place)?.[1];
  return line == null ? m.find_nothing_why() : m.find_nothing_line({ line: Number(line) + 1 });
}

/** What was asked, and this value too. */
function narrowed(where: All | Any, field: Field, value: string): All {
  const added = { field: field.name, op: field.operators.includes('equals') ? 'equals' : field.operators[0]!, value };
  return 'all' in where ? { all: [...where.all, added] } : { all: [where, added] };
}

function columnsOf({
  kind,
  columns,
  fields,
  onFilter,
}: {
  kind: RecordsKind;
  columns: readonly string[];
  fields: readonly Field[];
  onFilter: (field: Field, value: string) => void;
}): RecordColumn[] {
  const named: RecordColumn = {
    name: 'name',
    label: kind.name.label(),
    sortField: kind.name.sortField,
    cell: kind.name.cell,
  };
  const others = columns.flatMap((name): RecordColumn[] => {
    const field = fields.find((one) => one.name === name);
    if (field === undefined) return [];
    const canFilter =
      field.filterable && (field.type === 'text' || field.type === 'list' || field.type === 'reference');
    return [
      {
        name,
        label: labelOf(field),
        isNumber: field.type === 'number',
        ...(field.sortable ? { sortField: name } : {}),
        cell: (row) => {
          const text = cellText(row[name], field);
          const value = filterValue(row[name]);
          if (!canFilter || value === null) return <span className={text === none ? 'soft' : undefined}>{text}</span>;
          return (
            <button
              type="button"
              className="link"
              tabIndex={-1}
              title={m.table_filter_by({ value: text })}
              onClick={() => onFilter(field, value)}
            >
              {text}
            </button>
          );
        },
      },
    ];
  });
  return [named, ...others];
}

function filterValue(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id);
  return null;
}

function Aside({
  kind,
  count,
  asked,
  hasWhere,
  fields,
}: {
  kind: RecordsKind;
  count: number;
  asked: All | Any;
  hasWhere: boolean;
  fields: readonly Field[];
}) {
  const { splitBy } = kind;
  const values = fields.find(({ name }) => name === splitBy?.field)?.values ?? [];
  const split = useQuery({
    queryKey: ['find-split', kind.entity, splitBy?.field, asked],
    enabled: splitBy !== undefined && values.length > 0,
    queryFn: async ({ signal }) => {
      const any = values.map(({ value }) => ({ field: splitBy!.field, op: 'equals', value }));
      const where = { all: [...(hasWhere ? [asked] : []), { any }] };
      const { data } = await kilde().POST('/api/v1/segments/counts', {
        body: { entity: kind.entity, where } as never,
        signal,
      });
      return (data as unknown as { counts: Array<{ location: string; count: number | null }> }).counts;
    },
  });
  const prefix = hasWhere ? 'where.all[1].any' : 'where.all[0].any';
  const bars = values.flatMap(({ value, label }, place) => {
    const counted = split.data?.find(({ location }) => location === `${prefix}[${place}]`)?.count;
    return counted == null
      ? []
      : [
          {
            key: value,
            label: label[getLocale() === 'nb' ? 'no' : 'en'],
            value: counted,
            text: formatCount(counted),
            sub: '',
          },
        ];
  });
  return (
    <>
      <p>
        <b className="figure">{formatCount(count)}</b> <span className="soft small">{kind.title().toLowerCase()}</span>
      </p>
      {bars.length === 0 ? null : (
        <>
          <h3 className="above">{splitBy!.label()}</h3>
          <BarList bars={bars} />
        </>
      )}
    </>
  );
}

function CsvButton({
  kind,
  where,
  columns,
  sort,
}: {
  kind: RecordsKind;
  where: All | Any;
  columns: readonly string[];
  sort: Sort;
}) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const save = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const body = { entity: kind.entity, where, columns: [...new Set(columns)], sort: [sort], format: 'csv' };
      const { response } = await kilde().POST('/api/v1/segments/query', { body: body as never, parseAs: 'stream' });
      saveFile({ name: `${kind.entity}.csv`, content: await new Response(response.body).blob() });
    } catch (failed) {
      setError(failed as Error);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" className="btn sm" disabled={isBusy} onClick={() => void save()}>
        {isBusy ? m.csv_busy() : 'CSV'}
      </button>
      {error === null ? null : <Failure error={error} what={m.record_not_exported()} />}
    </>
  );
}
