import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { settings } from '../../schema/settings.ts';

/**
 * Raises the settings' version. Put first in a batch, it also takes the write lock at once, so that no statement after
 * it can find the database changed in between.
 */
export function bumpSettings(db: Database) {
  return db.update(settings).set({ version: sql`${settings.version} + 1` });
}

/** True in a statement only while the settings are of the version they were read in. */
export function versionHolds(version: number): SQL {
  return sql`(SELECT version FROM settings WHERE id = 1) = ${version}`;
}

/** As `bumpSettings`, only while the version holds: no row comes back where it does not. Put last in its batch. */
export function bumpSettingsFrom(db: Database, version: number) {
  return db
    .update(settings)
    .set({ version: sql`${settings.version} + 1` })
    .where(versionHolds(version))
    .returning({ version: settings.version });
}
