import { explain } from '../domain/attribution/explain.ts';
import type { AliasField, Reasons } from '../domain/attribution/resolve-origin.ts';
import type { Touch } from '../domain/attribution/types.ts';
import { canonicalize } from '../domain/attribution/values.ts';
import { invalidInput } from '../domain/errors.ts';
import { findSite, isSiteHost } from './capture-settings.ts';
import { readSettings } from './change-settings.ts';
import type { ServiceContext } from './service-context.ts';

const aliasFields = ['source', 'medium', 'campaign', 'term', 'content', 'id', 'referrerDomain'] as const;

export type ArrivalExplanation = {
  /** The key of the site whose rules were used. */
  site: string;
  /** As the sender spelt it. */
  origin: Omit<Touch, 'at'>;
  /** What it is grouped and filtered by: canonical, with corrections applied. */
  canonical: Record<AliasField, string | null>;
  channel: string;
  rules: { origin: Reasons['origin']; channel: Reasons['channel'] };
  passedOver: Reasons['passedOver'];
};

/**
 * Why an arrival gets its origin and channel.
 * @param site the key of the site whose rules hold; by the page's host where not given.
 * @throws KildeError `invalid_input` where there is no such site.
 */
export async function explainArrival(
  context: ServiceContext,
  {
    u = null,
    r = null,
    site: key,
  }: { u?: string | null | undefined; r?: string | null | undefined; site?: string | undefined },
): Promise<ArrivalExplanation> {
  const settings = await readSettings(context);
  const site = findSite(settings, { key, host: u === null ? null : (URL.parse(u)?.hostname ?? null) });
  if (key !== undefined && site.key !== key) {
    throw invalidInput([{ location: 'query.site', message: 'There is no such site.' }]);
  }
  const rules = settings.originRules(site);
  const { origin, reasons } = explain({ u, r, rules, isOwnHost: (host) => isSiteHost(site, host) });
  const canonical = Object.fromEntries(
    aliasFields.map((field) => {
      const value = origin[field];
      return [field, value === null ? null : rules.aliasOf(field, canonicalize(value))];
    }),
  ) as ArrivalExplanation['canonical'];
  return {
    site: site.key,
    origin,
    canonical,
    channel: origin.channel,
    rules: { origin: reasons.origin, channel: reasons.channel },
    passedOver: reasons.passedOver,
  };
}
