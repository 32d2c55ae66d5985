import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { todayIn } from './days.ts';
import { sitesQuery } from './queries.ts';
import { comparedDays, daysOf, readScope, scopeToSearch } from './scope.ts';
import type { Scope } from './scope.ts';
import type { Search } from './search.ts';

/** The scope of the address, with its days by the clocks of its site. */
export function useScope() {
  const search: Search = useSearch({ strict: false });
  const { data: sites } = useSuspenseQuery(sitesQuery);
  const scope = readScope(search);
  const site = sites.find(({ id }) => id === scope.site) ?? sites.find(({ isDefault }) => isDefault) ?? sites[0];
  const timeZone = site?.timeZone ?? 'UTC';
  const today = todayIn(timeZone);
  const days = daysOf(scope, today);
  return { scope, sites, site, timeZone, today, days, previousDays: comparedDays(days, scope.compare) };
}

/** Changes a part of the address. Opening something pushes; what is typed or chosen in a panel replaces. */
export function useSetSearch() {
  const navigate = useNavigate();
  return (patch: Search, { replace = false }: { replace?: boolean } = {}): void => {
    void navigate({ to: '.', search: (before: Search) => ({ ...before, ...patch }), replace } as never);
  };
}

export function useSetScope() {
  const setSearch = useSetSearch();
  return (patch: Partial<Scope>): void => setSearch(scopeToSearch(patch), { replace: true });
}
