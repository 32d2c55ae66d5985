import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';

/** The newest open form that somebody made; the demo's form is none. */
export const newestFormQuery = queryOptions({
  queryKey: ['newest-form'],
  queryFn: async ({ signal }) => {
    const query = { sort: '-createdAt', limit: 10 };
    const { items } = (await kilde().GET('/api/v1/forms', { params: { query }, signal })).data!;
    return items.find(({ id, enabled, closesAt }) => id !== 'demo' && enabled && closesAt === null) ?? null;
  },
});
export type Form = NonNullable<Awaited<ReturnType<NonNullable<(typeof newestFormQuery)['queryFn']>>>>;

/** The newest person that came since a moment. */
export const newestLeadQuery = (since: string) =>
  queryOptions({
    queryKey: ['newest-lead', since],
    queryFn: async ({ signal }) => {
      const query = { filter: { 'createdAt[after]': since }, sort: '-createdAt', limit: 1 };
      return (await kilde().GET('/api/v1/people', { params: { query }, signal })).data!.items[0] ?? null;
    },
  });
