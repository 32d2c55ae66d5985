import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import type { Field } from '../../ui/find/fields.ts';
import type { Board, Card, Lane, Money } from './model.ts';

/** How a board is shown. What is null is as the API has it. */
export type View = {
  groupBy: string | null;
  rows: string | null;
  totalsBy: string | null;
  sort: string | null;
  cardFields: readonly string[];
  where: string | null;
};

export const cardsAtOnce = 20;
const minutes = 60_000;

type RawCards = {
  items: Array<{
    id: string;
    title: string | null;
    subtitle: string | null;
    subgroup?: string | null;
    cardFields: Record<string, unknown>;
  }>;
  nextCursor: string | null;
};

function cardsOf({ items }: RawCards): Card[] {
  return items.map(({ id, title, subtitle, subgroup = null, cardFields }) => ({
    id,
    title: title ?? '',
    subtitle,
    group: subgroup,
    fields: cardFields,
  }));
}

const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));

/** The selection of a board: what it is of, and the layout that is saved with it. */
export type BoardSelection = {
  id: string;
  name: string;
  entity: Board['entity'];
  kind: string;
  memberCount: number | null;
  board: {
    groupBy: string;
    rows: string | null;
    totalsBy: string | null;
    cardFields: string[] | null;
    sort: Array<{ field: string; direction: 'asc' | 'desc' }> | null;
    collapsed: Array<string | null>;
  } | null;
};

export const boardSelectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['board-selection', id],
    queryFn: async ({ signal }) => {
      const { data } = await kilde().GET('/api/v1/selections/{id}', { params: { path: { id } }, signal });
      return data as unknown as BoardSelection;
    },
  });

export const boardSelectionsQuery = queryOptions({
  queryKey: ['selections', 'boards'],
  queryFn: async ({ signal }) => {
    const query = { sort: 'name', limit: 200 };
    const { data } = await kilde().GET('/api/v1/selections', { params: { query: query as never }, signal });
    return (data as unknown as { items: BoardSelection[] }).items;
  },
});

const viewParameters = ({ groupBy, rows, sort, cardFields, where }: View): Record<string, unknown> =>
  given({ groupBy, rows, sort, cardFields: cardFields.join(','), where, columnLimit: cardsAtOnce });

type RawBoard = {
  selection: { id: string; name: string; entity: Board['entity'] };
  groupBy: string;
  rows: string | null;
  totalsBy: string;
  count: number;
  columns: Array<{
    value: string | null;
    label: { en: string; no: string } | null;
    count: number;
    subgroups: Lane['groups'];
    totals: { deals: Array<{ open: Money; won: Money }>; by: Array<{ value: string | null; count: number }> };
    cards: RawCards;
  }>;
  columnsLeftOut: number;
};

export const boardQuery = ({ id, view }: { id: string; view: View }) =>
  queryOptions({
    queryKey: ['board', id, view],
    queryFn: async ({ signal }): Promise<Board> => {
      const query = { ...viewParameters(view), ...given({ totalsBy: view.totalsBy }) };
      const { data } = await kilde().GET('/api/v1/selections/{id}/board', {
        params: { path: { id }, query: query as never },
        signal,
      });
      const raw = data as unknown as RawBoard;
      return {
        name: raw.selection.name,
        entity: raw.selection.entity,
        groupBy: raw.groupBy,
        rows: raw.rows,
        totalsBy: raw.totalsBy,
        count: raw.count,
        sum: [],
        weighted: [],
        leftOut: raw.columnsLeftOut,
        lanes: raw.columns.map((column) => ({
          key: column.value ?? '',
          name: column.label?.[getLocale() === 'nb' ? 'no' : 'en'] ?? column.value ?? m.board_without(),
          count: column.count,
          sum: column.totals.deals.map(({ open }) => open).filter(isSome),
          weighted: column.totals.deals.map(({ won }) => won).filter(isSome),
          status: null,
          probability: null,
          totals: column.totals.by.map((total) => ({ ...total, sum: [] })),
          groups: column.subgroups,
          cards: cardsOf(column.cards),
          cursor: column.cards.nextCursor,
        })),
      };
    },
  });

const isSome = ({ amount }: Money): boolean => Number(amount) !== 0;

