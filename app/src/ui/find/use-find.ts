import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { kilde, KildeProblem } from '../../api/client.ts';
import { complete, conditionsOf } from './criteria.ts';
import type { All, Any } from './criteria.ts';

export type FoundRow = { id: string } & Record<string, unknown>;
export type Sort = { field: string; direction: 'asc' | 'desc' };

const afterTypingMs = 250;
const pageSize = 200;

/** The rows of some criteria, page after page as they are scrolled to, the count, and how many are left after each line. */
export function useFind({
  entity,
  where,
  columns,
  sort,
}: {
  entity: 'person' | 'company' | 'deal';
  where: All | Any;
  columns: readonly string[];
  sort: Sort;
}) {
  // What is half built is not asked: the rows stay as they were.
  const [asked] = useDebouncedValue(complete(where), afterTypingMs);
  const hasWhere = conditionsOf(asked).length > 0;
  const rows = useInfiniteQuery({
    queryKey: ['find', entity, asked, columns, sort],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: async ({ pageParam, signal }) => {
      const body = {
        entity,
        columns: [...columns],
        sort: [sort],
        limit: pageSize,
        count: pageParam === null,
        ...(hasWhere ? { where: asked } : {}),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      const { data } = await kilde().POST('/api/v1/segments/query', { body: body as never, signal });
      return data as unknown as { items: FoundRow[]; nextCursor: string | null; count: number | null };
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const counted = useQuery({
    queryKey: ['find-counts', entity, asked],
    enabled: hasWhere,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { data } = await kilde().POST('/api/v1/segments/counts', {
        body: { entity, where: asked } as never,
        signal,
      });
      return data as unknown as { count: number; counts: Array<{ location: string; count: number | null }> };
    },
  });
  const counts = new Map<string, number>();
  if (hasWhere) {
    for (const { location, count } of counted.data?.counts ?? []) if (count !== null) counts.set(location, count);
  }
  return { rows, asked, hasWhere, counts, refused: refusalsOf(rows.error), count: rows.data?.pages[0]?.count ?? null };
}

/** What the API refused, by its place in the tree. */
function refusalsOf(error: Error | null): Map<string, string> {
  if (!(error instanceof KildeProblem)) return new Map();
  return new Map(
    error.errors
      .filter(({ location }) => location.startsWith('body.where'))
      .map(({ location, message }) => [
        location.slice('body.'.length).replace(/\.(?:field|op|value)(?:\[\d+\])?$/, ''),
        message,
      ]),
  );
}
