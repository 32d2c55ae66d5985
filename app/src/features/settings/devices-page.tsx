import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { useSession } from '../../api/who.ts';
import { m } from '../../paraglide/messages.js';
import { Field, Form, textOf } from '../../ui/form.tsx';
import { formatMoment } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Answer, Empty, Failure } from '../../ui/states.tsx';
import { devicesQuery } from './queries.ts';

/** Where one is signed in, and one's password. */
export function DevicesPage() {
  const session = useSession();
  return (
    <Page title={m.devices_title()} crumb={<Link to="/settings">{m.nav_settings()}</Link>}>
      {session?.user === null ? (
        <Panel label={m.devices_title()}>
          <Empty title={m.devices_key()}>{m.devices_key_why()}</Empty>
        </Panel>
      ) : (
        <div className="grid">
          <Devices />
          <Password />
        </div>
      )}
    </Page>
  );
}

function Devices() {
  const client = useQueryClient();
  const asked = useQuery(devicesQuery);
  const ended = useMutation({
    mutationFn: async (id: string | null) => {
      if (id === null) await kilde().DELETE('/api/auth/sessions');
      else await kilde().DELETE('/api/auth/sessions/{id}', { params: { path: { id } } });
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });
  const hasOthers = (asked.data?.length ?? 0) > 1;
  return (
    <Panel
      className="w8"
      title={m.devices_count({ count: asked.data?.length ?? 0 })}
      actions={
        hasOthers ? (
          <button type="button" className="btn sm" disabled={ended.isPending} onClick={() => ended.mutate(null)}>
            {m.devices_end_others()}
          </button>
        ) : undefined
      }
      fact={<p className="fact">{m.devices_about()}</p>}
    >
      <Answer asked={asked} height={160}>
        {(devices) => (
          <ul className="in list">
            {devices.map(({ id, device, createdAt, seenAt, current }) => (
              <li key={id} className="row between">
                <span>
                  <b>{device}</b> {current ? <span className="tag on">{m.devices_this()}</span> : null}
                  <br />
                  <span className="mini">
                    {m.devices_seen({ seen: formatMoment(seenAt), since: formatMoment(createdAt) })}
                  </span>
                </span>
                {current ? null : (
                  <button
                    type="button"
                    className="btn sm"
                    aria-label={m.devices_end_named({ device })}
                    disabled={ended.isPending}
                    onClick={() => ended.mutate(id)}
                  >
                    {m.devices_end()}
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Answer>
      {ended.error === null ? null : <Failure error={ended.error} what={m.record_not_saved()} />}
    </Panel>
  );
}

function Password() {
  const client = useQueryClient();
  // Another form each time one was sent, so that its fields are empty.
  const [changes, setChanges] = useState(0);
  const changed = useMutation({
    mutationFn: async (data: FormData) =>
      kilde().POST('/api/auth/password', {
        body: { currentPassword: textOf(data, 'current'), newPassword: textOf(data, 'new') },
      }),
    onSuccess: async () => {
      setChanges(changes + 1);
      await client.invalidateQueries({ queryKey: devicesQuery.queryKey });
    },
  });
  return (
    <Panel className="w4" title={m.password_title()}>
      <div className="in stack">
        {changed.isSuccess ? (
          <p className="note" role="status">
            {m.password_changed()}
          </p>
        ) : null}
        <Form
          key={changes}
          button={m.password_change()}
          isPlain
          isSending={changed.isPending}
          error={changed.error}
          onSend={(data) => changed.mutate(data)}
        >
          <Field label={m.password_current()} name="current" type="password" autoComplete="current-password" required />
          <Field
            label={m.password_new()}
            name="new"
            type="password"
            autoComplete="new-password"
            minLength={10}
            maxLength={200}
            required
          />
        </Form>
      </div>
    </Panel>
  );
}
