import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { KildeProblem } from '../api/client.ts';
import { m } from '../paraglide/messages.js';

/** Whether something has taken so long that it should be said: nothing flickers before. */
export function useIsSlow(isLoading: boolean, afterMs = 150): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isLoading) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), afterMs);
    return () => clearTimeout(timer);
  }, [isLoading, afterMs]);
  return isSlow;
}

/** Bones with the size of what comes. Nothing before 150 ms, but the place is kept. */
export function Bones({ height, lines = 3 }: { height: number; lines?: number }) {
  const isSlow = useIsSlow(true);
  return (
    <div className="bones" style={{ height }} role="status" aria-label={m.state_loading()}>
      {isSlow
        ? Array.from({ length: lines }, (_, line) => (
            <span
              key={line}
              className={line === 0 ? 'bone l' : 'bone'}
              style={{ width: `${[40, 94, 86, 90][line % 4]}%` }}
            />
          ))
        : null}
    </div>
  );
}

/** What was asked, why it was not answered, what to try, and the reference. */
export function Failure({ error, what, onRetry }: { error: Error; what?: string; onRetry?: () => void }) {
  const reference = error instanceof KildeProblem ? error.requestId : null;
  const isOffline = error instanceof TypeError;
  return (
    <div className="in stack" role="alert">
      <p className="note warn">
        <b>{what ?? m.error_not_answered()}</b> {isOffline ? m.error_no_connection() : error.message}{' '}
        {reference === null ? null : <span className="soft">{m.error_reference({ id: reference.slice(0, 8) })}</span>}
      </p>
      {onRetry === undefined ? null : (
        <div className="row">
          <button type="button" className="btn sm" onClick={onRetry}>
            {m.error_try_again()}
          </button>
        </div>
      )}
    </div>
  );
}

/** What will stand here, and the one thing to do. */
export function Empty({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <p>{children}</p>}
      {actions === undefined ? null : <div className="row">{actions}</div>}
    </div>
  );
}

type Asked<Data> = {
  data: Data | undefined;
  error: Error | null;
  isPlaceholderData: boolean;
  refetch: () => unknown;
};

/** One part of a screen with its own states: bones, a failure that leaves the others alone, or what came. */
export function Answer<Data>({
  asked,
  height,
  lines,
  children,
}: {
  asked: Asked<Data>;
  height: number;
  lines?: number;
  children: (data: Data) => ReactNode;
}) {
  if (asked.data !== undefined) return <>{children(asked.data)}</>;
  if (asked.error !== null) return <Failure error={asked.error} onRetry={() => void asked.refetch()} />;
  return <Bones height={height} {...(lines === undefined ? {} : { lines })} />;
}