export async function readMoreCards({ id, view, lane }: { id: string; view: View; lane: Lane }) {
  const query = { ...viewParameters(view), column: lane.key, cursor: lane.cursor };
  const { data } = await kilde().GET('/api/v1/selections/{id}/board/cards', {
    params: { path: { id }, query: query as never },
  });
  const raw = data as unknown as RawCards;
  return { cards: cardsOf(raw), cursor: raw.nextCursor };
}

/** How a board of deals is shown. */
export type DealView = {
  groupBy: 'stage' | 'owner';
  pipelineId: string | null;
  totalsBy: string | null;
  sort: string | null;
  cardFields: readonly string[];
  closedFrom: string | null;
};

const dealParameters = ({ groupBy, pipelineId, sort, cardFields, closedFrom }: DealView): Record<string, unknown> =>
  given({ groupBy, pipelineId, sort, cardFields: cardFields.join(','), closedFrom, columnLimit: cardsAtOnce });

type RawSums = { count: number; sum: Money[]; weightedSum: Money[] };
type RawDealBoard = RawSums & {
  groupBy: 'stage' | 'owner';
  totalsBy: string;
  pipeline: { id: string; name: string } | null;
  columns: Array<
    RawSums & {
      value: { id: string; name: string } | null;
      status: Lane['status'];
      probability: number | null;
      totals: { by: Array<RawSums & { value: string | null }> };
      cards: RawCards;
    }
  >;
};

export const dealBoardQuery = (view: DealView) =>
  queryOptions({
    queryKey: ['board', 'deals', view],
    queryFn: async ({ signal }): Promise<Board> => {
      const query = { ...dealParameters(view), ...given({ totalsBy: view.totalsBy }) };
      const { data } = await kilde().GET('/api/v1/deals/board', { params: { query: query as never }, signal });
      const raw = data as unknown as RawDealBoard;
      return {
        name: raw.pipeline?.name ?? m.nav_deals(),
        entity: 'deal',
        groupBy: raw.groupBy,
        rows: null,
        totalsBy: raw.totalsBy,
        count: raw.count,
        sum: raw.sum,
        weighted: raw.weightedSum,
        leftOut: 0,
        lanes: raw.columns.map(({ value, status, probability, count, sum, weightedSum, totals, cards }) => ({
          key: value?.id ?? '',
          name: value?.name ?? m.board_without_owner(),
          status,
          probability,
          count,
          sum,
          weighted: weightedSum,
          totals: totals.by,
          groups: [],
          cards: cardsOf(cards),
          cursor: cards.nextCursor,
        })),
      };
    },
  });

export async function readMoreDeals({ view, lane }: { view: DealView; lane: Lane }) {
  const query = { ...dealParameters(view), column: lane.key, cursor: lane.cursor };
  const { data } = await kilde().GET('/api/v1/deals/board/cards', { params: { query: query as never } });
  const raw = data as unknown as RawCards;
  return { cards: cardsOf(raw), cursor: raw.nextCursor };
}

export const pipelinesQuery = queryOptions({
  queryKey: ['pipelines'],
  queryFn: async ({ signal }) => (await kilde().GET('/api/v1/pipelines', { signal })).data!.items,
  staleTime: 10 * minutes,
});

/** Deals whose lead nobody knows, with whom each may belong to. */
export const suggestionsQuery = queryOptions({
  queryKey: ['deal-suggestions'],
  queryFn: async ({ signal }) => {
    const query = { limit: 20, count: true };
    const { data } = await kilde().GET('/api/v1/deals/suggestions', { params: { query: query as never }, signal });
    return data as unknown as { items: Unlinked[]; count: number };
  },
});

type Lead = { person: { id: string; name: string | null; email: string | null } | null; company: Company | null };
type Company = { id: string; name: string | null; domain: string | null };
export type Unlinked = {
  id: string;
  name: string | null;
  externalId: string;
  amount: number | string | null;
  currency: string;
  waitsFor: { email: string | null; companyDomain: string | null } | null;
  suggestion: (Lead & { reasons: string[] }) | null;
  refused: Lead[];
};

/** A value of a field as people read it: a reference by its name. */
export function valueWords(value: string | null, field: Field | undefined): string {
  if (value === null) return m.board_without();
  const known = field?.values?.find((one) => one.value === value);
  return known?.label[getLocale() === 'nb' ? 'no' : 'en'] ?? value;
}
