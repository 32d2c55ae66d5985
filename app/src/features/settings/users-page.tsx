import { Menu, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { useWho } from '../../api/who.ts';
import type { Role } from '../../api/who.ts';
import { m } from '../../paraglide/messages.js';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { FactScope } from '../../ui/fact-line.tsx';
import { formatMoment, none } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { roleFact, roleName, roles, useRefusal } from '../../ui/role.ts';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { InviteDialog, useInvite } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import type { MadeLink } from './link-dialog.tsx';
import { invitationsQuery, usersQuery } from './queries.ts';
import type { User } from './queries.ts';

/** Who signs in, what each may do, and who is invited. */
export function UsersPage() {
  const refusal = useRefusal('admin');
  const [isInviting, setInviting] = useState(false);
  const [link, setLink] = useState<MadeLink | null>(null);
  const showLink = (made: MadeLink): void => {
    setInviting(false);
    setLink(made);
  };
  return (
    <Page
      title={m.users_title()}
      crumb={<Link to="/settings">{m.nav_settings()}</Link>}
      actions={
        <button
          type="button"
          className="btn primary"
          disabled={refusal !== undefined}
          title={refusal}
          onClick={() => setInviting(true)}
        >
          {m.invite_title()}
        </button>
      }
    >
      {refusal === undefined ? (
        <div className="grid">
          <Users onLink={showLink} />
          <Invitations onLink={showLink} />
        </div>
      ) : (
        <Panel label={m.users_title()}>
          <Empty title={m.users_hidden()}>{refusal}</Empty>
        </Panel>
      )}
      {isInviting ? <InviteDialog onClose={() => setInviting(false)} onMade={showLink} /> : null}
      {link === null ? null : <LinkDialog link={link} onClose={() => setLink(null)} />}
    </Page>
  );
}

function Users({ onLink }: { onLink: (link: MadeLink) => void }) {
  const asked = useQuery(usersQuery);
  const who = useWho();
  const [doomed, setDoomed] = useState<User | null>(null);
  const acts = useActs(onLink);
  const administrators = (asked.data ?? []).filter(({ role, disabledAt }) => role === 'admin' && disabledAt === null);
  const isLast = ({ id }: User): boolean => administrators.length === 1 && administrators[0]!.id === id;
  const roleOf = (user: User) =>
    user.disabledAt === null ? (
      <>
        {roleName(user.role)} {isLast(user) ? <span className="soft">{m.users_last()}</span> : null}
      </>
    ) : (
      <span className="tag warn">{m.users_disabled()}</span>
    );
  const columns: Array<Column<User>> = [
    {
      id: 'name',
      head: m.name(),
      cell: (user) => (
        <>
          {user.name} {user.id === who?.id ? <span className="tag on">{m.users_you()}</span> : null}{' '}
          <span className="sub">{user.email}</span>
          <span className="phone sub">{roleOf(user)}</span>
        </>
      ),
    },
    {
      id: 'role',
      head: m.invite_role(),
      isOnPhone: false,
      cell: roleOf,
      fact: ({ name, role }) => (
        <>
          <b>{name}</b> {roleFact(role)}
        </>
      ),
    },
    {
      id: 'seen',
      head: m.users_seen(),
      isOnPhone: false,
      cell: ({ seenAt }) => (seenAt === null ? <span className="soft">{none}</span> : formatMoment(seenAt)),
    },
    {
      id: 'do',
      head: <span className="vh">{m.selections_do()}</span>,
      kind: 'num',
      cell: (user) => (
        <UserMenu
          user={user}
          isLast={isLast(user)}
          act={(act) => acts.mutate({ user, act })}
          onDelete={() => setDoomed(user)}
        />
      ),
    },
  ];
  return (
    <FactScope whole={m.users_rule()}>
      {(line) => (
        <section className="panel w8" aria-label={m.users_title()}>
          <header>
            <h2>{m.users_count({ count: asked.data?.length ?? 0 })}</h2>
          </header>
          <Answer asked={asked} height={200}>
            {(users) =>
              users.length === 0 ? (
                <Empty title={m.users_none()}>{m.users_none_why()}</Empty>
              ) : (
                <DataTable caption={m.users_title()} columns={columns} rows={users} keyOf={({ id }) => id} />
              )
            }
          </Answer>
          {acts.error === null ? null : <Failure error={acts.error} what={m.record_not_saved()} />}
          <p className="vh" role="status">
            {acts.isSuccess && acts.variables.act === 'signOut'
              ? m.users_signed_out({ name: acts.variables.user.name })
              : ''}
          </p>
          {line}
          {doomed === null ? null : <DeleteUserDialog user={doomed} onClose={() => setDoomed(null)} />}
        </section>
      )}
    </FactScope>
  );
}

type Act = { role: Role } | { disabled: boolean } | 'signOut' | 'recover';

function useActs(onLink: (link: MadeLink) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ user: { id, name }, act }: { user: User; act: Act }) => {
      const params = { path: { id } };
      if (act === 'signOut') await kilde().DELETE('/api/v1/users/{id}/sessions', { params });
      else if (act === 'recover') {
        const { data } = await kilde().POST('/api/v1/users/{id}/recovery', { params });
        onLink({ title: m.users_recovery({ name }), about: m.users_recovery_about({ name }), ...data! });
      } else await kilde().PATCH('/api/v1/users/{id}', { params, body: act });
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
}

