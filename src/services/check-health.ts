import { readCaptureSettings } from '../db/queries/capture-settings.ts';
import type { Database } from '../db/client.ts';

/** Whoever asks for health gives up soon: silence is an answer too. */
const patienceMs = 5_000;

/** Whether the database answers and its migrations have run. Never throws. */
export async function checkHealth({
  db,
  wait,
}: {
  db: Database;
  wait: (milliseconds: number) => Promise<void>;
}): Promise<{ ok: boolean; database: 'ok' | 'unreachable' | 'not migrated' }> {
  try {
    const silence = wait(patienceMs).then(() => null);
    const read = await Promise.race([readCaptureSettings(db), silence]);
    if (!read) return { ok: false, database: 'unreachable' };
    const { settings } = read;
    return settings.version > 0 ? { ok: true, database: 'ok' } : { ok: false, database: 'not migrated' };
  } catch (error) {
    const missing = error instanceof Error && /no such table/.test(error.message);
    return { ok: false, database: missing ? 'not migrated' : 'unreachable' };
  }
}
