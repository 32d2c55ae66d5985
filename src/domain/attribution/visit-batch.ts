import { placedUtm } from './origin-lists.ts';
import { packPairs, packPlaces, unpackPair, unpackPlaces } from './packed-utm.ts';
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
 * referrer host, landing page, parameter and value of each utm value without a place …]`
 */
type CountedVisit = [number, ...VisitKey];
export type VisitKey = [site: string, quarter: number, ...Text[]];

const quarterMs = 15 * 60 * 1_000;

/** What is kept of an arrival. */
export function toVisitKey({ site, arrival }: { site: string; arrival: Arrival }): VisitKey {
  const { utm, referrerHost, landingPage, at } = arrival;
  return [
    site,
    Math.floor(at / quarterMs),
    ...packPlaces(utm),
    decidingClickId(arrival)?.name ?? null,
    referrerHost,
    landingPage,
    ...packPairs(utm),
  ];
}

/** An arrival as far as it is known from a batch, for the rules to resolve. */
export function toArrival([, , quarter, ...values]: CountedVisit): Arrival {
  const utm = unpackPlaces(values);
  const [clickIdName = null, referrerHost = null, landingPage = null, ...pairs] = values.slice(placedUtm.length);
  for (let index = 0; index < pairs.length; index += 2) {
    unpackPair(utm, pairs[index] ?? '', pairs[index + 1] ?? '');
  }
  return {
    utm,
    clickIds: clickIdName === null ? [] : [{ name: clickIdName, value: '' }],
    referrerHost,
    landingPage,
    at: quarter * quarterMs,
  };
}
