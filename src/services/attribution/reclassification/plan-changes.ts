import type { Row } from '@libsql/client/http';
import type { Database } from '../../../db/client.ts';
import { readOriginRules } from '../../../db/queries/attribution/origin-rules.ts';
import type { OriginRules } from '../../../db/queries/attribution/origin-rules.ts';
import { selectStoredOrigins } from '../../../db/queries/attribution/reclassifications.ts';
import { AliasMap } from '../../../domain/attribution/alias-rules.ts';
import { sentFields } from '../../../domain/attribution/origin-fields.ts';
import { rankStored, rereadOrigin } from '../../../domain/attribution/reread-origin.ts';
import type { StoredValues } from '../../../domain/attribution/reread-origin.ts';
import type { AttributionRules } from '../../../domain/attribution/resolve-origin.ts';
import { recordOf } from '../../../domain/record-of.ts';
import { other } from './fold-visits.ts';
import { withKey } from '../prepare-touches.ts';

/** What an origin is described by, as canonical values. */
export type Described = StoredValues & { channel: string };

/** An origin that today's rules describe in another way. */
export type OriginChange = {
  id: number;
  before: Described;
  after: Described;
  /** The key that an arrival of today has; null where the channel alone changes. */
  key: string | null;
  rankBefore: number;
  rankAfter: number;
};

export type PlannedPage = {
  changes: OriginChange[];
  /** Origins whose referrer's host would decide, which is not stored. */
  hostUnknownIds: number[];
  /** The last origin looked at. */
  reachedId: number;
  isLast: boolean;
};

/** Rules of every site, read once for some pages. */
export type RulesInForce = { settingsVersion: number; lastOriginId: number; of: (siteId: number) => AttributionRules };

export async function readRulesInForce(db: Database): Promise<RulesInForce> {
  const rules = await readOriginRules(db);
  const aliases = new AliasMap(rules.aliases);
  const bySite = new Map(rules.sites.map((site) => [site.id, attributionRulesOf(site, aliases)]));
  const unknownSite = attributionRulesOf({ channelRules: [], ignoredReferrers: [] }, aliases);
  return {
    settingsVersion: rules.version,
    lastOriginId: rules.lastOriginId,
    of: (siteId) => bySite.get(siteId) ?? unknownSite,
  };
}

function attributionRulesOf(
  { channelRules, ignoredReferrers }: Pick<OriginRules['sites'][number], 'channelRules' | 'ignoredReferrers'>,
  aliases: AliasMap,
): AttributionRules {
  return { channelRules, ignoredReferrers, aliasOf: (field, canonical) => aliases.resolve(field, canonical) };
}

/** Reads the next origins again by today's rules, always from what they were stored with first. */
export async function planChanges(
  db: Database,
  {
    rules,
    afterId,
    lastOriginId,
    limit,
  }: { rules: RulesInForce; afterId: number; lastOriginId: number; limit: number },
): Promise<PlannedPage> {
  const { rows } = await db.$client.execute(selectStoredOrigins({ afterId, lastOriginId, limit }));
  const page: PlannedPage = { changes: [], hostUnknownIds: [], reachedId: afterId, isLast: rows.length < limit };
  for (const row of rows) {
    const id = Number(row['id']);
    page.reachedId = id;
    const stored = readValues(row, 'stored');
    // What visits beyond the bound were counted as has no evidence left: its channel was kept from before.
    if ([stored.source, stored.medium, stored.referrerDomain].includes(other)) continue;
    const siteId = Number(row['site_id']);
    const reread = rereadOrigin(stored, {
      rules: rules.of(siteId),
      storedBy: Number(row['rules_version']),
    });
    if (reread.hostIsUnknown) page.hostUnknownIds.push(id);
    const before = { ...readValues(row, 'present'), channel: row['channel'] as string };
    const after = { ...reread.values, channel: reread.channel };
    const key = keyOf(siteId, after);
    const isOtherwise = key !== keyOf(siteId, before);
    if (!isOtherwise && before.channel === after.channel) continue;
    const [rankBefore, rankAfter] = [rankStored(before), rankStored(after)];
    page.changes.push({ id, before, after, key: isOtherwise ? key : null, rankBefore, rankAfter });
  }
  return page;
}

/** The key that an arrival with these values has. */
export function keyOf(siteId: number, values: StoredValues): string {
  return withKey({ ...values, siteId, channel: '' }).key;
}

function readValues(row: Row, column: 'stored' | 'present'): StoredValues {
  return valuesOf(JSON.parse(row[column] as string) as Array<string | null>, row['click_id_name'] as string | null);
}

/** @param texts in the order of `sentFields`. */
export function valuesOf(texts: ReadonlyArray<string | null>, clickIdName: string | null): StoredValues {
  return { ...recordOf(sentFields, (field) => texts[sentFields.indexOf(field)] ?? null), clickIdName };
}
