import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { startOfMonth } from '../../api/days.ts';
import { categoriesQuery } from '../../api/records.ts';
import type { Search } from '../../api/search.ts';
import { useScope, useSetSearch } from '../../api/use-scope.ts';
import { m } from '../../paraglide/messages.js';
import { fieldsOf, fieldsQuery } from '../../ui/find/fields.ts';
import { labelOf } from '../../ui/find/words.ts';
import { formatCount, formatDayOfYear } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Answer } from '../../ui/states.tsx';
import { categoryOnClose, categorySentence } from './automation.ts';
import type { Category } from './automation.ts';
import { BoardView, nameOf } from './board-view.tsx';
import { CloseDialog } from './close-dialog.tsx';
import type { Closing } from './close-dialog.tsx';
import { moneyWords, StageFacts } from './lane-facts.tsx';
import { readSort } from './model.ts';
import type { Board, Card, Lane } from './model.ts';
import { OutcomeBar } from './outcome-bar.tsx';
import { dealBoardQuery, pipelinesQuery, readMoreDeals } from './queries.ts';
import type { DealView } from './queries.ts';
import { pathOf, withMore } from './selection-board-page.tsx';
import { CardFieldsPick, Pick, sortChoices } from './toolbar.tsx';
import { UnlinkedPanel } from './unlinked-panel.tsx';
import { useMoves } from './use-moves.ts';

const usual = {
  cardFields: ['createdAt', 'person.firstTouch.source', 'amount', 'currency', 'expectedCloseDate', 'closedAt'],
  totalsBy: 'person.firstTouch.source',
  sort: '-createdAt',
};
/** What a move, its undo and its sentence are made of, beside what is shown. */
const hidden = [
  'person',
  'person.firstName',
  'person.lastName',
  'company',
  'company.category',
  'company.categoryGroup',
  'closedAt',
  'lostReason',
];
const everything = 'all';

