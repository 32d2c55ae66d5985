import { queryOptions } from '@tanstack/react-query';
import { kilde } from './client.ts';

/** What the app needs of a site. */
export type Site = {
  id: string;
  name: string;
  domains: string[];
  isDefault: boolean;
  timeZone: string;
  consent: 'off' | 'required';
};

/** What several screens ask. What one feature alone asks is in its own folder. */

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: async ({ signal }): Promise<Site[]> => {
    const { data } = await kilde().GET('/api/v1/sites', { signal });
    return (data as { items: Site[] }).items;
  },
  staleTime: 10 * 60_000,
});

/** The moment of the first lead: before it there is nothing to compare with. Null: no lead yet. */
export const firstLeadQuery = queryOptions({
  queryKey: ['first-lead'],
  queryFn: async ({ signal }): Promise<string | null> => {
    const query = { sort: 'createdAt', limit: 1, columns: 'createdAt' } as never;
    const { data } = await kilde().GET('/api/v1/people', { params: { query }, signal });
    const [first] = (data as unknown as { items: Array<{ createdAt: string }> }).items;
    return first?.createdAt ?? null;
  },
  staleTime: 10 * 60_000,
});

export const attentionQuery = queryOptions({
  queryKey: ['attention'],
  queryFn: async ({ signal }) => (await kilde().GET('/api/v1/attention', { signal })).data!.items,
});
