import { Menu, Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { keepScope } from '../api/scope.ts';
import type { Search } from '../api/search.ts';
import { useScope, useSetSearch } from '../api/use-scope.ts';
import { m } from '../paraglide/messages.js';
import { formatDayOfYear } from '../ui/format.ts';
import { Drop, Icon } from '../ui/icon.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ScopePanel } from './scope-panel.tsx';
import { comparisonLabel, creditLabel, periodLabel } from './scope-words.ts';
import { screens } from './screens.ts';
import type { Screen } from './screens.ts';

type ScopeState = { isOpen: boolean; onOpen: () => void; onClose: () => void };

export function Bar({
  hasScope,
  scopeState,
  onSearch,
  onHelp,
}: {
  hasScope: boolean;
  scopeState: ScopeState;
  onSearch: () => void;
  onHelp: () => void;
}) {
  return (
    <header className="bar desk">
      <FoldedNavigation />
      <SiteMenu />
      {hasScope ? <ScopeButtons {...scopeState} /> : null}
      <button type="button" className="btn search" onClick={onSearch}>
        <Icon shape="search" />
        {m.search_open()}
        <kbd>{/Mac|iP/.test(navigator.platform) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <AccountMenu onHelp={onHelp} />
    </header>
  );
}

/** The navigation, folded to a button where the window is narrow. */
function FoldedNavigation() {
  const search = keepScope(useSearch({ strict: false }));
  return (
    <Menu position="bottom-start" offset={4} classNames={{ dropdown: 'pop menu' }}>
      <Menu.Target>
        <button type="button" className="btn quiet fold" aria-label={m.nav_main()}>
          <Icon shape="menu" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {screens.map(({ path, label }) => (
          <Menu.Item
            key={path}
            className="opt"
            renderRoot={(props) => <Link to={path} search={search as never} {...props} />}
          >
            {label()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function SiteMenu() {
  const { scope, sites, site } = useScope();
  const setSearch = useSetSearch();
  if (site === undefined) return null;
  const isOfAll = sites.length > 1 && scope.site === undefined;
  const name = isOfAll ? m.bar_all_sites() : (site.domains[0] ?? site.name);
  const words = (
    <>
      <span className="q">{m.bar_site()}</span> <span className="v">{name}</span>
    </>
  );
  if (sites.length === 1) return <span className="btn quiet still">{words}</span>;
  return (
    <Menu position="bottom-start" offset={4} classNames={{ dropdown: 'pop menu' }}>
      <Menu.Target>
        <button type="button" className="btn quiet">
          {words}
          <Icon shape="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioItem
          value=""
          closeMenuOnClick
          className="opt"
          checkIcon={null}
          checked={isOfAll}
          onChange={() => setSearch({ site: undefined })}
        >
          {m.bar_all_sites()}
        </Menu.RadioItem>
        {sites.map(({ id, domains, name: siteName }) => (
          <Menu.RadioItem
            value={id}
            closeMenuOnClick
            key={id}
            className="opt"
            checkIcon={null}
            checked={id === scope.site}
            onChange={() => setSearch({ site: id })}
          >
            {domains[0] ?? siteName}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ScopeButtons({ isOpen, onOpen, onClose }: ScopeState) {
  const { scope, days, previousDays, noDataBefore } = useScope();
  const { attribution }: Search = useSearch({ strict: false });
  const isDesk = useMediaQuery('(min-width: 721px)');
  const toggle = isOpen ? onClose : onOpen;
  return (
    <Popover
      opened={isOpen && isDesk}
      onDismiss={onClose}
      position="bottom-start"
      offset={4}
      trapFocus
      returnFocus
      withRoles={false}
      classNames={{ dropdown: 'pop' }}
    >
      <Popover.Target>
        <div className="row tightly">
          {[
            { name: 'period', word: '', value: periodLabel(scope, days) },
            {
              name: 'compare',
              word: m.bar_versus(),
              value: noDataBefore === null ? comparisonLabel(scope.compare, previousDays) : m.bar_no_data(),
            },
            { name: 'credit', word: m.bar_credit(), value: creditLabel(attribution, scope.attribution) },
          ].map(({ name, word, value }) => (
            <button
              key={name}
              type="button"
              className="btn quiet"
              aria-haspopup="dialog"
              aria-expanded={isOpen}
              onClick={toggle}
            >
              {word === '' ? <span className="vh">{m.scope_period()}</span> : <span className="q">{word}</span>}
              <span className="v">{value}</span>
              <Icon shape="down" />
            </button>
          ))}
        </div>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={m.scope_title()}>
        <ScopePanel />
      </Popover.Dropdown>
    </Popover>
  );
}

/** The top of a phone: scope, or the name of the screen; and search. */
export function PhoneBar({
  hasScope,
  onScope,
  onSearch,
  current,
}: {
  hasScope: boolean;
  onScope: () => void;
  onSearch: () => void;
  current: Screen | undefined;
}) {
  const search = keepScope(useSearch({ strict: false }));
  return (
    <header className="bar phone row">
      <Link className="brand" to="/overview" search={search} aria-label="Kilde">
        <Drop size={22} />
      </Link>
      <span className="grow">{hasScope ? <PhoneScope onScope={onScope} /> : <PhoneBack current={current} />}</span>
      <button type="button" className="btn quiet" aria-label={m.search_open()} onClick={onSearch}>
        <Icon shape="search" />
      </button>
    </header>
  );
}

function PhoneScope({ onScope }: { onScope: () => void }) {
  const { scope, days } = useScope();
  const { attribution }: Search = useSearch({ strict: false });
  const period =
    days.from === null || scope.period === 'all'
      ? periodLabel(scope, days)
      : `${formatDayOfYear(days.from)} – ${formatDayOfYear(days.to)}`;
  return (
    <button type="button" className="btn quiet tight" aria-haspopup="dialog" onClick={onScope}>
      <span className="v cut">
        {period} · {creditLabel(attribution, scope.attribution)}
      </span>
      <Icon shape="down" />
    </button>
  );
}

/** Of a record: back to its list. */
function PhoneBack({ current }: { current: Screen | undefined }) {
  const router = useRouter();
  const isRecord = current !== undefined && router.state.location.pathname !== current.path;
  if (current === undefined || !isRecord) return null;
  return (
    <Link className="btn quiet tight" to={current.path}>
      <Icon shape="back" />
      <span className="v cut">{current.label()}</span>
    </Link>
  );
}
