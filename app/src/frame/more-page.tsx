import { useMantineColorScheme } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { keepScope } from '../api/scope.ts';
import { useSignOut } from '../api/who.ts';
import { m } from '../paraglide/messages.js';
import { getLocale, setLocale } from '../paraglide/runtime.js';
import { Page } from '../ui/page.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segments } from '../ui/segments.tsx';
import { languages, themeName, themes } from './account-menu.tsx';
import { screens } from './screens.ts';

/** The whole navigation as a list, then theme, language and the way out: the fifth word at a phone's foot. */
export function MorePage() {
  const search = keepScope(useSearch({ strict: false }));
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  return (
    <Page title={m.nav_more()}>
      <nav className="panel more" aria-label={m.nav_all()}>
        {screens.map(({ path, label }) => (
          <Link key={path} to={path} search={search}>
            {label()}
          </Link>
        ))}
      </nav>
      <Panel title={m.account_title()}>
        <div className="in stack">
          <Segments
            label={m.account_theme()}
            options={themes.map((value) => ({ value, label: themeName[value]() }))}
            value={colorScheme}
            onChange={setColorScheme}
          />
          <Segments
            label={m.account_language()}
            options={languages.map(([value, label]) => ({ value, label }))}
            value={getLocale()}
            onChange={(locale) => void setLocale(locale)}
          />
          <button type="button" className="btn" onClick={() => void signOut()}>
            {m.account_sign_out()}
          </button>
        </div>
      </Panel>
    </Page>
  );
}
