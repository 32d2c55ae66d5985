import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { attentionQuery } from '../api/queries.ts';
import { keepScope } from '../api/scope.ts';
import { m } from '../paraglide/messages.js';
import { formatCount } from '../ui/format.ts';
import { Drop } from '../ui/icon.tsx';
import { footScreens, screens } from './screens.ts';
import type { Screen } from './screens.ts';

/** How many things each screen has to mend, by its path. A kind that counts something else counts as one. */
function useNeeds(): Map<string, number> {
  const { data } = useQuery(attentionQuery);
  const needs = new Map<string, number>();
  const countable = new Set(['quarantine', 'dealsWithoutLead', 'newSpellings']);
  for (const { href, kind, count } of data ?? []) {
    const [, path] = /^\/app(\/\w+)/.exec(href) ?? [];
    if (path !== undefined) needs.set(path, (needs.get(path) ?? 0) + (countable.has(kind) ? count : 1));
  }
  return needs;
}

const groups = ['reports', 'records', 'capture', 'rest'] as const;

export function Navigation({ current, who }: { current: Screen | undefined; who: string | undefined }) {
  const search = keepScope(useSearch({ strict: false }));
  const needs = useNeeds();
  const headOf = { reports: null, records: m.nav_records(), capture: m.nav_capture(), rest: null };
  return (
    <nav className="nav desk" aria-label={m.nav_main()}>
      <Link className="brand" to="/overview" search={search}>
        <Drop />
        Kilde
      </Link>
      {groups
        .filter((group) => screens.some((screen) => screen.group === group))
        .map((group) => (
          <div key={group} role="presentation">
            {headOf[group] === null ? <p className="gap" /> : <p className="group">{headOf[group]}</p>}
            {screens
              .filter((screen) => screen.group === group)
              .map((screen) => (
                <Link
                  key={screen.path}
                  className="item"
                  to={screen.path}
                  search={search}
                  activeProps={{}}
                  activeOptions={{ exact: true }}
                  aria-current={screen === current ? 'page' : undefined}
                >
                  {screen.label()}
                  <NavigationKey screen={screen} need={needs.get(screen.path)} />
                </Link>
              ))}
          </div>
        ))}
      {who === undefined ? null : (
        <div className="foot">
          <span>{who}</span>
        </div>
      )}
    </nav>
  );
}

function NavigationKey({ screen, need }: { screen: Screen; need: number | undefined }) {
  if (need === undefined) {
    return (
      <span className="k" aria-hidden="true">
        G {screen.key.toUpperCase()}
      </span>
    );
  }
  return (
    <span className="k need">
      <span aria-hidden="true">{formatCount(need)}</span>
      <span className="vh">{m.nav_needs({ count: formatCount(need) })}</span>
    </span>
  );
}

/** The foot of a phone. */
export function PhoneFoot({ current, isMore }: { current: Screen | undefined; isMore: boolean }) {
  const search = keepScope(useSearch({ strict: false }));
  const isElsewhere = isMore || (current !== undefined && !footScreens.includes(current));
  return (
    <nav className="tabbar" aria-label={m.nav_phone()}>
      {footScreens.map((screen) => (
        <Link
          key={screen.path}
          to={screen.path}
          search={search}
          activeProps={{}}
          activeOptions={{ exact: true }}
          aria-current={screen === current ? 'page' : undefined}
        >
          {screen.label()}
        </Link>
      ))}
      <Link to="/more" search={search} activeProps={{}} aria-current={isElsewhere ? 'page' : undefined}>
        {m.nav_more()}
      </Link>
    </nav>
  );
}
