import { Outlet, useNavigate, useRouterState, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { keepScope } from '../api/scope.ts';
import type { Search } from '../api/search.ts';
import { recordBeside } from '../api/walked-list.ts';
import { useWho } from '../api/who.ts';
import { m } from '../paraglide/messages.js';
import { Bar, PhoneBar } from './bar.tsx';
import { useKeys } from './keys.ts';
import { Navigation, PhoneFoot } from './navigation.tsx';
import { OfflineStrip } from './offline-strip.tsx';
import { screenAt, screens } from './screens.ts';

const loadPalette = async () => import('./palette.tsx');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const Help = lazy(async () => ({ default: (await import('./help.tsx')).Help }));
const ScopeDrawer = lazy(async () => ({ default: (await import('./scope-drawer.tsx')).ScopeDrawer }));

const paletteAfterMs = 1_000;

type Open = 'search' | 'help' | 'scope' | null;

/** What stays from screen to screen: navigation, bar, keys, search. */
export function Frame() {
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const current = screenAt(pathname);
  const hasScope = current?.hasScope === true;
  // Whoever presses / types on at once: the search is there by then.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), paletteAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const close = (): void => setOpen(null);
  const openSearch = (): void => setOpen('search');
  const openHelp = (): void => setOpen('help');
  // Back leads to the list, however far one went.
  const walk = (step: 1 | -1): void => {
    const to = recordBeside(pathname, step);
    if (to !== null) void navigate({ to, replace: true } as never);
  };
  useKeys({
    openSearch,
    keys: {
      go: (letter) => {
        const screen = screens.find(({ key }) => key === letter);
        if (screen === undefined) return false;
        void navigate({ to: screen.path, search: keepScope(search) } as never);
        return true;
      },
      press: {
        '/': openSearch,
        '?': openHelp,
        j: () => walk(1),
        k: () => walk(-1),
        e: () => document.querySelector<HTMLElement>('[data-edit]')?.click(),
        ...(hasScope ? { '.': () => setOpen('scope') } : {}),
      },
    },
  });
  const scopeState = { isOpen: open === 'scope', onOpen: () => setOpen('scope'), onClose: close };
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {m.frame_skip()}
      </a>
      <div className="app">
        <Navigation current={current} who={useWho()?.name} />
        <div>
          <Bar hasScope={hasScope} scopeState={scopeState} onSearch={openSearch} onHelp={openHelp} />
          <PhoneBar hasScope={hasScope} onScope={scopeState.onOpen} onSearch={openSearch} current={current} />
          <OfflineStrip />
          <Outlet />
        </div>
      </div>
      <PhoneFoot current={current} isMore={pathname === '/more'} />
      <Suspense fallback={null}>
        {open === 'search' ? <Palette onClose={close} /> : null}
        {open === 'help' ? <Help onClose={close} hasScope={hasScope} /> : null}
        {hasScope ? <ScopeDrawer isOpen={open === 'scope'} onClose={close} /> : null}
      </Suspense>
    </>
  );
}
