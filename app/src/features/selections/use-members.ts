import { useQueryClient } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import type { All, Any } from '../../ui/find/criteria.ts';

/** Puts records into static selections and takes them out. */
export function useMembers() {
  const client = useQueryClient();
  const forget = async (): Promise<unknown> =>
    Promise.all(
      [['selection'], ['selections'], ['find'], ['selection-growth']].map(async (queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  return {
    /** Answers how many were not in it yet. */
    add: async (id: string, body: { ids: string[] } | { where: All | Any }): Promise<number> => {
      const path = { id };
      const { data } = await kilde().POST('/api/v1/selections/{id}/members', { params: { path }, body: body as never });
      await forget();
      return (data as unknown as { added: number }).added;
    },
    remove: async (id: string, ids: string[]): Promise<void> => {
      await kilde().DELETE('/api/v1/selections/{id}/members', { params: { path: { id } }, body: { ids } });
      await forget();
    },
  };
}
