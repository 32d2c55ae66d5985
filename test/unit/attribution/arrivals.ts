import * as fc from 'fast-check';

import { utmFields } from '../../../src/domain/attribution/origin-fields.ts';
import { recordOf } from '../../../src/domain/record-of.ts';
import { clickIdPlatforms, maxClickIds } from '../../../src/domain/attribution/click-ids.ts';
import { readEvidence } from '../../../src/domain/attribution/read-evidence.ts';
import type { Arrival, ClickId, Evidence, Journey } from '../../../src/domain/attribution/types.ts';
import { cleanValue } from '../../../src/domain/text-values.ts';

export const minute = 60_000;
export const day = 24 * 60 * minute;
export const start = Date.UTC(2026, 8, 1, 10);

/** Evidence of a page on firma.no with this query, from this referrer. */
export function evidence(query = '', referrer: string | null = null): Evidence {
  return readEvidence({ pageUrl: `https://firma.no/side${query && `?${query}`}`, referrer });
}

export function arrival(at: number, query = '', referrer: string | null = null): Arrival {
  return { ...evidence(query, referrer), at };
}

const value = (maxLength = 255): fc.Arbitrary<string | null> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    {
      weight: 3,
      arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => cleanValue(text, maxLength)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('linkedin', '/', '0', '"', '\\', 'æ'.repeat(maxLength), '𝒂'.repeat(maxLength >> 1)),
    },
  );

const landingPage = fc.oneof(
  fc.constant(null),
  fc.constantFrom(
    'https://firma.no/',
    'https://firma.no/kurs',
    'https://shop.firma.no/a/b',
    `https://firma.no/${'x'.repeat(230)}`,
  ),
  fc.webUrl().map((pageUrl) => readEvidence({ pageUrl, referrer: null }).landingPage),
);

/** Any evidence that reading could give. */
export const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  utm: fc.record(recordOf(utmFields, () => value())),
  clickIds: fc.oneof(
    fc.constant<ClickId[]>([]),
    fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(...clickIdPlatforms.map(({ name }) => name)),
        value: value(512).map((id) => id ?? 'x'),
      }),
      { maxLength: maxClickIds, selector: ({ name, value: id }) => `${name}=${id}` },
    ),
  ),
  referrerHost: fc.option(
    fc.constantFrom('linkedin.com', 'google.no', 'm.facebook.com', 'nrk.no', 'paypal.com', 'android-app://com.slack'),
  ),
  landingPage,
});

const direct: fc.Arbitrary<Evidence> = landingPage.map((page) => ({ ...evidence(), landingPage: page }));

export const anyArrival: fc.Arbitrary<Arrival> = fc
  .tuple(fc.oneof(anyEvidence, direct), fc.integer({ min: 0, max: 400 * day }))
  .map(([read, after]) => ({ ...read, at: start + after }));

export const anyJourney: fc.Arbitrary<Journey> = fc
  .array(anyArrival, { maxLength: 40 })
  .map((arrivals) => arrivals.toSorted((a, b) => a.at - b.at));
