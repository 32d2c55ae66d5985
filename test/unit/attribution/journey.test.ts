import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  appendArrival,
  minJourneyBytes,
  packJourney,
  sessionTimeoutMs,
  unpackJourney,
} from '../../../src/domain/attribution/journey.ts';
import { mostTelling, rankEvidence } from '../../../src/domain/attribution/read-evidence.ts';
import type { Arrival, Journey } from '../../../src/domain/attribution/types.ts';
import { anyArrival, anyJourney, arrival, day, minute, start } from './arrivals.ts';

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const firstTelling = (journey: Journey): Arrival | undefined => mostTelling(journey)[0];

describe('appendArrival', () => {
  const linkedin = arrival(start, 'utm_source=linkedin');
  const journey = [linkedin];

  test.each<[string, Journey, Arrival, boolean]>([
    ['direct begins a journey', [], arrival(start), true],
    ['direct within a visit adds nothing', journey, arrival(start + sessionTimeoutMs - 1), false],
    ['direct after a visit is added', journey, arrival(start + sessionTimeoutMs), true],
    ['the same evidence within a visit adds nothing', journey, arrival(start + minute, 'utm_source=linkedin'), false],
    [
      'the same evidence after a visit is added',
      journey,
      arrival(start + sessionTimeoutMs, 'utm_source=linkedin'),
      true,
    ],
    ['other evidence is added at once', journey, arrival(start + 1, 'utm_source=facebook'), true],
    [
      'another click on the same ad is added at once',
      journey,
      arrival(start + 1, 'utm_source=linkedin&li_fat_id=a'),
      true,
    ],
    [
      'a return from payment within a visit adds nothing',
      journey,
      arrival(start + 1, '', 'https://www.paypal.com/'),
      false,
    ],
  ])('%s', (_what, given, next, added) => {
    expect(appendArrival(given, next)).toEqual(added ? [...given, next] : given);
  });

  test('a reload adds nothing where its evidence stands anywhere in the journey', () => {
    const long = [linkedin, arrival(start + day, 'utm_source=facebook')];
    const again = arrival(start + 9 * day, 'utm_source=linkedin');
    expect(appendArrival(long, again, { renavigated: true })).toBe(long);
    expect(appendArrival(long, arrival(start + 9 * day), { renavigated: true })).toBe(long);
    expect(appendArrival(long, again)).toHaveLength(3);
    expect(appendArrival(long, arrival(start + 9 * day, 'utm_source=x'), { renavigated: true })).toHaveLength(3);
  });

  test('a page opened from another page of the site is no arrival, but begins an empty journey', () => {
    expect(appendArrival(journey, arrival(start + day), { isInternal: true })).toBe(journey);
    expect(appendArrival([], arrival(start), { isInternal: true })).toHaveLength(1);
    expect(appendArrival(journey, arrival(start + 1, 'utm_source=banner'), { isInternal: true })).toHaveLength(2);
  });

  test('an arrival told late takes its place by time', () => {
    const later = arrival(start + day, 'utm_source=facebook');
    const early = arrival(start - day, 'utm_source=google');
    expect(appendArrival([linkedin, later], early)).toEqual([early, linkedin, later]);
  });

  test('the given journey is left as it was', () => {
    const given = Object.freeze([linkedin]) as Journey;
    expect(appendArrival(given, arrival(start + day))).toHaveLength(2);
  });

  test('is idempotent and keeps the order of time', () => {
    fc.assert(
      fc.property(anyJourney, anyArrival, fc.boolean(), fc.boolean(), (given, next, renavigated, isInternal) => {
        const once = appendArrival(given, next, { renavigated, isInternal });
        expect(appendArrival(once, next, { renavigated, isInternal })).toEqual(once);
        expect(once.map(({ at }) => at)).toEqual(once.map(({ at }) => at).toSorted((a, b) => a - b));
      }),
    );
  });
});

