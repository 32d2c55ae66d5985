import type { Database } from '../db/client.ts';
import { defineStatement } from '../db/statement.ts';
import type { FileStore, OpenFileStore } from '../services/capture/files/file-store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const filesAtOnce = 500;
/** Once an hour, in this minute: files whose submission was never stored. */
const minuteOfForgotten = 30;
/** Once a day, in this hour (UTC), each minute asks for one part of the store; all parts within five days. */
const hourOfUnnamed = 4;
const parts = 256;
/** A queue keeps a submission for 14 days at most: until then its files may have no row. */
const maxQueueMs = 15 * dayMs;

const readRemoved = defineStatement(`SELECT id FROM removed_file LIMIT ${filesAtOnce}`);
const forgetRemoved = defineStatement(`DELETE FROM removed_file WHERE id IN (SELECT value FROM json_each(:ids))`);

/** A file is named before its submission is stored. A day later that is not going to happen: it was a duplicate, or the form was full. */
const deleteForgotten = defineStatement(`DELETE FROM stored_file WHERE id IN (SELECT f.id FROM stored_file f
  WHERE f.at >= :after AND f.at < :before
    AND NOT EXISTS (SELECT 1 FROM submission WHERE id = f.submission_id)
    AND NOT EXISTS (SELECT 1 FROM quarantine WHERE id = f.submission_id)
    AND NOT EXISTS (SELECT 1 FROM spam_record WHERE kind = 'submission' AND record_id = f.submission_id) LIMIT 1000)`);

const findUnnamed = defineStatement(`SELECT i.value AS id FROM json_each(:ids) i
  WHERE NOT EXISTS (SELECT 1 FROM stored_file WHERE id = i.value)
    AND NOT EXISTS (SELECT 1 FROM dead_letter WHERE instr(payload, i.value) > 0)`);

/** Deletes the bytes of files whose row is gone, and of those that never got one. */
export async function removeFiles({
  db,
  files,
  now,
}: {
  db: Database;
  files: OpenFileStore;
  now: number;
}): Promise<void> {
  if (!files) return;
  const time = new Date(now);
  if (time.getUTCMinutes() === minuteOfForgotten) {
    await db.$client.execute(deleteForgotten({ after: now - 30 * dayMs, before: now - dayMs }));
  }
  const { rows } = await db.$client.execute(readRemoved({}));
  const ids = rows.map(({ id }) => id as string);
  if (ids.length > 0) {
    await (await files()).delete(ids);
    await db.$client.execute(forgetRemoved({ ids: JSON.stringify(ids) }));
  }
  if (time.getUTCHours() === hourOfUnnamed) await removeUnnamed({ db, store: await files(), now });
}

async function removeUnnamed({ db, store, now }: { db: Database; store: FileStore; now: number }): Promise<void> {
  const minute = Math.floor(now / 60_000);
  const part = (Math.floor(minute / 1_440) * 60 + (minute % 60)) % parts;
  const stored = await store.list({ prefix: part.toString(16).padStart(2, '0'), before: now - maxQueueMs });
  if (stored.length === 0) return;
  const { rows } = await db.$client.execute(findUnnamed({ ids: JSON.stringify(stored) }));
  await store.delete(rows.map(({ id }) => id as string));
}
