import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isProblem, kilde } from '../../api/client.ts';
import { selectionQuery } from './queries.ts';
import type { Selection } from './queries.ts';

/** What may be changed of a selection. */
export type Changes = Partial<Pick<Selection, 'name' | 'description' | 'visibility' | 'where' | 'columns' | 'sort'>> & {
  ownerId?: string | null;
  combine?: { firstId: string; secondId: string; op: string };
};

/** What gives back what is there before a change. */
export function changesBack(before: Selection, changes: Changes): Changes {
  const { name, description, visibility, where, columns, sort, owner, combine } = before;
  const known: Changes = {
    name,
    description,
    visibility,
    where,
    columns,
    sort,
    ownerId: owner?.id ?? null,
    ...(combine === null
      ? {}
      : { combine: { firstId: combine.first.id, secondId: combine.second.id, op: combine.op } }),
  };
  return Object.fromEntries(Object.keys(changes).map((name) => [name, known[name as keyof Changes]])) as Changes;
}

/**
 * Saves changes of a selection. Where somebody else changed the same meanwhile it is refused (`precondition_failed`); members that came and
 * went since, or another part of it, are no reason. `isForced` saves over what they did.
 */
export function useSave(id: string) {
  const client = useQueryClient();
  const query = selectionQuery(id);
  const send = async (changes: Changes, etag: string | null): Promise<unknown> =>
    kilde().PATCH('/api/v1/selections/{id}', {
      params: { path: { id } },
      body: changes as never,
      ...(etag === null ? {} : { headers: { 'If-Match': etag } }),
    });
  return useMutation({
    mutationFn: async ({ changes, isForced = false }: { changes: Changes; isForced?: boolean }) => {
      const before = client.getQueryData(query.queryKey);
      try {
        return await send(changes, isForced ? null : (before?.etag ?? null));
      } catch (error) {
        if (!isProblem(error, 'precondition_failed') || before === undefined) throw error;
        const now = await client.fetchQuery({ ...query, staleTime: 0 });
        const [theirs, mine] = [now, before].map(({ record }) => JSON.stringify(changesBack(record, changes)));
        if (theirs !== mine) throw error;
        return send(changes, now.etag);
      }
    },
    onSuccess: async () => {
      await Promise.all(
        [query.queryKey, ['selections'], ['find']].map(async (queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
  });
}
