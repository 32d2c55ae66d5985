import { useEffect } from 'react';
import type { ReactNode } from 'react';

/** A screen: its title, what can be done there at the right, and its parts below each other. */
export function Page({
  title,
  beside,
  crumb,
  about,
  actions,
  children,
  side,
}: {
  title: string;
  /** Directly after the title. */
  beside?: ReactNode;
  /** Above the title: where one came from. Left out on a phone, whose bar has it. */
  crumb?: ReactNode;
  /** Below the title: what the record is. */
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** A panel at the right; on a phone below. */
  side?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Kilde`;
  }, [title]);
  const parts = (
    <>
      {crumb === undefined ? null : <p className="crumb desk">{crumb}</p>}
      <div className={about === undefined ? 'head' : 'head high'}>
        {about === undefined ? (
          <h1>{title}</h1>
        ) : (
          <div className="grow">
            <h1>{title}</h1>
            {about}
          </div>
        )}
        {beside}
        {actions === undefined ? null : <div className="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
  if (side === undefined || side === null) {
    return (
      <main id="main" tabIndex={-1}>
        {parts}
      </main>
    );
  }
  return (
    <main id="main" tabIndex={-1} className="flush">
      <div className="withside">
        <div className="stack">{parts}</div>
        {side}
      </div>
    </main>
  );
}
