import { and, eq, gt, max, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Database } from '../../client.ts';
import { columnOf } from '../../fragments/origin-columns.ts';
import { alias, aliasFrom, origin, originValue } from '../../schema/origins.ts';
import { settings, site } from '../../schema/settings.ts';
import type { ChannelRule } from '../../../domain/attribution/channels.ts';
import { detailFields } from '../../../domain/attribution/origin-fields.ts';
import type { SentField } from '../../../domain/attribution/origin-fields.ts';
import { versionHolds } from '../settings/bump-settings.ts';

/** Everything that decides an origin's channel, as of one version of the settings. */
export type OriginRules = {
  version: number;
  sites: Array<{
    id: number;
    key: string;
    channelRules: ChannelRule[];
    ignoredReferrers: string[];
    timeZone: string;
    isDefault: boolean;
  }>;
  aliases: Array<{ aliasId: number; field: SentField; from: string; to: string }>;
  /** The newest origin there is. */
  lastOriginId: number;
};

/** Reads the rules in one round trip. */
export async function readOriginRules(db: Database): Promise<OriginRules> {
  const [versions, sites, aliases, last] = await db.batch([
    db.select({ version: settings.version }).from(settings),
    db
      .select({
        id: site.id,
        key: site.key,
        channelRules: site.channelRules,
        ignoredReferrers: site.ignoredReferrers,
        timeZone: site.timeZone,
        isDefault: site.isDefault,
      })
      .from(site),
    db
      .select({ aliasId: alias.id, field: alias.field, from: aliasFrom.canonical, to: alias.toCanonical })
      .from(aliasFrom)
      .innerJoin(alias, eq(alias.id, aliasFrom.aliasId)),
    db.select({ id: max(origin.id) }).from(origin),
  ]);
  return {
    version: versions[0]?.version ?? 0,
    sites,
    aliases: aliases.map((row) => ({ ...row, field: row.field as SentField })),
    lastOriginId: last[0]?.id ?? 0,
  };
}

/** The fields a channel is decided by, and the columns that hold them. */
const channelColumns = {
  source: origin.sourceId,
  medium: origin.mediumId,
  campaign: origin.campaignId,
  referrerDomain: origin.referrerDomainId,
} as const;
export type ChannelField = keyof typeof channelColumns;

export function isChannelField(field: string): field is ChannelField {
  return Object.hasOwn(channelColumns, field);
}

/** The origins that a change may touch: those of a site, or those that carry one of some values. */
export type OriginScope = { siteId: number } | { field: ChannelField; canonicals: string[] };

function within(scope: OriginScope): SQL {
  if ('siteId' in scope) return eq(origin.siteId, scope.siteId);
  return sql`${channelColumns[scope.field]} IN (SELECT id FROM origin_value WHERE field = ${scope.field}
    AND canonical IN (SELECT value FROM json_each(${JSON.stringify(scope.canonicals)})))`;
}

const canonicalOf = (column: SQL | (typeof channelColumns)[ChannelField] | typeof origin.channelId) =>
  sql<string | null>`(SELECT v.canonical FROM origin_value v WHERE v.id = ${column})`;

/** Is there a term, a content or an id? */
const hasDetail = sql<number>`(${sql.join(
  detailFields.map((field) => sql`${columnOf(origin, field)} <> 0`),
  sql` OR `,
)})`;

/**
 * What the origins of a scope are classified by, each combination once, with the origins that have it.
 * @param afterId only origins newer than this one.
 */
export function selectChannelInputs(db: Database, { scope, afterId = 0 }: { scope: OriginScope; afterId?: number }) {
  return db
    .select({
      siteId: origin.siteId,
      source: canonicalOf(origin.sourceId),
      medium: canonicalOf(origin.mediumId),
      campaign: canonicalOf(origin.campaignId),
      referrerDomain: canonicalOf(origin.referrerDomainId),
      clickIdName: origin.clickIdName,
      hasDetail: hasDetail.as('has_detail'),
      channel: canonicalOf(origin.channelId),
      /** JSON list. */
      ids: sql<string>`json_group_array(${origin.id})`,
    })
    .from(origin)
    .where(and(within(scope), afterId > 0 ? gt(origin.id, afterId) : undefined))
    .groupBy(
      origin.siteId,
      origin.sourceId,
      origin.mediumId,
      origin.campaignId,
      origin.referrerDomainId,
      origin.clickIdName,
      hasDetail,
      origin.channelId,
    );
}

export type ChannelInputRow = Awaited<ReturnType<typeof selectChannelInputs>>[number];

/** Origins that get another channel. */
export type ChannelChange = { channel: string; ids: number[] };

/**
 * Gives origins another channel, by their ids, while the settings' version holds. Writes the rows of the origins
 * named and, for a channel not seen before, its value; nothing else refers to a channel but through its origin.
 */
export function writeChannels(
  db: Database,
  { changes, at, version }: { changes: ChannelChange[]; at: number; version: number },
) {
  const json = JSON.stringify(changes);
  return [
    db.run(sql`INSERT INTO ${originValue} (field, canonical, label, first_seen_at)
      SELECT 'channel', c.value ->> 'channel', c.value ->> 'channel', ${at}
      FROM json_each(${json}) c WHERE ${versionHolds(version)}
      ON CONFLICT DO NOTHING`),
    db.run(sql`UPDATE ${origin} SET channel_id = changed.channel_id
      FROM (SELECT i.value AS origin_id, v.id AS channel_id
        FROM json_each(${json}) c, json_each(c.value, '$.ids') i
        JOIN origin_value v ON v.field = 'channel' AND v.canonical = c.value ->> 'channel') AS changed
      WHERE origin.id = changed.origin_id AND origin.channel_id <> changed.channel_id
        AND ${versionHolds(version)}`),
  ] as const;
}
