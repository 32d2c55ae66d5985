import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWho } from '../../api/who.ts';
import { m } from '../../paraglide/messages.js';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useRefusal } from '../../ui/role.ts';
import { devicesQuery, invitationsQuery, usersQuery } from './queries.ts';

/** What can be set up here, each with how it is now. */
export function SettingsPage() {
  const refusal = useRefusal('admin');
  const who = useWho();
  const mayAsk = refusal === undefined;
  const { data: users } = useQuery({ ...usersQuery, enabled: mayAsk });
  const { data: invitations } = useQuery({ ...invitationsQuery, enabled: mayAsk });
  const { data: devices } = useQuery({ ...devicesQuery, enabled: who !== undefined });
  return (
    <Page title={m.nav_settings()}>
      <div className="grid">
        <Panel title={m.settings_team()} className="w4">
          <ul className="in list">
            <Entry to="/settings/users" title={m.users_title()} refusal={refusal}>
              {users === undefined || invitations === undefined
                ? m.users_about()
                : m.users_fact({ users: users.length, invitations: invitations.length })}
            </Entry>
          </ul>
        </Panel>
        <Panel title={m.settings_you()} className="w4">
          <ul className="in list">
            <Entry to="/settings/devices" title={m.devices_title()}>
              {devices === undefined ? m.devices_about() : m.devices_fact({ count: devices.length })}
            </Entry>
          </ul>
        </Panel>
      </div>
    </Page>
  );
}

function Entry({
  to,
  title,
  refusal,
  children,
}: {
  to: string;
  title: string;
  /** Why it may not be opened. */
  refusal?: string | undefined;
  children: ReactNode;
}) {
  return (
    <li>
      {refusal === undefined ? (
        <Link className="under" to={to}>
          <b>{title}</b>
        </Link>
      ) : (
        <button type="button" className="link" disabled>
          <b>{title}</b>
        </button>
      )}
      <br />
      <span className="mini">{refusal ?? children}</span>
    </li>
  );
}