describe('one click', () => {
  const brand = arrival(
    start,
    'utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=G',
    'https://www.google.com/',
  );

  test.each<[string, Arrival, boolean]>([
    ['a page that repeats its click identifier, at any time', arrival(start + 40 * day, 'gclid=G'), false],
    ['a page that repeats some of its values within the visit', arrival(start + minute, 'utm_source=google'), false],
    ['some of its values in another visit', arrival(start + day, 'utm_source=google'), true],
    ['the same click identifier on a copied link', arrival(start + day, 'gclid=G', 'https://www.linkedin.com/'), true],
    ['another click identifier', arrival(start + minute, 'gclid=H'), true],
    ['the same referrer without a mark', arrival(start + minute, '', 'https://www.google.com/'), true],
    ['a campaign alone within the visit', arrival(start + minute, 'utm_campaign=other'), false],
    ['a campaign alone in another visit', arrival(start + day, 'utm_campaign=other'), true],
  ])('%s', (_what, next, added) => {
    expect(appendArrival([brand], next)).toHaveLength(added ? 2 : 1);
  });

  test('a campaign alone is added where nothing is known', () => {
    expect(appendArrival([arrival(start)], arrival(start + minute, 'utm_campaign=a'))).toHaveLength(2);
  });
});

describe('packJourney', () => {
  test('is compact', () => {
    const packed = packJourney([arrival(start, 'utm_source=linkedin&utm_medium=social'), arrival(start + day)], 2000);
    expect(packed).toBe(
      '[1,1788256800000,"https://firma.no",[0,"linkedin","social",0,0,0,0,0,0,0,"/side"],[86400000,0,0,0,0,0,0,0,0,0,"/side"]]',
    );
  });

  test('what fits comes back whole', () => {
    fc.assert(
      fc.property(anyJourney, (journey) => {
        expect(unpackJourney(packJourney(journey, 1_000_000))).toEqual(journey);
      }),
    );
  });

  test('the bound holds, the first touch and the latest stay, and what lies between is the newest', () => {
    fc.assert(
      fc.property(anyJourney, fc.integer({ min: 640, max: 4000 }), (journey, maxBytes) => {
        const packed = packJourney(journey, maxBytes);
        expect(bytes(packed)).toBeLessThanOrEqual(maxBytes);
        const kept = unpackJourney(packed);
        if (kept === null) return expect.fail('a packed journey is read again');
        expect(kept.length > 0).toBe(journey.length > 0);
        const first = firstTelling(journey);
        expect(firstTelling(kept)?.at).toBe(first?.at);
        expect(mostTelling(kept).at(-1)?.at).toBe(mostTelling(journey).at(-1)?.at);
      }),
      { numRuns: 300 },
    );
  });

  test('between the first touch and the latest, the newest stay, without a gap', () => {
    const journey = Array.from({ length: 30 }, (_, index) =>
      arrival(start + index * day, `utm_source=source-${index}`),
    );
    const kept = unpackJourney(packJourney(journey, 640)) ?? [];
    const places = kept.map((one) => journey.findIndex(({ at }) => at === one.at));
    expect(places.length).toBeGreaterThan(4);
    expect(places).toEqual([0, ...places.slice(1).map((_, index) => 30 - places.length + 1 + index)]);
  });

  test('even in the least room the first touch stays', () => {
    fc.assert(
      fc.property(anyJourney, (journey) => {
        const packed = packJourney(journey, minJourneyBytes);
        expect(bytes(packed)).toBeLessThanOrEqual(minJourneyBytes);
        const first = firstTelling(journey);
        const kept = firstTelling(unpackJourney(packed) ?? []);
        expect(kept?.at).toBe(first?.at);
        expect(kept && rankEvidence(kept)).toBe(first && rankEvidence(first));
      }),
      { numRuns: 300 },
    );
  });

  test('a click identifier is cut last of all', () => {
    const big = arrival(
      start,
      `utm_campaign=${'c'.repeat(255)}&utm_content=${'æ'.repeat(255)}&gclid=${'g'.repeat(200)}`,
    );
    const kept = unpackJourney(packJourney([big], 400))?.[0];
    expect(kept?.clickIds[0]?.value).toHaveLength(200);
    expect(kept?.utm.campaign?.length).toBeLessThan(255);
  });

  test('less room than the least is a mistake of the caller', () => {
    expect(() => packJourney([], minJourneyBytes - 1)).toThrow(RangeError);
  });

  test('an empty journey comes back empty', () => {
    expect(unpackJourney(packJourney([], 1000))).toEqual([]);
  });
});

