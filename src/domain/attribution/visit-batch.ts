import { decidingClickId } from './resolve-origin.ts';
import type { Arrival } from './types.ts';

/**
 * Arrivals on their way to be counted. Nothing in them tells one visitor from another: no id, no click id but its name, no
 * query, and the time to the quarter hour alone, which is enough to know the day in any time zone.
 */
export type VisitBatch = {
  /** Of the batch, so that it is counted once however often it is delivered. */
  id: string;
  visits: CountedVisit[];
};

type Text = string | null;

/**
 * `[how many, site's key, quarter hours since the epoch, source, medium, campaign, term, content, id, name of the click id,
 * referrer host, landing page]`
 */
type CountedVisit = [number, ...VisitKey];
export type VisitKey = [string, number, Text, Text, Text, Text, Text, Text, Text, Text, Text];

const quarterMs = 15 * 60 * 1_000;

/** What is kept of an arrival. */
export function toVisitKey({ site, arrival }: { site: string; arrival: Arrival }): VisitKey {
  const { utm, referrerHost, landingPage, at } = arrival;
  return [
    site,
    Math.floor(at / quarterMs),
    utm.source,
    utm.medium,
    utm.campaign,
    utm.term,
    utm.content,
    utm.id,
    decidingClickId(arrival)?.name ?? null,
    referrerHost,
    landingPage,
  ];
}

/** An arrival as far as it is known from a batch, for the rules to resolve. */
export function toArrival([, , quarter, ...values]: CountedVisit): Arrival {
  const [source, medium, campaign, term, content, id, clickIdName, referrerHost, landingPage] = values;
  return {
    utm: { source, medium, campaign, term, content, id },
    clickIds: clickIdName === null ? [] : [{ name: clickIdName, value: '' }],
    referrerHost,
    landingPage,
    at: quarter * quarterMs,
  };
}
