import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { newPerSiteAndDay } from '../../db/queries/capture/store-visits.ts';
import { settings } from '../../db/schema/settings.ts';
import { apiNameOf } from '../../domain/attribution/origin-field-names.ts';
import { rulesVersion } from '../../domain/attribution/rules-version.ts';
import { retained } from '../../domain/settings/retention.ts';
import type { Retention } from '../../domain/settings/retention.ts';

/** What holds for the whole of an installation. */
export type GeneralSettings = {
  reportingCurrency: string | null;
  retention: Retention;
  /** How much that is new the visits of one site and day may add per field, and of how many visits more was counted as "other". */
  newValues: { perSiteAndDay: number; folded: FoldedVisits[] };
  /** The version of the built-in attribution rules, and the oldest one by which stored origins were read; null where there are none. */
  attributionRules: { version: number; readBy: number | null };
};

type FoldedVisits = { site: string; day: string; field: string; count: number };

const daysReported = 30;
const folded = sql<string>`(SELECT json_group_array(json_object('site', s.key, 'day', d.day, 'field', d.field, 'count', d.folded)
    ORDER BY d.day DESC, s.id, d.field)
  FROM new_value_day d JOIN site s ON s.id = d.site_id
  WHERE d.folded > 0 AND d.day > (SELECT date(max(day), ${`-${daysReported} days`}) FROM new_value_day))`;

/** Versions rise with ids: of origins since the newest reclassification the first one has the oldest. */
const readBy = sql<number | null>`(WITH newest AS (SELECT rules_version, last_origin_id FROM reclassification
    WHERE state = 'applied' ORDER BY at DESC, id DESC LIMIT 1)
  SELECT min(version) FROM (SELECT rules_version AS version FROM newest
    UNION ALL SELECT (SELECT rules_version FROM origin WHERE id > coalesce((SELECT last_origin_id FROM newest), 0) ORDER BY id LIMIT 1)))`;

const columns = { reportingCurrency: settings.reportingCurrency, retention: settings.retention, folded, readBy };

function toAnswer({
  reportingCurrency,
  retention,
  folded,
  readBy,
}: {
  reportingCurrency: string | null;
  retention: Partial<Retention>;
  folded: string;
  readBy: number | null;
}) {
  const foldedVisits = JSON.parse(folded) as FoldedVisits[];
  return {
    reportingCurrency,
    retention: Object.fromEntries(retained.map((name) => [name, retention[name] ?? null])) as Retention,
    newValues: {
      perSiteAndDay: newPerSiteAndDay,
      folded: foldedVisits.map((visits) => ({ ...visits, field: apiNameOf(visits.field) })),
    },
    attributionRules: { version: rulesVersion, readBy },
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