function UserMenu({
  user: { name, role, disabledAt },
  isLast,
  act,
  onDelete,
}: {
  user: User;
  /** Whether nobody else administers Kilde. */
  isLast: boolean;
  act: (act: Act) => void;
  onDelete: () => void;
}) {
  return (
    <Menu position="bottom-end" offset={4} classNames={{ dropdown: 'pop menu' }}>
      <Menu.Target>
        <button type="button" className="btn quiet sm" aria-label={m.selections_do_with({ name })}>
          <Icon shape="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown aria-label={name}>
        {roles.map((one) => (
          <Menu.RadioItem
            value={one}
            key={one}
            closeMenuOnClick
            className="opt"
            checkIcon={null}
            disabled={isLast}
            checked={one === role}
            onChange={() => act({ role: one })}
          >
            {roleName(one)}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        <Menu.Item className="opt" disabled={disabledAt !== null} onClick={() => act('recover')}>
          {m.users_recover()}
        </Menu.Item>
        <Menu.Item className="opt" onClick={() => act('signOut')}>
          {m.users_sign_out()}
        </Menu.Item>
        <Menu.Item className="opt" disabled={isLast} onClick={() => act({ disabled: disabledAt === null })}>
          {disabledAt === null ? m.users_disable() : m.users_enable()}
        </Menu.Item>
        <Menu.Item className="opt danger" disabled={isLast} onClick={onDelete}>
          {m.users_delete()}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DeleteUserDialog({ user: { id, name }, onClose }: { user: User; onClose: () => void }) {
  const client = useQueryClient();
  const deleted = useMutation({
    mutationFn: async () => kilde().DELETE('/api/v1/users/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: usersQuery.queryKey });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={m.users_delete_title({ name })}
      closeButtonProps={{ 'aria-label': m.close() }}
    >
      <div className="stack">
        <p>{m.users_delete_why({ name })}</p>
        {deleted.error === null ? null : <Failure error={deleted.error} what={m.users_not_deleted()} />}
        <div className="row">
          <button type="button" className="btn danger" disabled={deleted.isPending} onClick={() => deleted.mutate()}>
            {m.users_delete()}
          </button>
          <button type="button" className="btn" data-autofocus onClick={onClose}>
            {m.cancel()}
          </button>
        </div>
      </div>
    </Modal>
  );
}

function Invitations({ onLink }: { onLink: (link: MadeLink) => void }) {
  const client = useQueryClient();
  const asked = useQuery(invitationsQuery);
  const again = useInvite(onLink);
  const revoked = useMutation({
    mutationFn: async (id: string) => kilde().DELETE('/api/v1/invitations/{id}', { params: { path: { id } } }),
    onSettled: async () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  const error = revoked.error ?? again.error;
  return (
    <Panel className="w4" title={m.invitations_title()} fact={<p className="fact">{m.invitations_rule()}</p>}>
      <Answer asked={asked} height={120}>
        {(invitations) =>
          invitations.length === 0 ? (
            <p className="in mini">{m.invitations_none()}</p>
          ) : (
            <ul className="in list">
              {invitations.map(({ id, email, role, expiresAt }) => (
                <li key={id}>
                  <b>{email}</b>
                  <br />
                  <span className="mini">
                    {roleName(role)} ·{' '}
                    {Date.parse(expiresAt) <= Date.now()
                      ? m.invitations_expired()
                      : m.invitations_until({ until: formatMoment(expiresAt) })}
                  </span>
                  <span className="row">
                    <button
                      type="button"
                      className="btn sm"
                      aria-label={m.invitations_again_named({ email })}
                      onClick={() => again.mutate({ email, role })}
                    >
                      {m.invitations_again()}
                    </button>
                    <button
                      type="button"
                      className="btn sm"
                      aria-label={m.invitations_revoke_named({ email })}
                      onClick={() => revoked.mutate(id)}
                    >
                      {m.invitations_revoke()}
                    </button>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {error === null ? null : <Failure error={error} what={m.record_not_saved()} />}
    </Panel>
  );
}
