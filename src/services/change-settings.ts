import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { bumpSettings } from '../db/queries/settings/bump-settings.ts';
import type { ServiceContext } from './service-context.ts';

/**
 * Changes something that the capture path keeps in memory: runs the statements in one transaction that raises the
 * settings' version, so that nothing prepared before it is stored after it.
 * @returns the results of the statements.
 */
export async function changeSettings<const T extends readonly BatchItem<'sqlite'>[]>(
  { db, settings }: Pick<ServiceContext, 'db' | 'settings'>,
  statements: T,
): Promise<BatchResponse<T>> {
  const [, ...results] = await db.batch([bumpSettings(db), ...statements]);
  settings.invalidate();
  return results;
}

/** The settings as the database has them now, or had them less than a minute ago. */
export async function readSettings({ settings }: Pick<ServiceContext, 'settings'>) {
  let reading: Promise<unknown> | undefined;
  const known = await settings.current((started) => {
    reading = started;
  });
  if (!reading) return known;
  await reading;
  return settings.current(() => {});
}
