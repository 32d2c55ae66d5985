import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem, kilde } from '../../api/client.ts';
import { categoriesQuery, leadStatusesQuery } from '../../api/records.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { fieldsOf, fieldsQuery } from '../../ui/find/fields.ts';
import type { Field } from '../../ui/find/fields.ts';
import { labelOf } from '../../ui/find/words.ts';
import { formatCount } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { categoryOnClose, categorySentence } from './automation.ts';
import type { Category } from './automation.ts';
import { BoardView, nameOf } from './board-view.tsx';
import { CloseDialog } from './close-dialog.tsx';
import type { Closing } from './close-dialog.tsx';
import { CountedValues, DealMoney } from './lane-facts.tsx';
import { readSort } from './model.ts';
import type { Board, Card, Lane } from './model.ts';
import { OutcomeBar } from './outcome-bar.tsx';
import { boardQuery, boardSelectionQuery, readMoreCards } from './queries.ts';
import type { BoardSelection, View } from './queries.ts';
import { CardFieldsPick, Pick, sortChoices } from './toolbar.tsx';
import { useMoves } from './use-moves.ts';

type Entity = Board['entity'];

const usual: Record<
  Entity,
  { groupBy: string; cardFields: string[]; totalsBy: string; byTime: string; byName: string }
> = {
  person: {
    groupBy: 'leadStatus',
    cardFields: ['createdAt', 'firstTouch.source', 'leadCreation.source'],
    totalsBy: 'firstTouch.source',
    byTime: 'createdAt',
    byName: 'lastName',
  },
  company: {
    groupBy: 'category',
    cardFields: ['createdAt', 'companySource.firstTouch.source', 'companySource.leadCreation.source', 'owner'],
    totalsBy: 'companySource.firstTouch.source',
    byTime: 'createdAt',
    byName: 'name',
  },
  deal: {
    groupBy: 'stage',
    cardFields: ['createdAt', 'amount', 'currency', 'person.firstTouch.source', 'owner'],
    totalsBy: 'person.firstTouch.source',
    byTime: 'createdAt',
    byName: 'name',
  },
  submission: {
    groupBy: 'form',
    cardFields: ['at', 'touch.source', 'touch.campaign'],
    totalsBy: 'touch.source',
    byTime: 'at',
    byName: 'form',
  },
};

/** Fields that a move writes; those that cannot be left empty do not take a card without a value. */
const movable: Record<Entity, Record<string, { canBeEmpty: boolean }>> = {
  person: { leadStatus: { canBeEmpty: false }, owner: { canBeEmpty: true }, country: { canBeEmpty: true } },
  company: { category: { canBeEmpty: true }, owner: { canBeEmpty: true }, country: { canBeEmpty: true } },
  deal: { owner: { canBeEmpty: true }, stage: { canBeEmpty: false } },
  submission: {},
};

/** What the sentence about a move is made of, beside what is shown. */
const hidden: Record<Entity, string[]> = {
  person: ['company.category', 'company.categoryGroup'],
  company: [],
  deal: ['company.category', 'company.categoryGroup', 'person', 'company', 'closedAt', 'lostReason', 'stage'],
  submission: ['person'],
};

const money = 'deals';

/** A selection as columns of cards. */
export function SelectionBoardPage() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  const selection = useQuery(boardSelectionQuery(id));
  const fields = useQuery(fieldsQuery);
  if (isProblem(selection.error, 'not_found')) {
    return (
      <Page title={m.nav_boards()}>
        <section className="panel">
          <Empty
            title={m.selections_gone()}
            actions={
              <Link className="btn sm primary" to="/boards">
                {m.nav_boards()}
              </Link>
            }
          >
            {m.selections_gone_why()}
          </Empty>
        </section>
      </Page>
    );
  }
  if (selection.data === undefined || selection.data.id !== id || fields.data === undefined) {
    return (
      <Page title={m.nav_boards()}>
        <Answer asked={{ ...(selection.data === undefined ? selection : fields), data: undefined }} height={560}>
          {() => null}
        </Answer>
      </Page>
    );
  }
  const { entity } = selection.data;
  return <KnownBoard key={id} selection={selection.data} fields={fieldsOf(fields.data, entity)} />;
}

