import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { KildeProblem } from '../../api/client.ts';
import { askRecovery, enterWithKey, signIn } from '../../api/sign-in.ts';
import type { Search } from '../../api/search.ts';
import { m } from '../../paraglide/messages.js';
import { getLocale, setLocale } from '../../paraglide/runtime.js';
import { Drop } from '../../ui/icon.tsx';

/** Why one is here, that nothing was lost, and the way back to the same address. */
export function SignInPage() {
  const { to }: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [isAsked, setAsked] = useState(false);

  const recover = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setFailure(null);
    try {
      await askRecovery(textOf(new FormData(event.currentTarget), 'recovery'));
      setAsked(true);
    } catch (error) {
      setFailure((error as Error).message);
    }
  };

  const send = (act: (form: FormData) => Promise<void>) => async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSending(true);
    setFailure(null);
    try {
      await act(new FormData(event.currentTarget));
      await navigate({ href: safeWay(to), replace: true });
    } catch (error) {
      setFailure(error instanceof KildeProblem && error.status === 401 ? m.sign_in_wrong() : (error as Error).message);
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
        <h1>{m.sign_in_title()}</h1>
        {to === undefined ? null : <p className="note amber">{m.sign_in_kept()}</p>}
        {failure === null ? null : (
          <p className="note warn" role="alert">
            {failure}
          </p>
        )}
        <form
          className="stack"
          onSubmit={(event) =>
            void send(async (form) => signIn({ email: textOf(form, 'email'), password: textOf(form, 'password') }))(
              event,
            )
          }
        >
          <label className="field">
            {m.sign_in_email()}
            <input className="input" name="email" type="email" autoComplete="username" required />
          </label>
          <label className="field">
            {m.sign_in_password()}
            <input className="input" name="password" type="password" autoComplete="current-password" required />
          </label>
          <button type="submit" className="btn primary wide" disabled={isSending}>
            {m.sign_in_button()}
          </button>
        </form>
        <details>
          <summary>{m.sign_in_forgot()}</summary>
          {isAsked ? (
            <p className="note" role="status">
              {m.sign_in_recover_sent()}
            </p>
          ) : (
            <form className="stack" onSubmit={(event) => void recover(event)}>
              <label className="field">
                {m.sign_in_email()}
                <input className="input" name="recovery" type="email" autoComplete="username" required />
              </label>
              <button type="submit" className="btn wide" disabled={isSending}>
                {m.sign_in_recover()}
              </button>
            </form>
          )}
        </details>
        <details>
          <summary>{m.sign_in_key_title()}</summary>
          <form
            className="stack"
            onSubmit={(event) => void send(async (form) => enterWithKey(textOf(form, 'key').trim()))(event)}
          >
            <label className="field">
              {m.sign_in_key()}
              <input className="input" name="key" type="password" autoComplete="off" required />
            </label>
            <button type="submit" className="btn wide" disabled={isSending}>
              {m.sign_in_key_button()}
            </button>
          </form>
        </details>
        <p className="row between small">
          <span />
          <span className="soft">
            {getLocale() === 'en' ? 'English' : <LanguageLink locale="en" name="English" />} ·{' '}
            {getLocale() === 'nb' ? 'Norsk' : <LanguageLink locale="nb" name="Norsk" />}
          </span>
        </p>
      </div>
    </main>
  );
}

function LanguageLink({ locale, name }: { locale: 'en' | 'nb'; name: string }) {
  return (
    <button type="button" className="link under" lang={locale} onClick={() => void setLocale(locale)}>
      {name}
    </button>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** An address of the app, and of nothing else. */
function safeWay(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/overview';
}
