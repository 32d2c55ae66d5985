import { cutLongestValue } from './cut-arrivals.ts';
import { decodeArrival, encodeArrival, isText, isTime, journeyFormatVersion } from './journey-format.ts';
import { isKnown, mostTelling, rankEvidence, ranks, withoutIgnored } from './read-evidence.ts';
import { hasMark, isPartOf, isSameMark } from './same-click.ts';
import type { Arrival, Evidence, Journey } from './types.ts';
import { maxValueLength } from '../text-values.ts';

/**
 * A visit ends after 30 minutes without activity: Google Analytics 4's default session timeout
 * (support.google.com/analytics/answer/9191807).
 */
export const sessionTimeoutMs = 30 * 60 * 1000;

export type AppendOptions = {
  /** Reload or back/forward: the page shows old evidence again. */
  renavigated?: boolean;
  /** The page was opened from another page of the site. */
  isInternal?: boolean;
  ignoredReferrers?: readonly string[];
};

/**
 * The journey with one more arrival, in order of time; the same journey where it adds nothing. Direct adds nothing within a
 * visit, nor does the evidence of the latest arrival repeated within 30 minutes, a campaign alone where a visit is known, or a page
 * that shows part of a click which the journey has. Idempotent.
 */
export function appendArrival(journey: Journey, arrival: Arrival, options: AppendOptions = {}): Journey {
  const later = journey.findIndex(({ at }) => at > arrival.at);
  const place = later < 0 ? journey.length : later;
  const previous = journey[place - 1];
  return addsNothing({ journey, previous, arrival, options }) ? journey : journey.toSpliced(place, 0, arrival);
}

function addsNothing({
  journey,
  previous,
  arrival,
  options: { isInternal = false, renavigated = false, ignoredReferrers },
}: {
  journey: Journey;
  previous: Arrival | undefined;
  arrival: Arrival;
  options: AppendOptions;
}): boolean {
  if (journey.length === 0) return false;
  const isSameVisit = previous !== undefined && arrival.at - previous.at < sessionTimeoutMs;
  const rank = rankEvidence(arrival, ignoredReferrers);
  if (rank === ranks.direct) return isSameVisit || isInternal || renavigated;
  if (isSameVisit && isSameEvidence(previous, arrival)) return true;
  if (renavigated && journey.some((one) => isSameEvidence(one, arrival))) return true;
  if (rank === ranks.campaign) {
    return (isSameVisit || isInternal || renavigated) && journey.some((one) => isKnown(one, ignoredReferrers));
  }
  // Part of a click: a click identifier names one click for good, other values only within the visit.
  const clicks = arrival.clickIds.length > 0 ? journey : isSameVisit && hasMark(arrival) ? [previous] : [];
  const part = withoutIgnored(arrival, ignoredReferrers);
  return clicks.some((one) => one.at <= arrival.at && !isSameEvidence(one, arrival) && isPartOf(part, one));
}

/** The same utm, click identifiers and referrer. The page landed on says nothing about where somebody came from. */
function isSameEvidence(a: Evidence, b: Evidence): boolean {
  return a.referrerHost === b.referrerHost && isSameMark(a, b);
}

/** Fewest bytes a journey can be packed in: room for one arrival with every value cut to the utmost. */
export const minJourneyBytes = 256;

const encoder = new TextEncoder();

/**
 * A journey as compact text of at most `maxBytes` UTF-8 bytes: `[version, base time, page origin | 0, ...arrivals]`. The first
 * touch and the latest known arrival are always kept, then the newest that fit. Where those two alone are too
 * large, their longest values are cut. Throws a RangeError below `minJourneyBytes`.
 */
export function packJourney(journey: Journey, maxBytes: number): string {
  if (maxBytes < minJourneyBytes) throw new RangeError(`a journey needs at least ${minJourneyBytes} bytes`);
  const base = journey[0]?.at;
  if (base === undefined) return `[${journeyFormatVersion}]`;
  const origin = commonOrigin(journey);
  const head = `[${journeyFormatVersion},${base},${JSON.stringify(origin ?? 0)}`;
  const rows = journey.map((arrival) => `,${encodeArrival(arrival, { base, origin })}`);
  const whole = `${head}${rows.join('')}]`;
  if (fits(whole, maxBytes)) return whole;
  const telling = mostTelling(journey);
  const first = journey.indexOf(telling[0]!);
  const latest = journey.lastIndexOf(telling.at(-1)!);
  let left = maxBytes - byteLength(head) - 1;
  const kept = new Set<number>();
  for (const index of [first, latest, ...Array.from(journey.keys()).toReversed()]) {
    if (kept.has(index)) continue;
    left -= byteLength(rows[index] ?? '');
    if (left < 0) break;
    kept.add(index);
  }
  if (kept.has(first) && kept.has(latest)) return `${head}${rows.filter((_row, index) => kept.has(index)).join('')}]`;
  return packCut(
    journey.filter((_arrival, index) => index === first || index === latest),
    maxBytes,
  );
}

/** The journey in a packed text, or null where the text is anything else. A last element that is text is not the journey's. Never throws. */
export function unpackJourney(packed: string): Journey | null {
  const parsed = parseJson(packed);
  if (!Array.isArray(parsed) || parsed[0] !== journeyFormatVersion) return null;
  if (typeof parsed.at(-1) === 'string') parsed.pop();
  if (parsed.length === 1) return [];
  const [, base, origin, ...rows] = parsed as unknown[];
  if (rows.length === 0 || !isTime(base) || (origin !== 0 && !isText(origin, maxValueLength))) return null;
  const frame = { base, origin: origin === 0 ? null : origin };
  const journey: Journey = [];
  for (const row of rows) {
    const arrival = decodeArrival(row, frame);
    if (arrival === null || arrival.at < (journey.at(-1)?.at ?? 0)) return null;
    journey.push(arrival);
  }
  return journey;
}

/** Packs the arrivals that must stay, values cut until they fit; the first alone where even that is too much. */
function packCut(arrivals: Arrival[], maxBytes: number): string {
  const cut = arrivals.map((arrival) => structuredClone(arrival));
  const frame = { base: cut[0]?.at ?? 0, origin: null };
  for (;;) {
    const packed = `[${journeyFormatVersion},${frame.base},0,${cut.map((arrival) => encodeArrival(arrival, frame)).join(',')}]`;
    if (byteLength(packed) <= maxBytes) return packed;
    if (!cutLongestValue(cut)) cut.pop();
  }
}

/** Scheme and host of the newest landing page: most pages of a journey are on one. */
function commonOrigin(journey: Journey): string | null {
  const page = journey.findLast(({ landingPage }) => landingPage !== null)?.landingPage;
  return page ? (/^https?:\/\/[^/]+(?=\/)/.exec(page)?.[0] ?? null) : null;
}

/** A UTF-16 unit is three bytes at most: mostly there is no need to count them. */
function fits(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes || byteLength(text) <= maxBytes;
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