/** The layout of the address, else the saved one, else the usual one. */
function useLayout(selection: BoardSelection) {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const { entity, board } = selection;
  const { groupBy, cardFields, totalsBy, byTime } = usual[entity];
  const sorted = board?.sort?.[0];
  const saved = {
    groupBy: board?.groupBy ?? groupBy,
    rows: board?.rows ?? '',
    totalsBy: board?.totalsBy ?? totalsBy,
    cardFields: board?.cardFields ?? cardFields,
    sort: sorted === undefined ? `-${byTime}` : `${sorted.direction === 'desc' ? '-' : ''}${sorted.field}`,
  };
  const layout = {
    groupBy: search['groupBy'] ?? saved.groupBy,
    rows: search['rows'] === 'none' ? '' : (search['rows'] ?? saved.rows),
    totalsBy: search['totalsBy'] ?? saved.totalsBy,
    cardFields: search['cardFields']?.split(',').filter(Boolean) ?? saved.cardFields,
    sort: search['sort'] ?? saved.sort,
  };
  const names = Object.keys(layout) as Array<keyof typeof layout>;
  return {
    layout,
    where: search['where'] ?? null,
    isChanged: names.some((name) => String(layout[name]) !== String(saved[name])),
    set: (name: keyof typeof layout, value: string): void => {
      const isSaved = value === String(saved[name]);
      setSearch({ [name]: isSaved ? undefined : value === '' ? 'none' : value }, { replace: true });
    },
    forget: (): void => setSearch(Object.fromEntries(names.map((name) => [name, undefined])), { replace: true }),
    forgetWhere: (): void => setSearch({ where: undefined }),
  };
}

