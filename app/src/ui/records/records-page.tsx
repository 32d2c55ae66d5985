import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { rememberList } from '../../api/walked-list.ts';
import { m } from '../../paraglide/messages.js';
import { writeWhere } from '../find/criteria.ts';
import type { All, Any } from '../find/criteria.ts';
import { fieldsOf, fieldsQuery } from '../find/fields.ts';
import { FindPanel } from '../find/find-panel.tsx';
import { useFind } from '../find/use-find.ts';
import { formatCount } from '../format.ts';
import { Page } from '../page.tsx';
import { Answer, Bones, Empty, Failure } from '../states.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ColumnGear } from './column-gear.tsx';
import { CsvButton } from './csv-button.tsx';
import { narrowed, nothingWhy, readSort, toggleValue, whereOf, writeSort } from './list-address.ts';
import { columnsOf } from './record-columns.tsx';
import { RecordTable } from './record-table.tsx';
import type { RecordsKind } from './records-kind.ts';
import { Split } from './split.tsx';

const SaveDialog = lazy(async () => ({ default: (await import('./save-dialog.tsx')).SaveDialog }));

/** Records as a table, with Find above it. Criteria, columns and order stand in the address. */
export function RecordsPage({ kind }: { kind: RecordsKind }) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const navigate = useNavigate();
  const [isSaving, setSaving] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isTyping, setTyping] = useState(false);
  const fields = useQuery(fieldsQuery);
  const where = whereOf(search);
  const columns = search['columns']?.split(',').filter(Boolean) ?? kind.columns;
  const sort = readSort(search['sort']) ?? kind.sort;
  const found = useFind({
    entity: kind.entity,
    where,
    columns: [...new Set([...kind.always, ...columns])],
    sort,
    isTyping,
  });
  const setWhere = (next: All | Any): void => {
    setChosen(new Set());
    setSearch({ where: writeWhere(next), selection: undefined }, { replace: true });
  };
  const { fetchNextPage } = found.rows;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const rows = found.items ?? [];
  const own = fields.data === undefined ? [] : fieldsOf(fields.data, kind.entity);
  const count = found.count ?? rows.length;
  const isKnown = found.items !== null;
  const paths = useRef<string[]>([]);
  paths.current = rows.map(kind.pathOf);
  useEffect(() => () => rememberList(paths.current), []);
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
          onTyping={setTyping}
          aside={
            <Split
              kind={kind}
              count={isKnown ? count : null}
              asked={found.asked}
              fields={own}
              onChoose={(field, value) => setWhere(toggleValue(where, field, value))}
            />
          }
          actions={
            found.hasWhere ? (
              <button type="button" className="btn sm primary" onClick={() => setSaving(true)}>
                {m.find_save()}
              </button>
            ) : null
          }
        />
      )}
      <section className="panel" aria-busy={found.isBusy} aria-label={kind.title()}>
        <header>
          <h2>{isKnown ? kind.countWords(formatCount(count)) : kind.title()}</h2>
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
        <div className={found.isBusy ? 'scroll dim' : 'scroll'}>
          {!isKnown ? (
            found.rows.error === null ? (
              <Bones height={360} />
            ) : null
          ) : rows.length === 0 ? (
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
        {rows.length === 0 ? null : (
          <p className="fact">{m.records_loaded({ loaded: formatCount(rows.length), count: formatCount(count) })}</p>
        )}
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