describe('unpackJourney', () => {
  test('reads what was packed before an arrival had several click identifiers', () => {
    const old =
      '[1,0,"https://firma.no",[5,"google","cpc",0,0,0,0,"gclid","Ab","google.com","/side"],[9,0,0,0,0,0,0,0,0,"nrk.no"]]';
    const read = unpackJourney(old);
    expect(read?.map(({ clickIds }) => clickIds)).toEqual([[{ name: 'gclid', value: 'Ab' }], []]);
    expect(unpackJourney(packJourney(read!, 4_000))).toEqual(read);
  });

  test.each([
    '',
    'null',
    '{}',
    '[]',
    '[2]',
    '[1,0]',
    '[1,0,0]',
    '[1,-5,0,[0]]',
    '[1,"0",0,[0]]',
    '[1,0,"",[0]]',
    '[1,0,0,0]',
    '[1,0,0,[]]',
    '[1,0,0,[1.5]]',
    '[1,0,0,[-1]]',
    '[1,0,0,[5],[4]]',
    '[1,0,0,[0,""]]',
    '[1,0,0,[0,null]]',
    '[1,0,0,[0,1]]',
    '[1,0,0,[0,{"a":1}]]',
    `[1,0,0,[0,"${'x'.repeat(256)}"]]`,
    `[1,0,0,[0,0,0,0,0,0,0,"gclid","${'x'.repeat(513)}"]]`,
    '[1,0,0,[0,0,0,0,0,0,0,"gclid"]]',
    '[1,0,0,[0,0,0,0,0,0,0,0,"x"]]',
    '[1,0,0,[0,0,0,0,0,0,0,0,0,0,"/side"]]',
    `[1,0,"https://firma.no",[0,0,0,0,0,0,0,0,0,0,"/${'x'.repeat(250)}"]]`,
    '[1,0,0,[0,0,0,0,0,0,0,0,0,0,0,0]]',
    '[1,0,0,[0,0,0,0,0,0,0,"gclid","a",0,0,"fbclid"]]',
    '[1,0,0,[0,0,0,0,0,0,0,"gclid","a",0,0,0,"b"]]',
    `[1,0,0,[0,0,0,0,0,0,0,"gclid","a",0,0${',"fbclid","b"'.repeat(8)}]]`,
    '[1,9007199254740993,0,[0]]',
  ])('%s is no journey', (packed) => {
    expect(unpackJourney(packed)).toBeNull();
  });

  test('a text changed anywhere gives null or a journey in order, never an error', () => {
    fc.assert(
      fc.property(
        anyJourney,
        fc.nat(),
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.nat(4),
        (journey, place, put, drop) => {
          const packed = packJourney(journey, 4000);
          const at = place % (packed.length + 1);
          const read = unpackJourney(packed.slice(0, at) + put + packed.slice(at + drop));
          if (read === null) return;
          expect(read.map((one) => one.at)).toEqual(read.map((one) => one.at).toSorted((a, b) => a - b));
          expect(unpackJourney(packJourney(read, 1_000_000))).toEqual(read);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any JSON gives null or a journey', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const read = unpackJourney(text);
        expect(read === null || Array.isArray(read)).toBe(true);
      }),
    );
  });
});
