import { isSameMark } from './journey.ts';
import { hasUtm, isDirect } from './read-evidence.ts';
import type { Arrival, Evidence, Journey, Utm } from './types.ts';

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
 * The origin in force at a submission: utm or click identifier on the form's page, else the journey's latest arrival that is not
 * direct and within look-back (its last millisecond included), else the referrer, else direct. Where the page shows the same
 * mark as an arrival of the journey, it is that arrival whole, with its own time.
 */
export function originInForce({ page, journey, referrer, at, lookBackDays, ignoredReferrers }: InForceInput): Arrival {
  const known = journey.filter((arrival) => arrival.at <= at && at - arrival.at <= lookBackDays * dayMs);
  if (page && (page.clickId !== null || hasUtm(page.utm))) {
    return known.findLast((arrival) => isSameMark(arrival, page)) ?? { ...page, at };
  }
  const latest = known.findLast((arrival) => !isDirect(arrival, ignoredReferrers));
  if (latest) return latest;
  const referring = [page, referrer ?? null].find((evidence) => evidence && !isDirect(evidence, ignoredReferrers));
  return {
    utm: referring?.utm ?? noUtm,
    clickId: referring?.clickId ?? null,
    referrerHost: referring?.referrerHost ?? null,
    landingPage: page?.landingPage ?? referring?.landingPage ?? null,
    at,
  };
}

/** The earliest known origin up to the submission: not direct, or direct where nothing else is known. No look-back limits it. */
export function firstTouch({
  journey,
  inForce,
  ignoredReferrers,
}: {
  journey: Journey;
  inForce: Arrival;
  ignoredReferrers?: readonly string[];
}): Arrival {
  const known = journey.filter(({ at }) => at <= inForce.at);
  const marked = [...known, inForce].find((arrival) => !isDirect(arrival, ignoredReferrers));
  return marked ?? known[0] ?? inForce;
}

const noUtm: Utm = { source: null, medium: null, campaign: null, term: null, content: null, id: null };
