import { readAddress } from '../read-address.ts';
import { readQuery } from '../read-query.ts';
import { clickIdPlatform, isClickIdName } from './click-ids.ts';
import { isIgnoredReferrer } from './ignored-referrers.ts';
import { parameters } from './origin-lists.ts';
import { isPlaceholder, meaningOf } from './placeholders.ts';
import { readNavigation } from './read-evidence.ts';
import { hasUtm, mendSeparators } from './read-parameters.ts';
import { readReferrer, resolveOrigin, speaksForPlatform } from './resolve-origin.ts';
import type { AttributionRules, Referrer, Resolution } from './resolve-origin.ts';
import { findSameClick, hasMark } from './same-click.ts';
import { categoryOfSource } from './sources.ts';
import type { Evidence, Touch, Utm } from './types.ts';
import { cleanValue } from '../text-values.ts';

/** Why a piece of evidence was not used. */
export const passedOverReasons = [
  'placeholder',
  'utmWins',
  'conflictsWithUtm',
  'clickIdWins',
  'otherClickIdWins',
  'staleClickId',
  'unknownClickId',
  'ignoredReferrer',
  'ownSite',
  'unreadableReferrer',
  'parentNotInherited',
  'sameClick',
] as const;
export type PassedOverReason = (typeof passedOverReasons)[number];

export type PassedOver = {
  evidence: 'utm' | 'clickId' | 'referrer' | 'page';
  /** Of the parameter, such as `utm_source` or `gclid`; else `referrer` or `page`. */
  name: string;
  /** A click identifier is named, not shown. */
  value: string;
  reason: PassedOverReason;
};

export const originRules = ['utm', 'clickId', 'referrer', 'campaignOnly', 'direct', 'sameClick'] as const;
export type OriginRule = (typeof originRules)[number];

/** What became of a piece of evidence: it gave source, medium or both, stands beside them, or was passed over. */
export const evidenceUses = ['source', 'medium', 'sourceAndMedium', 'kept', 'passedOver'] as const;
export type EvidenceUse = (typeof evidenceUses)[number];

export type LookedAt = Omit<PassedOver, 'reason'> & { use: EvidenceUse };

export type Reasons = {
  origin: { rule: OriginRule; source: string | null; medium: string | null };
  channel: Resolution['channelRule'];
  evidence: LookedAt[];
  passedOver: PassedOver[];
};

export type Explanation = { origin: Omit<Touch, 'at'>; reasons: Reasons };

export type ExplainedArrival = { u: string | null; r: string | null };

/**
 * Why an arrival at the page `u` from the referrer `r` gets its origin and its channel, and what evidence was passed over.
 * @param earlier an arrival before it in the same journey: where `u` shows part of the same click, that one counts.
 */
export function explain({
  u,
  r,
  earlier = null,
  rules,
  isOwnHost,
}: ExplainedArrival & {
  earlier?: ExplainedArrival | null;
  rules: AttributionRules;
  isOwnHost?: (host: string) => boolean;
}): Explanation {
  const read = (arrival: ExplainedArrival) =>
    readNavigation({ pageUrl: arrival.u, referrer: arrival.r, ...(isOwnHost && { isOwnHost }) });
  const { evidence, internalHost } = read({ u, r });
  const first = earlier && { ...read(earlier).evidence, at: 0 };
  const same = first && hasMark(evidence) ? findSameClick([first], evidence) : null;
  const explanation = explainEvidence(same ?? evidence, rules);
  const { passedOver } = explanation.reasons;
  passedOver.unshift(...placeholdersIn(u ?? ''));
  if (internalHost !== null) pass(passedOver, 'referrer', 'referrer', internalHost, 'ownSite');
  if (r && internalHost === null && evidence.referrerHost === null) {
    pass(passedOver, 'referrer', 'referrer', r.slice(0, 255), 'unreadableReferrer');
  }
  if (same) {
    pass(passedOver, 'page', 'page', evidence.landingPage ?? '', 'sameClick');
    explanation.reasons.origin.rule = 'sameClick';
  }
  return explanation;
}

/** As `explain`, of evidence that was read already. */
export function explainEvidence(evidence: Evidence, rules: AttributionRules): Explanation {
  const resolution = resolveOrigin(evidence, rules);
  const { origin, clickId, by, channelRule } = resolution;
  const utm = meaningOf(evidence.utm);
  const passedOver = [
    ...placeholderValues(evidence.utm),
    ...passedClickIds(evidence, resolution),
    ...passedReferrer(evidence, resolution, rules),
  ];
  return {
    origin: { ...origin, clickId, clickIds: evidence.clickIds, landingPage: evidence.landingPage },
    reasons: {
      origin: { rule: ruleOf(utm, by), source: by.source, medium: by.medium },
      channel: channelRule,
      evidence: lookAt(evidence, by, passedOver),
      passedOver,
    },
  };
}

