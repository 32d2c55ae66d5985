import type { Database } from '../db/client.ts';
import { settings } from '../db/schema/settings.ts';

/** What holds for the whole of an installation. */
export type GeneralSettings = { reportingCurrency: string | null };

const columns = { reportingCurrency: settings.reportingCurrency };

export async function readGeneralSettings({ db }: { db: Database }): Promise<GeneralSettings> {
  const [row] = await db.select(columns).from(settings);
  return row!;
}

/** Nothing that capture keeps in memory: the settings' version stays. */
export async function updateGeneralSettings(
  { db }: { db: Database },
  { reportingCurrency }: { reportingCurrency?: string | null | undefined },
): Promise<GeneralSettings> {
  if (reportingCurrency === undefined) return readGeneralSettings({ db });
  const [row] = await db.update(settings).set({ reportingCurrency }).returning(columns);
  return row!;
}