/** Deals by the stages of a pipeline, or by owner; below, those whose lead nobody knows. */
export function DealBoardPage() {
  const search: Search = useSearch({ strict: false });
  const setSearch = useSetSearch();
  const { today } = useScope();
  const client = useQueryClient();
  const groupBy = search['groupBy'] === 'owner' ? 'owner' : 'stage';
  const closedFrom = search['closedFrom'] ?? startOfMonth(today);
  const cardFields = search['cardFields']?.split(',').filter(Boolean) ?? usual.cardFields;
  const totalsBy = search['totalsBy'] ?? usual.totalsBy;
  const order = search['sort'] ?? usual.sort;
  const sort = readSort(order);
  const view: DealView = {
    groupBy,
    pipelineId: search['pipeline'] ?? null,
    totalsBy,
    sort: order,
    cardFields: [...new Set([...cardFields, ...hidden, sort.field])],
    closedFrom: closedFrom === everything ? null : closedFrom,
  };
  const query = dealBoardQuery(view);
  const board = useQuery(query);
  const allFields = useQuery(fieldsQuery);
  const fields = allFields.data === undefined ? [] : fieldsOf(allFields.data, 'deal');
  const pipelines = useQuery(pipelinesQuery).data ?? [];
  const categories = (useQuery(categoriesQuery).data ?? []) as Category[];
  const [closing, setClosing] = useState<{ card: Card; from: Lane; to: Lane; status: 'won' | 'lost' } | null>(null);
  const moves = useMoves<Closing>({
    queryKey: query.queryKey,
    sort,
    send: async ({ card, from, to }, extra) => {
      const ends = groupBy === 'stage' ? { from, to } : { from: from || null, to: to || null };
      return kilde().POST('/api/v1/deals/board/move', {
        body: { id: card.id, field: groupBy, ...ends, ...extra } as never,
      });
    },
    readNow: async ({ id }) => {
      const { data } = await kilde().GET('/api/v1/deals/{id}', { params: { path: { id } } });
      return (groupBy === 'stage' ? data?.stage.name : data?.owner?.name) ?? m.board_without_owner();
    },
  });
  const alsoSets = (lane: Lane, card: Card): string | null => {
    if (lane.status === null || lane.status === 'open') return null;
    const category = categoryOnClose(categories, lane.status);
    return categorySentence({ card, hasCompany: card.fields['company'] != null, category });
  };
  const set = (name: string, value: string, unset: string): void =>
    setSearch({ [name]: value === unset ? undefined : value }, { replace: true });
  const groupable = fields.filter(({ name, groupable: can }) => can && !/(^|\.)id$/.test(name));
  const totalsField = fields.find(({ name }) => name === totalsBy);
  const { data } = board;
  return (
    <Page
      title={
        data === undefined ? m.nav_deals() : groupBy === 'stage' ? m.board_pipeline({ name: data.name }) : m.nav_deals()
      }
      beside={
        data === undefined ? undefined : (
          <span className="mini">
            {m.board_deals_about({
              count: m.deals_count({ count: formatCount(data.count) }),
              sum: moneyWords(data.sum),
              weighted: moneyWords(data.weighted),
            })}
          </span>
        )
      }
      actions={
        <span className="seg">
          <Link to="/deals" activeProps={{}} activeOptions={{ exact: true }}>
            {m.board_as_list()}
          </Link>
          <Link to="." aria-current="page" activeProps={{}}>
            {m.selections_board()}
          </Link>
        </span>
      }
    >
      <div className="row board-tools">
        {pipelines.length < 2 ? null : (
          <Pick
            what={m.board_pipeline_of()}
            value={search['pipeline'] ?? pipelines.find(({ isDefault }) => isDefault)?.id ?? ''}
            choices={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
            onChoose={(value) => set('pipeline', value, '')}
          />
        )}
        <Pick
          what={m.board_columns()}
          value={groupBy}
          choices={[
            { value: 'stage', label: m.deal_stage() },
            { value: 'owner', label: m.owner() },
          ]}
          onChoose={(value) => set('groupBy', value, 'stage')}
        />
        <Pick
          what={m.board_sort()}
          className="desk"
          value={order}
          choices={sortChoices(fields, [...cardFields, 'expectedCloseDate'], 'createdAt', 'name')}
          onChoose={(value) => set('sort', value, usual.sort)}
        />
        <CardFieldsPick
          fields={fields.filter(({ name }) => !/(^|\.)id$/.test(name))}
          shown={cardFields}
          onChange={(names) => set('cardFields', names.join(','), usual.cardFields.join(','))}
        />
        <Pick
          what={m.board_total()}
          className="desk"
          value={totalsBy}
          choices={groupable.map((field) => ({ value: field.name, label: labelOf(field) }))}
          onChoose={(value) => set('totalsBy', value, usual.totalsBy)}
        />
        {closedFrom === everything ? (
          <button type="button" className="btn sm" onClick={() => setSearch({ closedFrom: undefined })}>
            {m.board_only_this_month()}
          </button>
        ) : (
          <span className="chip">
            {m.board_closed_from({ day: formatDayOfYear(closedFrom) })}
            <button
              type="button"
              className="x"
              aria-label={m.board_closed_all()}
              onClick={() => setSearch({ closedFrom: everything })}
            >
              <Icon shape="close" size={10} />
            </button>
          </span>
        )}
      </div>
      <Answer asked={board} height={560} lines={8}>
        {(shown) => (
          <>
            <OutcomeBar
              outcome={moves.outcome}
              board={shown}
              onClose={moves.close}
              onUndo={(move) => {
                const { closedAt, lostReason } = move.card.fields as {
                  closedAt?: string | null;
                  lostReason?: string | null;
                };
                const wasClosed = groupBy === 'stage' && closedAt != null;
                void moves.undo(
                  move,
                  wasClosed ? { closedAt, ...(lostReason == null ? {} : { lostReason }) } : undefined,
                );
              }}
            />
            <div className={board.isPlaceholderData ? 'dim' : undefined} aria-busy={board.isPlaceholderData}>
              <BoardView
                board={shown}
                label={m.board_region({ field: groupBy === 'stage' ? m.deal_stage() : m.owner() })}
                sort={sort}
                fields={fields}
                shown={cardFields}
                today={today}
                moveLabel={groupBy === 'stage' ? m.deal_stage() : m.owner()}
                canDrop={() => true}
                canBeEmpty={groupBy === 'owner'}
                alsoSets={alsoSets}
                pathOf={(card) => pathOf('deal', card)}
                asideOf={({ fields: values }) =>
                  values['person'] == null && values['company'] == null ? (
                    <p className="small-text warn-text cut">{m.board_no_lead()}</p>
                  ) : null
                }
                laneSum={({ sum }) => (sum.length === 0 ? null : ` · ${moneyWords(sum.slice(0, 1))}`)}
                laneFacts={(lane) => <StageFacts lane={lane} field={totalsField} />}
                onMove={({ card, from, to }) => {
                  if (to.status === 'won' || to.status === 'lost') setClosing({ card, from, to, status: to.status });
                  else void moves.move({ card, from: from.key, to: to.key });
                }}
                onMore={async (lane) => {
                  const { cards, cursor } = await readMoreDeals({ view, lane });
                  client.setQueryData<Board>(
                    query.queryKey,
                    (before) => before && withMore(before, lane.key, cards, cursor),
                  );
                }}
              />
            </div>
          </>
        )}
      </Answer>
      <UnlinkedPanel />
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
