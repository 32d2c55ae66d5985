import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { settings } from '../db/schema/settings.ts';
import { retained } from '../domain/retention.ts';
import type { Retention } from '../domain/retention.ts';

/** What holds for the whole of an installation. */
export type GeneralSettings = { reportingCurrency: string | null; retention: Retention };

const columns = { reportingCurrency: settings.reportingCurrency, retention: settings.retention };

function toAnswer({
  reportingCurrency,
  retention,
}: {
  reportingCurrency: string | null;
  retention: Partial<Retention>;
}) {
  return {
    reportingCurrency,
    retention: Object.fromEntries(retained.map((name) => [name, retention[name] ?? null])) as Retention,
  };
}

export async function readGeneralSettings({ db }: { db: Database }): Promise<GeneralSettings> {
  const [row] = await db.select(columns).from(settings);
  return toAnswer(row!);
}

/** Periods that are not named stay. Nothing that capture keeps in memory: the settings' version stays. */
export async function updateGeneralSettings(
  { db }: { db: Database },
  {
    reportingCurrency,
    retention,
  }: {
    reportingCurrency?: string | null | undefined;
    retention?: { [Name in keyof Retention]?: number | null | undefined } | undefined;
  },
): Promise<GeneralSettings> {
  const changes = {
    ...(reportingCurrency === undefined ? {} : { reportingCurrency }),
    // A null takes the period away: `json_patch` is RFC 7396.
    ...(retention === undefined ? {} : { retention: sql`json_patch(retention, ${JSON.stringify(retention)})` }),
  };
  if (Object.keys(changes).length === 0) return readGeneralSettings({ db });
  const [row] = await db.update(settings).set(changes).returning(columns);
  return toAnswer(row!);
}
