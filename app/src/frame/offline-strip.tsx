import { onlineManager, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { m } from '../paraglide/messages.js';
import { formatClock } from '../ui/format.ts';

/** Under the bar while there is no connection: since when, and that what was loaded stays. */
export function OfflineStrip() {
  const [since, setSince] = useState<number | null>(null);
  const client = useQueryClient();
  useEffect(
    () => onlineManager.subscribe((isOnline) => setSince((before) => (isOnline ? null : (before ?? Date.now())))),
    [],
  );
  if (since === null) return null;
  return (
    <div className="strip" role="status">
      <span>
        <b>{m.offline_since({ time: formatClock(since) })}</b> {m.offline_stays()}
      </span>
      <button type="button" className="btn sm" onClick={() => void client.refetchQueries({ type: 'active' })}>
        {m.offline_try()}
      </button>
    </div>
  );
}
