import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { todayIn } from './days.ts';
import { firstLeadQuery, sitesQuery } from './queries.ts';
import { comparedDays, daysOf, hasDataFor, readScope, scopeToSearch } from './scope.ts';
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
  const compared = comparedDays(days, scope.compare);
  // Loaded with the frame. Undefined: not known, and nothing is left out for it.
  const firstLead = useQuery(firstLeadQuery).data;
  const firstDay = typeof firstLead === 'string' ? todayIn(timeZone, new Date(firstLead)) : firstLead;
  const isKnown = compared === null || firstDay === undefined || hasDataFor(compared, firstDay);
  return {
    scope,
    sites,
    site,
    timeZone,
    /** The site that numbers are of; undefined: all of them. */
    siteId: sites.length > 1 ? scope.site : undefined,
    today,
    days,
    /** What is compared with; null where nothing is, or where the data does not reach back so far. */
    previousDays: isKnown ? compared : null,
    /** The first day that has data, where the days to compare with are before it. */
    noDataBefore: isKnown ? null : firstDay,
  };
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
