import type { FormEvent, InputHTMLAttributes, ReactNode } from 'react';
import { m } from '../paraglide/messages.js';
import { Drop } from './icon.tsx';
import { Failure } from './states.tsx';

/** A field with its label. */
export function Field({ label, ...input }: { label: string } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="field">
      {label}
      <input className="input" {...input} />
    </label>
  );
}

/** A form of one action: its fields, what went wrong, and the button. What was typed is in `data`, by the names of its fields. */
export function Form({
  title,
  about,
  button,
  isWide = false,
  isPlain = false,
  isSending = false,
  error = null,
  onSend,
  className = '',
  children,
}: {
  title?: string;
  about?: string;
  button: string;
  isWide?: boolean;
  /** Whether another action of the screen is the main one. */
  isPlain?: boolean;
  isSending?: boolean;
  error?: Error | null;
  onSend: (data: FormData) => void;
  className?: string;
  children: ReactNode;
}) {
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onSend(new FormData(event.currentTarget));
  };
  return (
    <form className={`stack ${className}`} onSubmit={send}>
      {title === undefined ? null : <h1>{title}</h1>}
      {about === undefined ? null : <p className="say soft">{about}</p>}
      {children}
      {error === null ? null : <Failure error={error} what={m.record_not_saved()} />}
      <div className="row">
        <button
          type="submit"
          className={`btn ${isPlain ? '' : 'primary'} ${isWide ? 'wide' : ''}`}
          disabled={isSending}
        >
          {button}
        </button>
      </div>
    </form>
  );
}

/** The page in front of the app: the name, and one thing to do. */
export function Door({ children }: { children: ReactNode }) {
  return (
    <main id="main" className="center">
      <div className="stack door">
        <p className="brand">
          <Drop size={26} />
          Kilde
        </p>
        {children}
      </div>
    </main>
  );
}

/** What was typed into a field of text. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
