import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { kilde, KildeProblem } from '../../api/client.ts';
import { prefix } from '../../api/place.ts';
import { askRecovery, enterWithKey, signIn } from '../../api/sign-in.ts';
import type { Search } from '../../api/search.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale, setLocale } from '../../paraglide/runtime.js';
import { Door, Field, Form, textOf } from '../../ui/form.tsx';

/** Why a provider did not sign one in, by what the server calls it. */
const problems: Record<string, () => string> = {
  provider: () => m.sign_in_problem_provider(),
  stale: () => m.sign_in_problem_stale(),
  refused: () => m.sign_in_problem_refused(),
  unknown: () => m.sign_in_problem_unknown(),
  unverified: () => m.sign_in_problem_unverified(),
  otherIdentity: () => m.sign_in_problem_otherIdentity(),
  disabled: () => m.sign_in_problem_disabled(),
};

/** Why one is here, that nothing was lost, and the way back to the same address. */
export function SignInPage() {
  const { to, problem }: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string | null>(
    Object.hasOwn(problems, problem ?? '') ? problems[problem!]!() : null,
  );
  const [isSending, setSending] = useState(false);
  const [isAsked, setAsked] = useState(false);

  const act = async (doIt: () => Promise<void>): Promise<void> => {
    setSending(true);
    setFailure(null);
    try {
      await doIt();
    } catch (error) {
      setFailure(error instanceof KildeProblem && error.status === 401 ? m.sign_in_wrong() : (error as Error).message);
    } finally {
      setSending(false);
    }
  };
  const enter = (doIt: () => Promise<void>) =>
    void act(async () => {
      await doIt();
      await navigate({ href: safeWay(to), replace: true });
    });

  return (
    <Door>
      <h1>{m.sign_in_title()}</h1>
      {to === undefined || problem !== undefined ? null : <p className="note amber">{m.sign_in_kept()}</p>}
      {failure === null ? null : (
        <p className="note warn" role="alert">
          {failure}
        </p>
      )}
      <Form
        button={m.sign_in_button()}
        isWide
        isSending={isSending}
        onSend={(data) =>
          enter(async () => signIn({ email: textOf(data, 'email'), password: textOf(data, 'password') }))
        }
      >
        <Field label={m.sign_in_email()} name="email" type="email" autoComplete="username" required />
        <Field label={m.sign_in_password()} name="password" type="password" autoComplete="current-password" required />
      </Form>
      <Providers to={safeWay(to)} />
      <details>
        <summary>{m.sign_in_forgot()}</summary>
        {isAsked ? (
          <p className="note" role="status">
            {m.sign_in_recover_sent()}
          </p>
        ) : (
          <Form
            button={m.sign_in_recover()}
            isWide
            isPlain
            isSending={isSending}
            onSend={(data) =>
              void act(async () => {
                await askRecovery(textOf(data, 'recovery'));
                setAsked(true);
              })
            }
          >
            <Field label={m.sign_in_email()} name="recovery" type="email" autoComplete="username" required />
          </Form>
        )}
      </details>
      <details>
        <summary>{m.sign_in_key_title()}</summary>
        <Form
          button={m.sign_in_key_button()}
          isWide
          isPlain
          isSending={isSending}
          onSend={(data) => enter(async () => enterWithKey(textOf(data, 'key').trim()))}
        >
          <Field label={m.sign_in_key()} name="key" type="password" autoComplete="off" required />
        </Form>
      </details>
      <p className="row between small">
        <span />
        <span className="soft">
          {getLocale() === 'en' ? 'English' : <LanguageLink locale="en" name="English" />} ·{' '}
          {getLocale() === 'nb' ? 'Norsk' : <LanguageLink locale="nb" name="Norsk" />}
        </span>
      </p>
    </Door>
  );
}

/** The other ways in that the administrator has set up: links, which leave the app. */
function Providers({ to }: { to: string }) {
  const { data } = useQuery({
    queryKey: ['sign-in-providers'],
    retry: false,
    queryFn: async ({ signal }) => (await kilde().GET('/api/auth/providers', { signal })).data!.items,
  });
  return data?.map(({ id, name }) => (
    <a
      key={id}
      className="btn wide"
      href={`${prefix}/api/auth/providers/${encodeURIComponent(id)}?to=${encodeURIComponent(to)}`}
    >
      {m.sign_in_by({ name })}
    </a>
  ));
}

function LanguageLink({ locale, name }: { locale: 'en' | 'nb'; name: string }) {
  return (
    <button type="button" className="link under" lang={locale} onClick={() => void setLocale(locale)}>
      {name}
    </button>
  );
}

/** An address of the app, and of nothing else. */
function safeWay(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/overview';
}
