import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { kilde, KildeProblem } from '../../api/client.ts';
import { useMemo, useRef } from 'react';
import { complete, conditionsOf } from './criteria.ts';
import type { All, Any } from './criteria.ts';

export type FoundRow = { id: string } & Record<string, unknown>;
export type Sort = { field: string; direction: 'asc' | 'desc' };

const afterTypingMs = 400;
const pageSize = 200;

/**
 * The rows of some criteria, page after page as they are scrolled to, the count, and how many are left after each line. While a value is
 * being typed, half a word may find nothing: then the last rows stay, and `isBusy` says that they are not the answer.
 */
export function useFind({
  entity,
  where,
  columns,
  sort,
  isTyping,
}: {
  entity: 'person' | 'company' | 'deal';
  where: All | Any;
  columns: readonly string[];
  sort: Sort;
  isTyping: boolean;
}) {
  // What is half built is not asked: the rows stay as they were. As text, since the same criteria are a new object each time.
  const wanted = JSON.stringify(complete(where));
  const [rested] = useDebouncedValue(wanted, isTyping ? afterTypingMs : 0);
  const text = isTyping ? rested : wanted;
  const asked = useMemo(() => JSON.parse(text) as All | Any, [text]);
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
  const isHeld = isTyping && rows.data?.pages[0]?.items.length === 0;
  const last = useRef(rows.data);
  if (!isHeld) last.current = rows.data;
  const shown = last.current;
  return {
    rows,
    items: shown?.pages.flatMap(({ items }) => items) ?? null,
    count: shown?.pages[0]?.count ?? null,
    isBusy: isHeld || text !== wanted || rows.isPlaceholderData,
    asked,
    hasWhere,
    counts,
    refused: refusalsOf(rows.error),
  };
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
