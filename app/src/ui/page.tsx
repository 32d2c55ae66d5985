import { useEffect } from 'react';
import type { ReactNode } from 'react';

/** A screen: its title, what can be done there at the right, and its parts below each other. */
export function Page({
  title,
  beside,
  actions,
  children,
  side,
}: {
  title: string;
  /** Directly after the title. */
  beside?: ReactNode;
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
      <div className="head">
        <h1>{title}</h1>
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
