import { readNavigation } from './read-evidence.ts';
import { resolveOrigin } from './resolve-origin.ts';
import type { AttributionRules, Reasons } from './resolve-origin.ts';
import type { Touch } from './types.ts';

export type Explanation = { origin: Omit<Touch, 'at'>; reasons: Reasons };

/** Why an arrival at the page `u` from the referrer `r` gets its origin and its channel, and what evidence was passed over. */
export function explain({
  u,
  r,
  rules,
  isOwnHost,
}: {
  u: string | null;
  r: string | null;
  rules: AttributionRules;
  isOwnHost?: (host: string) => boolean;
}): Explanation {
  const { evidence, internalHost } = readNavigation({ pageUrl: u, referrer: r, ...(isOwnHost && { isOwnHost }) });
  const { origin, clickId, reasons } = resolveOrigin(evidence, rules);
  if (internalHost !== null) reasons.passedOver.push({ evidence: 'referrer', value: internalHost, reason: 'ownSite' });
  return { origin: { ...origin, clickId, clickIds: evidence.clickIds, landingPage: evidence.landingPage }, reasons };
}
