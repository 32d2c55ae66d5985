import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import type { Search } from '../../api/search.ts';
import { forgetKey } from '../../api/session.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale } from '../../paraglide/runtime.js';
import { Door, Field, Form, textOf } from '../../ui/form.tsx';
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
  const accept = async (data: FormData): Promise<void> => {
    const [name, email] = ['name', 'email'].map((field) => textOf(data, field).trim() || undefined);
    setSending(true);
    setFailure(null);
    try {
      await kilde().POST('/api/auth/accept', {
        body: {
          token,
          password: textOf(data, 'password'),
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
    <Door>
      {link.error === null ? null : (
        <>
          <h1>{m.accept_gone()}</h1>
          <p>{m.accept_gone_why()}</p>
          <Failure error={link.error} />
        </>
      )}
      {link.data === undefined ? null : (
        <Form
          title={titleOf(link.data.purpose)}
          button={m.accept_button()}
          isWide
          isSending={isSending}
          error={failure}
          onSend={(data) => void accept(data)}
        >
          {link.data.purpose === 'recovery' ? (
            <p>{m.accept_recover({ name: link.data.name ?? link.data.email ?? '' })}</p>
          ) : (
            <Field label={m.accept_name()} name="name" autoComplete="name" maxLength={100} required />
          )}
          {link.data.email === null ? (
            <Field label={m.sign_in_email()} name="email" type="email" autoComplete="username" required />
          ) : (
            <p className="mini">{link.data.email}</p>
          )}
          <Field
            label={m.accept_password()}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={10}
            maxLength={200}
            required
          />
        </Form>
      )}
    </Door>
  );
}

function titleOf(purpose: string): string {
  if (purpose === 'firstAdministrator') return m.accept_first();
  return purpose === 'recovery' ? m.accept_recovery() : m.accept_invitation();
}