function KnownBoard({ selection, fields }: { selection: BoardSelection; fields: Field[] }) {
  const { id, name, entity, kind } = selection;
  const { today } = useScope();
  const view = useLayout(selection);
  const { layout } = view;
  const statuses = useQuery({ ...leadStatusesQuery, enabled: entity === 'person' }).data ?? [];
  const categories = (useQuery({ ...categoriesQuery, enabled: entity !== 'submission' }).data ?? []) as Category[];
  const sort = readSort(layout.sort);
  const asked: View = {
    groupBy: layout.groupBy,
    rows: layout.rows || null,
    totalsBy: layout.totalsBy === money ? null : layout.totalsBy,
    sort: layout.sort,
    cardFields: [...new Set([...layout.cardFields, ...hidden[entity], sort.field])],
    where: view.where,
  };
  const query = boardQuery({ id, view: asked });
  const board = useQuery(query);
  const client = useQueryClient();
  const groupField = fields.find((field) => field.name === layout.groupBy);
  const way = movable[entity][layout.groupBy];
  const isStage = entity === 'deal' && layout.groupBy === 'stage';
  const [closing, setClosing] = useState<{ card: Card; from: Lane; to: Lane; status: 'won' | 'lost' } | null>(null);
  const stages = useStageStatus(isStage);

  const moves = useMoves<Closing>({
    queryKey: query.queryKey,
    sort,
    send: async ({ card, from, to }, extra) =>
      isStage
        ? kilde().POST('/api/v1/deals/board/move', {
            body: { id: card.id, field: 'stage', from, to, ...extra } as never,
          })
        : kilde().POST('/api/v1/selections/{id}/board/move', {
            params: { path: { id } },
            body: { id: card.id, field: layout.groupBy, from: from || null, to: to || null } as never,
          }),
    readNow: async (card) => readValue({ entity, id: card.id, field: layout.groupBy }),
  });
  const alsoSets = (lane: Lane, card: Card): string | null => {
    if (entity === 'person' && layout.groupBy === 'leadStatus') {
      const sets = statuses.find((status) => status.name === lane.key)?.setsCategory;
      const category = categories.find((one) => one.id === sets?.id);
      return categorySentence({ card, hasCompany: card.subtitle !== null, category });
    }
    if (entity === 'company' && layout.groupBy === 'category') {
      const category = categories.find((one) => one.name === lane.key);
      return category?.resetsLeadStatus ? m.board_also_resets() : null;
    }
    const status = stages.get(lane.key);
    if (!isStage || status === undefined || status === 'open') return null;
    const hasCompany = card.fields['company'] != null;
    return categorySentence({ card, hasCompany, category: categoryOnClose(categories, status) });
  };
  const onMove = ({ card, from, to }: { card: Card; from: Lane; to: Lane }): void => {
    const status = stages.get(to.key);
    if (isStage && (status === 'won' || status === 'lost')) setClosing({ card, from, to, status });
    else void moves.move({ card, from: from.key, to: to.key });
  };
  const groupable = fields.filter(({ name: one, groupable: can }) => can && !/(^|\.)id$/.test(one));
  const choices = groupable.map((field) => ({ value: field.name, label: labelOf(field) }));
  const totalsField = fields.find((field) => field.name === board.data?.totalsBy);
  return (
    <Page
      title={name}
      beside={
        <span className="mini">
          {m.board_about({
            count: countWords(entity, board.data?.count ?? selection.memberCount ?? 0),
            kind: kindWords(kind),
          })}
        </span>
      }
      actions={
        <>
          <SaveLayout selection={selection} layout={layout} isChanged={view.isChanged} onSaved={view.forget} />
          <span className="seg">
            <Link to="/selections/$id" params={{ id }} activeProps={{}} activeOptions={{ exact: true }}>
              {m.board_as_list()}
            </Link>
            <Link to="." aria-current="page" activeProps={{}}>
              {m.selections_board()}
            </Link>
          </span>
        </>
      }
    >
      <div className="row board-tools">
        <Pick
          what={m.board_columns()}
          value={layout.groupBy}
          choices={choices}
          onChoose={(value) => view.set('groupBy', value)}
        />
        <Pick
          what={m.board_rows()}
          className="desk"
          value={layout.rows}
          choices={[{ value: '', label: m.board_none() }, ...choices.filter(({ value }) => value !== layout.groupBy)]}
          onChoose={(value) => view.set('rows', value)}
        />
        <Pick
          what={m.board_sort()}
          className="desk"
          value={layout.sort}
          choices={sortChoices(fields, layout.cardFields, usual[entity].byTime, usual[entity].byName)}
          onChoose={(value) => view.set('sort', value)}
        />
        <CardFieldsPick
          fields={fields.filter(({ name: one }) => !/(^|\.)id$/.test(one))}
          shown={layout.cardFields}
          onChange={(names) => view.set('cardFields', names.join(','))}
        />
        <Pick
          what={m.board_total()}
          className="desk"
          value={layout.totalsBy}
          choices={[...(entity === 'submission' ? [] : [{ value: money, label: m.board_money() }]), ...choices]}
          onChoose={(value) => view.set('totalsBy', value)}
        />
        {view.where === null ? null : (
          <span className="chip">
            {m.board_filtered()}
            <button type="button" className="x" aria-label={m.board_filter_off()} onClick={view.forgetWhere}>
              ×
            </button>
          </span>
        )}
      </div>
      {way !== undefined || board.data === undefined ? null : (
        <p className="mini">
          {m.board_read_only({ field: groupField === undefined ? layout.groupBy : labelOf(groupField) })}
        </p>
      )}
      <Answer asked={board} height={560} lines={8}>
        {(data) => (
          <>
            <OutcomeBar
              outcome={moves.outcome}
              board={data}
              onClose={moves.close}
              onUndo={(move) => {
                const { closedAt, lostReason } = move.card.fields as { closedAt?: string; lostReason?: string };
                const wasClosed = isStage && stages.get(move.from) !== 'open' && closedAt != null;
                void moves.undo(
                  move,
                  wasClosed ? { closedAt, ...(lostReason == null ? {} : { lostReason }) } : undefined,
                );
              }}
            />
            <div className={board.isPlaceholderData ? 'dim' : undefined} aria-busy={board.isPlaceholderData}>
              <BoardView
                board={data}
                label={m.board_region({ field: groupField === undefined ? layout.groupBy : labelOf(groupField) })}
                sort={sort}
                fields={fields}
                shown={layout.cardFields}
                today={today}
                moveLabel={way === undefined || groupField === undefined ? null : labelOf(groupField)}
                canDrop={(lane) => lane.key !== '' || way?.canBeEmpty === true}
                canBeEmpty={way?.canBeEmpty === true}
                alsoSets={alsoSets}
                pathOf={(card) => pathOf(entity, card)}
                laneSum={() => null}
                laneFacts={(lane) =>
                  layout.totalsBy === money ? (
                    <DealMoney lane={lane} />
                  ) : (
                    <CountedValues lane={lane} field={totalsField} />
                  )
                }
                onMove={onMove}
                onMore={async (lane) => {
                  const { cards, cursor } = await readMoreCards({ id, view: asked, lane });
                  client.setQueryData<Board>(
                    query.queryKey,
                    (before) => before && withMore(before, lane.key, cards, cursor),
                  );
                }}
              />
            </div>
            {data.leftOut === 0 ? null : (
              <p className="mini">{m.board_left_out({ count: formatCount(data.leftOut) })}</p>
            )}
          </>
        )}
      </Answer>
      {closing === null ? null : (
        <CloseDialog
          name={nameOf(closing.card)}
          stage={closing.to.name}
          status={closing.status}
          today={today}
          also={alsoSets(closing.to, closing.card)}
          onClose={() => setClosing(null)}
          onDone={(extra) => {
            setClosing(null);
            void moves.move({ card: closing.card, from: closing.from.key, to: closing.to.key }, extra);
          }}
        />
      )}
    </Page>
  );
}