function ruleOf(utm: Utm, { source, medium }: Resolution['by']): OriginRule {
  if (source === 'utm' || medium === 'utm') return 'utm';
  if (source === 'referrer') return 'referrer';
  if (source !== null) return 'clickId';
  return hasUtm(utm) ? 'campaignOnly' : 'direct';
}

function pass(
  list: PassedOver[],
  ...[evidence, name, value, reason]: [PassedOver['evidence'], string, string, PassedOverReason]
): void {
  list.push({ evidence, name, value, reason });
}

function placeholderValues(utm: Utm): PassedOver[] {
  const meant = meaningOf(utm);
  return (Object.keys(utm) as (keyof Utm)[]).flatMap((field) => {
    const value = utm[field];
    if (value === null || meant[field] !== null) return [];
    return [{ evidence: 'utm' as const, name: parameters[field], value, reason: 'placeholder' as const }];
  });
}

/** Click identifiers of an address that are placeholder texts: those are never evidence. */
function placeholdersIn(url: string): PassedOver[] {
  const query = url.slice(url.search(/[?#]/) + 1).replaceAll('#', '&');
  return readQuery(mendSeparators(query)).flatMap(([name, value]) => {
    const text = cleanValue(value);
    if (!isClickIdName(name.toLowerCase()) || text === null || !isPlaceholder(text)) return [];
    const { name: known = name } = clickIdPlatform(name) ?? {};
    return [{ evidence: 'clickId' as const, name: known, value: text, reason: 'placeholder' as const }];
  });
}

function passedClickIds({ utm, clickIds }: Evidence, { clickId, by }: Resolution): PassedOver[] {
  const meant = meaningOf(utm);
  return clickIds.flatMap(({ name }) => {
    if (by.source === name || by.medium === name) return [];
    const reason = (): PassedOverReason => {
      if (!clickIdPlatform(name)) return 'unknownClickId';
      if (name !== clickId?.name) return 'otherClickIdWins';
      if (meant.source !== null && meant.medium !== null) return 'utmWins';
      return meant.source !== null || meant.medium !== null ? 'conflictsWithUtm' : 'staleClickId';
    };
    return [{ evidence: 'clickId' as const, name, value: name, reason: reason() }];
  });
}

function passedReferrer({ referrerHost }: Evidence, resolution: Resolution, rules: AttributionRules): PassedOver[] {
  if (referrerHost === null) return [];
  const passed = (value: string, reason: PassedOverReason): PassedOver[] => [
    { evidence: 'referrer', name: 'referrer', value, reason },
  ];
  if (isIgnoredReferrer(referrerHost, rules.ignoredReferrers)) return passed(referrerHost, 'ignoredReferrer');
  const referrer = readReferrer(referrerHost);
  const { by, clickId } = resolution;
  if (by.source === 'referrer') return inheritsNothing(referrer) ? passed(referrer.domain, 'parentNotInherited') : [];
  if (by.source === 'utm' || by.medium === 'utm') return passed(referrerHost, 'utmWins');
  const platform = clickId && clickIdPlatform(clickId.name);
  return platform && speaksForPlatform(platform, referrer) ? [] : passed(referrerHost, 'clickIdWins');
}

/** Is the host unknown although its domain is a known source? */
function inheritsNothing({ host, domain, known }: Referrer): boolean {
  return (
    known === null && host !== domain && readAddress(`https://${host}/`) !== null && categoryOfSource(domain) !== null
  );
}

function lookAt(
  { utm, clickIds, referrerHost, landingPage }: Evidence,
  by: Resolution['by'],
  passedOver: PassedOver[],
): LookedAt[] {
  const useOf = (name: string, given: string): EvidenceUse => {
    if (by.source === given && by.medium === given && given !== 'utm') return 'sourceAndMedium';
    if (by.source === given && (given !== 'utm' || name === 'utm_source')) return 'source';
    if (by.medium === given && (given !== 'utm' || name === 'utm_medium')) return 'medium';
    const isPassed = passedOver.some((one) => one.name === name && one.reason !== 'parentNotInherited');
    return isPassed ? 'passedOver' : 'kept';
  };
  const values = (Object.keys(utm) as (keyof Utm)[]).flatMap((field): LookedAt[] => {
    const value = utm[field];
    const name = parameters[field];
    return value === null ? [] : [{ evidence: 'utm', name, value, use: useOf(name, 'utm') }];
  });
  return [
    ...values,
    ...clickIds.map(({ name }): LookedAt => ({ evidence: 'clickId', name, value: name, use: useOf(name, name) })),
    ...(referrerHost === null
      ? []
      : [{ evidence: 'referrer' as const, name: 'referrer', value: referrerHost, use: useOf('referrer', 'referrer') }]),
    ...(landingPage === null
      ? []
      : [{ evidence: 'page' as const, name: 'page', value: landingPage, use: 'kept' as const }]),
  ];
}
