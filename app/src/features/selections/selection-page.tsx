import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem, kilde } from '../../api/client.ts';
import type { Search } from '../../api/search.ts';
import { useSetSearch } from '../../api/use-scope.ts';
import { Spark } from '../../charts/spark.tsx';
import { m } from '../../paraglide/messages.js';
import { complete, isGroup, readWhere, writeWhere } from '../../ui/find/criteria.ts';
import type { All, Any, Condition } from '../../ui/find/criteria.ts';
import { fieldsOf, fieldsQuery } from '../../ui/find/fields.ts';
import { FindPanel } from '../../ui/find/find-panel.tsx';
import { useFind } from '../../ui/find/use-find.ts';
import type { Sort } from '../../ui/find/use-find.ts';
import { sentenceOf } from '../../ui/find/words.ts';
import { formatCount, formatDay } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { MoreActions } from '../../ui/records/more-actions.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { AddMembers } from './add-members.tsx';
import { CombineFields } from './combine-panel.tsx';
import type { Combination } from './combine-panel.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { FreezeDialog } from './freeze-dialog.tsx';
import { kindName, kinds } from './kinds.tsx';
import { MembersPanel } from './members-panel.tsx';
import {
  combineOperators,
  growthQuery,
  selectionQuery,
  selectionsQuery,
  whereOfCombination,
  whereOfMembers,
} from './queries.ts';
import type { Selection } from './queries.ts';
import { SaveBar } from './save-bar.tsx';
import type { Changes } from './use-save.ts';

/** Who is in a selection, and why. */
export function SelectionPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const asked = useQuery(selectionQuery(id));
  if (isProblem(asked.error, 'not_found')) {
    return (
      <Page title={m.selections_selection()}>
        <section className="panel">
          <Empty
            title={m.selections_gone()}
            actions={
              <Link className="btn sm primary" to="/selections">
                {m.nav_selections()}
              </Link>
            }
          >
            {m.selections_gone_why()}
          </Empty>
        </section>
      </Page>
    );
  }
  if (asked.data === undefined || asked.data.record.id !== id) {
    return (
      <Page title={m.selections_selection()}>
        <Answer asked={{ ...asked, data: undefined }} height={420}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  return <KnownSelection key={id} selection={asked.data.record} />;
}

type Open = 'edit' | 'delete' | 'freeze' | null;

function KnownSelection({ selection }: { selection: Selection }) {
  const { name, entity, kind } = selection;
  const [open, setOpen] = useState<Open>(null);
  const [isTyping, setTyping] = useState(false);
  const navigate = useNavigate();
  const view = useView(selection);
  const fields = useQuery(fieldsQuery);
  const always = kinds[entity].always;
  const found = useFind({
    entity: entity as 'person',
    where: view.where,
    columns: [...new Set([...always, ...view.columns])],
    sort: view.sort,
    isTyping,
  });
  const count = found.count ?? selection.memberCount ?? 0;
  const copied = useCopyHere(selection);
  const actions = [
    { label: m.selections_edit(), onChoose: () => setOpen('edit') },
    { label: m.selections_copy(), onChoose: () => copied.mutate() },
    ...(kind === 'static' ? [] : [{ label: m.selections_freeze(), onChoose: () => setOpen('freeze') }]),
    { label: m.selections_delete(), onChoose: () => setOpen('delete'), isDangerous: true },
  ];
  return (
    <Page
      title={name}
      crumb={<Link to="/selections">{m.nav_selections()}</Link>}
      about={<About selection={selection} count={count} />}
      actions={
        <>
          <Link className="btn" to="/selections/$id/board" params={{ id: selection.id }}>
            {m.selections_board()}
          </Link>
          <MoreActions label={m.selections_do_with({ name })} actions={actions} />
        </>
      }
    >
      {copied.error === null ? null : <Failure error={copied.error} what={m.selections_not_copied()} />}
      {kind === 'dynamic' ? (
        fields.data === undefined ? (
          <Answer asked={fields} height={90}>
            {() => null}
          </Answer>
        ) : (
          <FindPanel
            where={view.where}
            entity={entity}
            words={kinds[entity].words()}
            fields={fields.data}
            counts={found.counts}
            refused={found.refused}
            onChange={view.setWhere}
            onTyping={setTyping}
            aside={
              <p>
                <b className="figure">{formatCount(count)}</b>{' '}
                <span className="soft small">{kinds[entity].noun()}</span>
              </p>
            }
          />
        )
      ) : null}
      {kind === 'combined' ? <MadeOf selection={selection} value={view.combine!} onChange={view.setCombine} /> : null}
      {kind === 'static' ? <AddMembers selection={selection} fields={fields.data} /> : null}
      <SaveBar selection={selection} changes={view.changes} count={found.isBusy ? null : count} onSaved={view.forget} />
      <MembersPanel
        selection={selection}
        found={found}
        fields={fields.data === undefined ? [] : fieldsOf(fields.data, entity)}
        columns={view.columns}
        sort={view.sort}
        onColumns={view.setColumns}
        onSort={view.setSort}
      />
      {open === 'edit' ? <EditDialog selection={selection} onClose={() => setOpen(null)} /> : null}
      {open === 'freeze' ? <FreezeDialog selection={selection} onClose={() => setOpen(null)} /> : null}
      {open === 'delete' ? (
        <DeleteDialog
          selection={selection}
          onClose={() => setOpen(null)}
          onDeleted={() => void navigate({ to: '/selections' })}
        />
      ) : null}
    </Page>
  );
}

/** A copy as the selection is saved; it is opened. */
function useCopyHere({ id, name }: Selection) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async () => {
      const body = { name: m.selections_copy_of({ name }).slice(0, 200) };
      const { data } = await kilde().POST('/api/v1/selections/{id}/copy', { params: { path: { id } }, body });
      return data as unknown as Selection;
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['selections'] });
      await navigate({ to: '/selections/$id', params: { id: made.id } });
    },
  });
}