/** Whether a stage is open, won or lost, by its id. */
function useStageStatus(isAsked: boolean): Map<string, 'open' | 'won' | 'lost'> {
  const { data = [] } = useQuery({
    queryKey: ['pipelines'],
    enabled: isAsked,
    queryFn: async ({ signal }) => (await kilde().GET('/api/v1/pipelines', { signal })).data!.items,
  });
  return new Map(data.flatMap(({ stages }) => stages.map(({ id, status }) => [id, status] as const)));
}

export function withMore(board: Board, key: string, cards: Card[], cursor: string | null): Board {
  const lanes = board.lanes.map((lane) => {
    if (lane.key !== key) return lane;
    const known = new Set(lane.cards.map(({ id }) => id));
    return { ...lane, cards: [...lane.cards, ...cards.filter(({ id }) => !known.has(id))], cursor };
  });
  return { ...board, lanes };
}

export function pathOf(entity: Entity, { id, fields }: Card): string | null {
  if (entity === 'person') return `/people/${id}`;
  if (entity === 'company') return `/companies/${id}`;
  if (entity === 'deal') return `/deals/${id}`;
  // A submission leads to whom it came from.
  const person = (fields['person'] as { id?: string } | null)?.id;
  return person === undefined ? null : `/people/${person}`;
}

/** What a record has by now in the field that a move wanted to write. */
async function readValue({ entity, id, field }: { entity: Entity; id: string; field: string }): Promise<string | null> {
  const path = { params: { path: { id } } };
  const { data } =
    entity === 'person'
      ? await kilde().GET('/api/v1/people/{id}', path)
      : entity === 'company'
        ? await kilde().GET('/api/v1/companies/{id}', path)
        : await kilde().GET('/api/v1/deals/{id}', path);
  const value = (data as unknown as Record<string, { name?: string } | string | null>)[field];
  return typeof value === 'string' ? value : (value?.name ?? m.board_without());
}

export function countWords(entity: Entity, count: number): string {
  const shown = formatCount(count);
  return {
    person: m.people_count({ count: shown }),
    company: m.companies_count({ count: shown }),
    deal: m.deals_count({ count: shown }),
    submission: m.selections_submission_count({ count: shown }),
  }[entity];
}

export function kindWords(kind: string): string {
  if (kind === 'static') return m.selections_static();
  return kind === 'combined' ? m.selections_combined() : m.selections_dynamic();
}

/** The layout is kept with the selection, for everybody who sees it; the one before can be had back. */
function SaveLayout({
  selection,
  layout,
  isChanged,
  onSaved,
}: {
  selection: BoardSelection;
  layout: { groupBy: string; rows: string; totalsBy: string; cardFields: string[]; sort: string };
  isChanged: boolean;
  onSaved: () => void;
}) {
  const client = useQueryClient();
  const [before, setBefore] = useState<{ board: BoardSelection['board'] } | null>(null);
  const saved = useMutation({
    mutationFn: async (board: object | null) =>
      kilde().PATCH('/api/v1/selections/{id}', {
        params: { path: { id: selection.id } },
        body: { board } as never,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['board-selection', selection.id] });
      await client.invalidateQueries({ queryKey: ['selection', selection.id] });
      await client.invalidateQueries({ queryKey: ['selections'] });
    },
  });
  if (saved.error !== null) return <Failure error={saved.error} what={m.record_not_saved()} />;
  if (isChanged) {
    const { groupBy, rows, totalsBy, cardFields, sort } = layout;
    const board = {
      groupBy,
      rows: rows || null,
      totalsBy: totalsBy === money ? null : totalsBy,
      cardFields,
      sort: [readSort(sort)],
      collapsed: selection.board?.collapsed ?? [],
    };
    return (
      <button
        type="button"
        className="btn"
        disabled={saved.isPending}
        onClick={() =>
          saved.mutate(board, {
            onSuccess: () => {
              setBefore({ board: selection.board });
              onSaved();
            },
          })
        }
      >
        {m.board_save_layout()}
      </button>
    );
  }
  if (before === null) return null;
  return (
    <span className="row" role="status">
      <span className="mini">{m.board_layout_saved()}</span>
      <button
        type="button"
        className="btn"
        disabled={saved.isPending}
        onClick={() => saved.mutate(before.board, { onSuccess: () => setBefore(null) })}
      >
        {m.record_undo()}
      </button>
    </span>
  );
}
