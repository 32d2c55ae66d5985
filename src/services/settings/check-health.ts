import { readCaptureSettings } from '../../db/queries/capture/capture-settings.ts';
import { tryWrite } from '../../db/queries/settings/try-write.ts';
import type { Database } from '../../db/client.ts';

/** Whoever asks for health gives up soon: silence is an answer too. */
const patienceMs = 5_000;
/** A write that worked is not tried again for this long: anybody may ask for health. */
const writableMs = 10_000;

export type Health = {
  ok: boolean;
  database: 'ok' | 'unreachable' | 'not migrated' | 'disk full' | 'not writable';
};

/** Until when the database of an isolate counts as writable. */
const writableUntil = new WeakMap<object, number>();

type HealthContext = { db: Database; wait: (milliseconds: number) => Promise<void>; clock: () => number };

/** Whether the database answers, its migrations have run, and it can be written to. Never throws. */
export async function checkHealth(context: HealthContext): Promise<Health> {
  const silence = context.wait(patienceMs).then((): Health => ({ ok: false, database: 'unreachable' }));
  return Promise.race([look(context), silence]);
}

async function look({ db, clock }: HealthContext): Promise<Health> {
  try {
    const { settings } = await readCaptureSettings(db);
    if (settings.version === 0) return { ok: false, database: 'not migrated' };
    if ((writableUntil.get(db) ?? 0) <= clock()) {
      await tryWrite(db);
      writableUntil.set(db, clock() + writableMs);
    }
    return { ok: true, database: 'ok' };
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): Health {
  const text = error instanceof Error ? `${String((error as { code?: unknown }).code)} ${error.message}` : '';
  if (/no such table/.test(text)) return { ok: false, database: 'not migrated' };
  // Others write: it can be written to.
  if (/SQLITE_BUSY/.test(text)) return { ok: true, database: 'ok' };
  if (/SQLITE_FULL/.test(text)) return { ok: false, database: 'disk full' };
  if (/SQLITE_/.test(text)) return { ok: false, database: 'not writable' };
  return { ok: false, database: 'unreachable' };
}