/** The outermost condition as a group, as the builder takes it. */
function groupOf(where: Condition | null): All | Any {
  if (where === null) return { all: [] };
  return isGroup(where) ? where : { all: [where] };
}

/**
 * What is shown: as it is saved, with what the address changes of it. Criteria, parts, columns and order that differ are not saved until
 * somebody says so.
 */
function useView(selection: Selection) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const { id, entity, kind } = selection;
  const usual = kinds[entity];
  const saved = {
    where: groupOf(selection.where),
    columns: selection.columns ?? usual.columns,
    sort: selection.sort?.[0] ?? usual.sort,
  };
  const draft = search['where'] === undefined ? saved.where : readWhere(search['where']);
  const columns = search['columns']?.split(',').filter(Boolean) ?? saved.columns;
  const sort = readSort(search['sort']) ?? saved.sort;
  const savedParts = selection.combine && {
    firstId: selection.combine.first.id,
    secondId: selection.combine.second.id,
    op: selection.combine.op,
  };
  const combine: Combination | null = savedParts && {
    firstId: search['first'] ?? savedParts.firstId,
    secondId: search['second'] ?? savedParts.secondId,
    op: combineOperators.find((one) => one === search['op']) ?? savedParts.op,
  };
  const isWhole = combine !== null && combine.firstId !== '' && combine.secondId !== '';
  const changes: Changes = {
    ...(kind === 'dynamic' && !isSame(complete(draft), saved.where) ? { where: complete(draft) } : {}),
    ...(isWhole && !isSame(combine, savedParts) ? { combine } : {}),
    ...(isSame(columns, saved.columns) ? {} : { columns: [...columns] }),
    ...(isSame(sort, saved.sort) ? {} : { sort: [sort] }),
  };
  const parts = isWhole && changes.combine !== undefined ? combine : null;
  return {
    where: kind === 'dynamic' ? draft : parts === null ? whereOfMembers(id) : whereOfCombination(parts),
    columns,
    sort,
    combine,
    changes,
    setWhere: (next: All | Any): void =>
      setSearch(
        { where: isSame(next, saved.where) ? undefined : (writeWhere(next) ?? '{"all":[]}') },
        { replace: true },
      ),
    setColumns: (next: string[]): void =>
      setSearch({ columns: isSame(next, saved.columns) ? undefined : next.join(',') }, { replace: true }),
    setSort: (next: Sort): void =>
      setSearch({ sort: isSame(next, saved.sort) ? undefined : writeSort(next) }, { replace: true }),
    setCombine: ({ firstId, secondId, op }: Combination): void =>
      setSearch({ first: firstId, second: secondId || undefined, op }, { replace: true }),
    forget: (): void =>
      setSearch(
        { where: undefined, columns: undefined, sort: undefined, first: undefined, second: undefined, op: undefined },
        { replace: true },
      ),
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function readSort(text: string | undefined): Sort | null {
  if (text === undefined || text === '') return null;
  return text.startsWith('-') ? { field: text.slice(1), direction: 'desc' } : { field: text, direction: 'asc' };
}

function writeSort({ field, direction }: Sort): string {
  return direction === 'desc' ? `-${field}` : field;
}

/** Below the title: what it is, who has it, and how it grew. */
function About({ selection, count }: { selection: Selection; count: number }) {
  const { id, entity, kind, description, owner, visibility, createdAt, frozenFrom } = selection;
  const growth = useQuery(growthQuery(id)).data ?? [];
  const fields = useQuery(fieldsQuery).data;
  const facts: Array<string | null> = [
    m.selections_facts({ kind: kindName(kind), count: kinds[entity].countWords(formatCount(count)) }),
    owner === null ? null : m.selections_owned({ name: owner.name }),
    visibility === 'private' ? m.selections_private() : m.selections_shared(),
    m.selections_made_on({ day: formatDay(createdAt.slice(0, 10)) }),
  ];
  const was = frozenFrom?.where && fields !== undefined ? sentenceOf(frozenFrom.where, fieldsOf(fields, entity)) : null;
  return (
    <>
      {description === null ? null : <p className="about">{description}</p>}
      <p className="mini row">
        <span>{facts.filter(Boolean).join(' · ')}</span>
        <Spark values={growth.map(({ memberCount }) => memberCount)} />
      </p>
      {was === null ? null : (
        <p className="mini">
          {m.selections_was({ day: formatDay((frozenFrom!.at ?? createdAt).slice(0, 10)), criteria: was })}
        </p>
      )}
    </>
  );
}

/** The two that a combined selection is made of. */
function MadeOf({
  selection,
  value,
  onChange,
}: {
  selection: Selection;
  value: Combination;
  onChange: (value: Combination) => void;
}) {
  const { id, entity, combine } = selection;
  const asked = useQuery(selectionsQuery({ entity, text: '', sort: 'name' }));
  return (
    <section className="panel" aria-label={m.combine_made_of()}>
      <header className="wraps">
        <h2>{m.combine_made_of()}</h2>
        <span className="mini">
          {[combine!.first, combine!.second].map((part, place) => (
            <span key={part.id}>
              {place === 0 ? null : ' · '}
              <Link className="under" to="/selections/$id" params={{ id: part.id }}>
                {part.name}
              </Link>
            </span>
          ))}
        </span>
      </header>
      <div className="in stack made-of">
        <Answer asked={asked} height={200}>
          {({ items }) => (
            <CombineFields
              selections={items.filter((one) => one.id !== id)}
              entity={entity}
              {...value}
              onChange={onChange}
            />
          )}
        </Answer>
      </div>
    </section>
  );
}
