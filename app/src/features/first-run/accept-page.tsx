import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { kilde } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import type { Search } from '../../api/search.ts';
import { forgetKey } from '../../api/session.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { Drop } from '../../ui/icon.tsx';
import { Failure } from '../../ui/states.tsx';

/** Where a one-time link leads: the first administrator, an invitation, or a new password. */
export function AcceptPage() {
  const { token = '' }: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const link = useQuery({
    queryKey: ['one-time-link', token],
    retry: false,
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await kilde().POST('/api/auth/link', { body: { token }, signal })).data!,
  });
  const [failure, setFailure] = useState<Error | null>(null);
  const [isSending, setSending] = useState(false);
  const accept = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string): string | undefined => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    };
    setSending(true);
    setFailure(null);
    try {
      const [name, email, password] = [given('name'), given('email'), form.get('password') as string];
      await kilde().POST('/api/auth/accept', {
        body: {
          token,
          password,
          ...(name === undefined ? {} : { name }),
          ...(email === undefined ? {} : { email }),
          language: getLocale() === 'nb' ? 'no' : 'en',
        },
      });
      forgetKey();
      queryClient.clear();
      const isFirst = link.data?.purpose === 'firstAdministrator';
      await navigate({ to: isFirst ? '/start/$step' : '/overview', params: { step: 'site' }, replace: true } as never);
    } catch (error) {
      setFailure(error as Error);
    } finally {
      setSending(false);
    }
  };
  return (
    <main id="main" className="center">
      <div className="stack door">
        <p className="brand">
          <Drop size={26} />
          Kilde
        </p>
        {link.error === null ? null : (
          <>
            <h1>{m.accept_gone()}</h1>
            <p>{m.accept_gone_why()}</p>
            <Failure error={link.error} />
          </>
        )}
        {link.data === undefined ? null : (
          <>
            <h1>{titleOf(link.data.purpose)}</h1>
            <form className="stack" onSubmit={(event) => void accept(event)}>
              {link.data.purpose === 'recovery' ? (
                <p>{m.accept_recover({ name: link.data.name ?? link.data.email ?? '' })}</p>
              ) : (
                <label className="field">
                  {m.accept_name()}
                  <input className="input" name="name" autoComplete="name" maxLength={100} required />
                </label>
              )}
              {link.data.email === null ? (
                <label className="field">
                  {m.sign_in_email()}
                  <input className="input" name="email" type="email" autoComplete="username" required />
                </label>
              ) : (
                <p className="mini">{link.data.email}</p>
              )}
              <label className="field">
                {m.accept_password()}
                <input
                  className="input"
                  name="password"
                  type="password"
                  autoComplete="new-password"
                  minLength={10}
                  maxLength={200}
                  required
                />
              </label>
              {failure === null ? null : <Failure error={failure} what={m.record_not_saved()} />}
              <button type="submit" className="btn primary wide" disabled={isSending}>
                {m.accept_button()}
              </button>
            </form>
          </>
        )}
      </div>
    </main>
  );
}

function titleOf(purpose: string): string {
  if (purpose === 'firstAdministrator') return m.accept_first();
  return purpose === 'recovery' ? m.accept_recovery() : m.accept_invitation();
}
