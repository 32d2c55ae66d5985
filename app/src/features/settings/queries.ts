import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import type { Role } from '../../api/who.ts';

export type User = {
  id: string;
  name: string;
  email: string;
  role: Role;
  disabledAt: string | null;
  seenAt: string | null;
  createdAt: string;
};

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/users', { params: { query: { sort: 'name', limit: 1000 } }, signal });
    return data!.items;
  },
});

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/invitations', { params: { query: { limit: 1000 } }, signal });
    return data!.items;
  },
});

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: async ({ signal }) => (await kilde().GET('/api/auth/sessions', { signal })).data!.items,
});
