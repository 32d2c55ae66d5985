import type { BatchItem } from 'drizzle-orm/batch';
import { bumpSettingsFrom } from '../../db/queries/settings/bump-settings.ts';
import { readOriginRules, selectChannelInputs, writeChannels } from '../../db/queries/attribution/origin-rules.ts';
import type {
  ChannelChange,
  ChannelInputRow,
  OriginRules,
  OriginScope,
} from '../../db/queries/attribution/origin-rules.ts';
import { AliasMap } from '../../domain/attribution/alias-rules.ts';
import type { AliasRule } from '../../domain/attribution/alias-rules.ts';
import { classifyChannel } from '../../domain/attribution/channels.ts';
import type { ChannelRule } from '../../domain/attribution/channels.ts';
import { conflict } from '../../domain/errors.ts';
import type { ServiceContext } from '../service-context.ts';

/** Settings change seldom: having to read them anew this often in a row means something else is wrong. */
const maxTries = 5;

/** A change of aliases or channel rules, worked out from the rules it was read from. */
export type RuleChange<Result> = {
  /** The rules as they will be. */
  aliases: readonly AliasRule[];
  sites: ReadonlyArray<{ id: number; channelRules: ChannelRule[] }>;
  /** The origins whose channel may be another afterwards; null where none can. */
  scope: OriginScope | null;
  /** The writes, each doing nothing unless the settings are of the version read. */
  statements: readonly BatchItem<'sqlite'>[];
  /** Reads the answer out of the statements' results. */
  result: (results: unknown[]) => Result;
};

/**
 * Changes aliases or channel rules together with the channel of every origin they decide, in one transaction. Only
 * origins are rewritten: people, submissions and touches refer to them, and so follow at once.
 *
 * The change is worked out in the Worker from what was read, and written only while the settings' version still holds;
 * where it does not, all is done anew.
 */
export async function changeOriginRules<Result>(
  context: ServiceContext,
  plan: (now: OriginRules) => RuleChange<Result>,
): Promise<Result> {
  const { db, settings } = context;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const now = await readOriginRules(db);
    const { aliases, sites, scope, statements, result } = plan(now);
    const inputs = scope ? await selectChannelInputs(db, { scope }) : [];
    const changes = planChannels({ inputs, aliases, sites });
    const results = (await db.batch([
      ...statements,
      ...writeChannels(db, { changes, at: context.clock(), version: now.version }),
      bumpSettingsFrom(db, now.version),
      // Origins stored since the rules were read are still by the old ones; after this transaction none can be.
      ...(scope ? [selectChannelInputs(db, { scope, afterId: now.lastOriginId })] : []),
    ] as unknown as [BatchItem<'sqlite'>])) as unknown as unknown[];
    settings.invalidate();
    const [bumped, late = []] = results.slice(statements.length + 2) as [unknown[], ChannelInputRow[] | undefined];
    if (bumped.length === 0) continue;
    if (scope && late.length > 0) await reclassifyOrigins(context, { scope, afterId: now.lastOriginId });
    return result(results.slice(0, statements.length));
  }
  throw conflict('The settings kept changing meanwhile. Send the request again.');
}

/** Classifies the origins of a scope anew, by the rules as they are, and rewrites those that get another channel. */
export async function reclassifyOrigins(
  { db, clock }: Pick<ServiceContext, 'db' | 'clock'>,
  { scope, afterId = 0 }: { scope: OriginScope; afterId?: number },
): Promise<void> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const { version, aliases, sites } = await readOriginRules(db);
    const inputs = await selectChannelInputs(db, { scope, afterId });
    const changes = planChannels({ inputs, aliases, sites });
    if (changes.length === 0) return;
    const [, updated] = await db.batch(writeChannels(db, { changes, at: clock(), version }));
    if (updated.rowsAffected > 0) return;
  }
}

function planChannels({
  inputs,
  aliases,
  sites,
}: Pick<RuleChange<unknown>, 'aliases' | 'sites'> & { inputs: ChannelInputRow[] }): ChannelChange[] {
  const aliasMap = new AliasMap(aliases);
  const rulesBySite = new Map(sites.map((site) => [site.id, site.channelRules]));
  const changes = new Map<string, number[]>();
  for (const {
    siteId,
    source,
    medium,
    campaign,
    referrerDomain,
    clickIdName,
    hasDetail,
    channel: present,
    ids,
  } of inputs) {
    const resolve = (field: string, value: string | null) => (value === null ? null : aliasMap.resolve(field, value));
    const { channel } = classifyChannel(
      {
        source: resolve('source', source),
        medium: resolve('medium', medium),
        campaign: resolve('campaign', campaign),
        referrerDomain: resolve('referrerDomain', referrerDomain),
        clickId: clickIdName,
        hasDetail: hasDetail === 1,
      },
      rulesBySite.get(siteId),
    );
    if (channel === present) continue;
    const changed = changes.get(channel) ?? [];
    changes.set(channel, changed.concat(JSON.parse(ids) as number[]));
  }
  return Array.from(changes, ([channel, ids]) => ({ channel, ids }));
}
