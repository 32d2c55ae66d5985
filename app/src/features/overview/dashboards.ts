import { queryOptions } from '@tanstack/react-query';
import { kilde } from '../../api/client.ts';
import type { Search } from '../../api/search.ts';

export type Dashboard = {
  id: string;
  name: string;
  visibility: 'shared' | 'private';
  isDefault: boolean;
  builtIn: boolean;
};

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards'],
  queryFn: async ({ signal }) => {
    const { data } = await kilde().GET('/api/v1/dashboards', { params: { query: { limit: 100 } as never }, signal });
    return (data as unknown as { items: Dashboard[] }).items;
  },
});

const storeName = 'kilde.dashboard';

/** The dashboard of the address, else the one that this person saved for themselves, else everybody's. */
export function dashboardOf(search: Search): string {
  return search['dashboard'] ?? localStorage.getItem(storeName) ?? 'default';
}

/** Which dashboard opens for this person when the address names none; null: everybody's. */
export function rememberDashboard(id: string | null): void {
  if (id === null) localStorage.removeItem(storeName);
  else localStorage.setItem(storeName, id);
}
