import type { CaptureSettings } from './capture-settings.ts';
import { readCaptureSettings } from '../db/queries/capture-settings.ts';
import type { Database } from '../db/client.ts';

/** Whether the database answers and its migrations have run. Never throws. */
export async function checkHealth({
  db,
}: {
  db: Database;
  settings: CaptureSettings;
}): Promise<{ ok: boolean; database: 'ok' | 'unreachable' | 'not migrated' }> {
  try {
    const { settings } = await readCaptureSettings(db);
    return settings.version > 0 ? { ok: true, database: 'ok' } : { ok: false, database: 'not migrated' };
  } catch (error) {
    const missing = error instanceof Error && /no such table/.test(error.message);
    return { ok: false, database: missing ? 'not migrated' : 'unreachable' };
  }
}
