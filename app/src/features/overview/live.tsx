import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { m } from '../../paraglide/messages.js';
import { formatClock, formatCount } from '../../ui/format.ts';

const types = ['person.created', 'submission.received', 'deal.registered', 'deal.won', 'deal.lost'];
/** The screen paints first. */
const beginAfterMs = 3_000;
/** What comes together is shown together; and however much comes, the numbers are asked for only so often. */
const gatherMs = 1_500;
const refreshEveryMs = 15_000;

/** Follows what happens: the numbers are asked for again, and new leads are announced. A tab in the background does not listen. */
export function Live() {
  const client = useQueryClient();
  const [leads, setLeads] = useState({ count: 0, at: 0 });
  useEffect(() => {
    let listening = new AbortController();
    let [refresh, begin]: Array<ReturnType<typeof setTimeout> | undefined> = [];
    let refreshedAt = 0;
    let found = 0;
    const show = (): void => {
      refresh = undefined;
      refreshedAt = performance.now();
      void client.invalidateQueries({ predicate: ({ queryKey }) => shown.has(String(queryKey[0])) });
      if (found > 0) setLeads({ count: found, at: Date.now() });
      found = 0;
    };
    const listen = async (): Promise<void> => {
      const { watchEvents } = await import('../../api/watch-events.ts');
      await watchEvents({
        types,
        signal: listening.signal,
        onEvent: ({ type }) => {
          if (type === 'person.created') found += 1;
          const wait = Math.max(gatherMs, refreshedAt + refreshEveryMs - performance.now());
          refresh ??= setTimeout(show, refreshedAt === 0 ? gatherMs : wait);
        },
      });
    };
    const onVisibility = (): void => {
      clearTimeout(begin);
      listening.abort();
      listening = new AbortController();
      if (!document.hidden) begin = setTimeout(() => void listen(), beginAfterMs);
    };
    onVisibility();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      listening.abort();
      clearTimeout(begin);
      clearTimeout(refresh);
    };
  }, [client]);
  return (
    <span className="mini" role="status">
      {leads.count === 0 ? '' : m.live_leads({ count: formatCount(leads.count), time: formatClock(leads.at) })}
    </span>
  );
}

/** The queries of this screen that events change. */
const shown: ReadonlySet<string> = new Set(['report', 'tiles', 'attention', 'first-lead']);
