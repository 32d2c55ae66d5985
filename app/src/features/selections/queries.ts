import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import type { All, Any, Condition } from '../../ui/find/criteria.ts';
import type { Sort } from '../../ui/find/use-find.ts';

export const entities = ['person', 'company', 'deal', 'submission'] as const;
export type Entity = (typeof entities)[number];

/** What the screens of selections need of one. */
export type Selection = {
  id: string;
  name: string;
  entity: Entity;
  kind: 'static' | 'dynamic' | 'combined';
  where: Condition | null;
  combine: { first: Named; second: Named; op: CombineOperator } | null;
  description: string | null;
  owner: Named | null;
  visibility: 'shared' | 'private';
  /** Null where counting it would cost too much. */
  memberCount: number | null;
  columns: string[] | null;
  sort: Sort[] | null;
  board: object | null;
  /** What it was before it was made static. */
  frozenFrom: { kind: 'dynamic' | 'combined'; where: Condition | null; at: string | null } | null;
  createdAt: string;
};
type Named = { id: string; name: string };

/** In the order in which they are shown. */
export const combineOperators = ['onlyFirst', 'onlySecond', 'both', 'exactlyOne', 'any'] as const;
export type CombineOperator = (typeof combineOperators)[number];

export type ListAsked = { entity: Entity | null; text: string; sort: string };

export const selectionsQuery = ({ entity, text, sort }: ListAsked) =>
  queryOptions({
    queryKey: ['selections', { entity, text, sort }],
    queryFn: async ({ signal }) => {
      const filter = {
        ...(entity === null ? {} : { entity }),
        ...(text === '' ? {} : { 'name[contains]': text }),
      };
      const query = { filter, sort, limit: 200, count: true };
      const { data } = await kilde().GET('/api/v1/selections', { params: { query: query as never }, signal });
      return data as unknown as { items: Selection[]; nextCursor: string | null; count: number };
    },
  });

export const selectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['selection', id],
    queryFn: async ({ signal }) => {
      const { data, response } = await kilde().GET('/api/v1/selections/{id}', { params: { path: { id } }, signal });
      return { record: data as unknown as Selection, etag: response.headers.get('etag') };
    },
  });

export const growthQuery = (id: string) =>
  queryOptions({
    queryKey: ['selection-growth', id],
    queryFn: async ({ signal }) => {
      const { data } = await kilde().GET('/api/v1/selections/{id}/growth', { params: { path: { id } }, signal });
      return data!.items;
    },
  });

const inSelection = (id: string): Condition => ({ field: 'selection', op: 'inSelection', value: id });

/** The criteria of one way of combining two selections. */
export function whereOfCombination({
  firstId,
  secondId,
  op,
}: {
  firstId: string;
  secondId: string;
  op: CombineOperator;
}): All | Any {
  const [first, second] = [inSelection(firstId), inSelection(secondId)];
  const onlyFirst = { all: [first, { not: second }] };
  const onlySecond = { all: [second, { not: first }] };
  const criteria: Record<CombineOperator, All | Any> = {
    onlyFirst,
    onlySecond,
    both: { all: [first, second] },
    exactlyOne: { any: [onlyFirst, onlySecond] },
    any: { any: [first, second] },
  };
  return criteria[op];
}

/** The criteria of being a member. */
export function whereOfMembers(id: string): All {
  return { all: [inSelection(id)] };
}

/** How many each way of combining two selections holds, in one request; the counts of its branches are the answer. */
export const combinedQuery = ({ entity, firstId, secondId }: { entity: Entity; firstId: string; secondId: string }) =>
  queryOptions({
    queryKey: ['selections-combined', entity, firstId, secondId],
    queryFn: async ({ signal }) => {
      const where = { any: combineOperators.map((op) => whereOfCombination({ firstId, secondId, op })) };
      const { data } = await kilde().POST('/api/v1/segments/counts', { body: { entity, where } as never, signal });
      const { counts } = data as unknown as { counts: Array<{ location: string; count: number | null }> };
      return new Map(
        combineOperators.map((op, place) => [
          op,
          counts.find(({ location }) => location === `where.any[${place}]`)?.count ?? null,
        ]),
      );
    },
  });
