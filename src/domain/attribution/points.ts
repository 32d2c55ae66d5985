import { isKnown, mostTelling, rankEvidence, ranks, withoutIgnored } from './read-evidence.ts';
import { defaultRules, resolveOrigin } from './resolve-origin.ts';
import { noUtm } from './origin-lists.ts';
import { agreesWith, findSameClick, hasMark, isSameId } from './same-click.ts';
import type { Arrival, ClickId, Evidence, Journey, Utm } from './types.ts';

const dayMs = 24 * 60 * 60 * 1000;

export type InForceInput = {
  /** The page that holds the form. Null where nothing told which it was. */
  page: Evidence | null;
  journey: Journey;
  /** Evidence whose referrer counts where the page's own has none. */
  referrer?: Evidence | null;
  /** Time of the submission, in milliseconds since the epoch. */
  at: number;
  lookBackDays: number;
  ignoredReferrers?: readonly string[];
};

/**
 * The origin in force at a submission: utm or click identifier on the form's page, else the journey's latest arrival that is known
 * and within look-back (its last millisecond included), else the referrer, else what a campaign alone says, else direct. Where the
 * page shows part of a click that is an arrival of the journey, it is that arrival whole, with its own time.
 */
export function originInForce({ page, journey, referrer, at, lookBackDays, ignoredReferrers }: InForceInput): Arrival {
  const recent = journey.filter((arrival) => arrival.at <= at && at - arrival.at <= lookBackDays * dayMs);
  const known = recent.filter((arrival) => isKnown(arrival, ignoredReferrers));
  const shown = page && withoutIgnored(page, ignoredReferrers);
  const same = shown && hasMark(shown) && findShownArrival({ arrivals: known, shown, ignoredReferrers });
  if (same) return same;
  if (shown && hasMark(shown) && isKnown(shown)) return { ...page, at };
  const latest = known.at(-1);
  if (latest) return latest;
  const referring = [page, referrer ?? null].find((evidence) => evidence && isKnown(evidence, ignoredReferrers));
  if (!referring) {
    if (shown && rankEvidence(shown) === ranks.campaign) return findSameClick(recent, shown) ?? { ...page, at };
    const campaign = recent.findLast((arrival) => rankEvidence(arrival, ignoredReferrers) === ranks.campaign);
    if (campaign) return campaign;
  }
  return {
    utm: referring?.utm ?? page?.utm ?? noUtm,
    clickIds: referring?.clickIds ?? [],
    referrerHost: referring?.referrerHost ?? null,
    landingPage: page?.landingPage ?? referring?.landingPage ?? null,
    at,
  };
}

/** The arrival that the page shows again. Scripts fill hidden fields with what a referrer or a click identifier means: that agrees too. */
function findShownArrival({
  arrivals,
  shown,
  ignoredReferrers = [],
}: {
  arrivals: readonly Arrival[];
  shown: Evidence;
  ignoredReferrers?: readonly string[] | undefined;
}): Arrival | null {
  const rules = defaultRules(ignoredReferrers);
  const named = arrivals.map((arrival) => {
    const { source, medium } = resolveOrigin(arrival, rules).origin;
    return { ...arrival, utm: { ...arrival.utm, source, medium } };
  });
  const found = findSameClick(named, shown);
  return found && arrivals[named.findIndex((one) => one === found)]!;
}

/** The earliest known origin up to the submission; one that is not known only where nothing else is. No look-back limits it. */
export function firstTouch({
  journey,
  inForce,
  ignoredReferrers,
}: {
  journey: Journey;
  inForce: Arrival;
  ignoredReferrers?: readonly string[];
}): Arrival {
  const arrivals = journey.filter(({ at }) => at <= inForce.at);
  return mostTelling([...arrivals, inForce], ignoredReferrers)[0] ?? inForce;
}

/**
 * What a form's page shows, from the fields of the form and from its address. The fields come first; where the two do not
 * contradict each other they are one click, of which the address may show more.
 */
export function combineMarks({
  hidden,
  page,
}: {
  hidden: { utm: Utm; clickIds: ClickId[] } | null;
  page: Evidence;
}): Evidence {
  if (!hidden) return page;
  const shown = { ...page, ...hidden };
  if (!hasMark(shown)) return hasAny(page.utm) ? page : { ...page, utm: hidden.utm };
  const isPart = agreesWith(hidden.utm, page.utm);
  if (!hasMark(page) || (!isPart && !agreesWith(page.utm, hidden.utm))) return shown;
  const added = hidden.clickIds.filter((one) => !page.clickIds.some((other) => isSameId(one, other)));
  return { ...page, utm: isPart ? page.utm : hidden.utm, clickIds: [...page.clickIds, ...added] };
}

function hasAny(utm: Utm): boolean {
  return Object.values(utm).some((value) => value !== null);
}
