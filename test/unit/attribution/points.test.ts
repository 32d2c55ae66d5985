import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { appendArrival } from '../../../src/domain/attribution/journey.ts';
import { combineMarks, firstTouch, originInForce } from '../../../src/domain/attribution/points.ts';
import { rankEvidence, readEvidence } from '../../../src/domain/attribution/read-evidence.ts';
import { defaultRules, resolveTouch } from '../../../src/domain/attribution/resolve-origin.ts';
import type { Evidence, Journey } from '../../../src/domain/attribution/types.ts';
import { readInbound } from '../../../src/domain/capture/lead.ts';
import type { InboundSubmission } from '../../../src/domain/capture/lead.ts';
import { anyEvidence, anyJourney, arrival, day, evidence, minute, start } from './arrivals.ts';

const lookBackDays = 90;

function inForce(page: Evidence | null, journey: Journey, at: number, referrer: Evidence | null = null) {
  return originInForce({ page, journey, at, lookBackDays, referrer });
}

describe('the worked example: a LinkedIn ad, away, a Facebook ad, the form', () => {
  const linkedin = {
    ...readEvidence({
      pageUrl: 'https://firma.no/?utm_source=linkedin&utm_medium=paid-social&utm_campaign=webinar_sept&li_fat_id=AbC',
      referrer: 'https://www.linkedin.com/',
    }),
    at: start,
  };
  const page = readEvidence({
    pageUrl: 'https://firma.no/signup?utm_source=facebook&utm_medium=paid-social&utm_campaign=retarget&fbclid=IwAR1',
    referrer: 'https://l.facebook.com/',
  });
  const facebook = { ...page, at: start + 3 * day };
  const at = start + 3 * day + 4 * minute;
  const rules = defaultRules([]);
  const journey = [linkedin, facebook].reduce<Journey>((known, next) => appendArrival(known, next), []);

  test('first touch is LinkedIn, lead creation is Facebook, each whole and at its own time', () => {
    const lead = inForce(page, journey, at);
    const first = firstTouch({ journey, inForce: lead });
    expect(lead).toEqual(facebook);
    expect(first).toEqual(linkedin);
    expect(resolveTouch(first, rules)).toMatchObject({
      source: 'linkedin',
      campaign: 'webinar_sept',
      channel: 'Paid Social',
      at: start,
    });
    expect(resolveTouch(lead, rules)).toMatchObject({
      source: 'facebook',
      campaign: 'retarget',
      channel: 'Paid Social',
      at: facebook.at,
    });
  });

  test('without a journey the form page alone gives both', () => {
    const lead = inForce(page, [], at);
    expect(lead).toEqual({ ...page, at });
    expect(firstTouch({ journey: [], inForce: lead })).toEqual(lead);
  });

  test('the form on a page without utm takes the journey', () => {
    const plain = readEvidence({ pageUrl: 'https://firma.no/signup', referrer: 'https://firma.no/' });
    expect(inForce(plain, journey, at)).toEqual(facebook);
  });
});

describe('originInForce', () => {
  const google = arrival(start, 'gclid=A', 'https://www.google.com/');
  const direct = arrival(start + day);
  const at = start + 2 * day;

  test('utm on the page of the form beats the journey', () => {
    expect(inForce(evidence('utm_source=x'), [google], at)).toEqual({ ...evidence('utm_source=x'), at });
  });

  test('a click identifier on the page of the form beats the journey', () => {
    expect(inForce(evidence('gclid=B'), [google], at)).toEqual({ ...evidence('gclid=B'), at });
  });

  test('the same mark on the page is the arrival itself, the latest of them, referrer and time included', () => {
    const again = { ...google, at: start + day };
    expect(inForce(evidence('gclid=A'), [google, again], at)).toBe(again);
  });

  test('the same mark beyond look-back is seen anew', () => {
    const late = start + 91 * day;
    expect(inForce(evidence('gclid=A'), [google], late).at).toBe(late);
  });

  test('direct never replaces a known origin', () => {
    expect(inForce(evidence(), [google, direct], at)).toBe(google);
  });

  test('a return from payment never replaces a known origin', () => {
    expect(
      inForce(
        evidence('', 'https://www.paypal.com/'),
        [google, arrival(start + day, '', 'https://www.paypal.com/')],
        at,
      ),
    ).toBe(google);
  });

  test.each([
    ['the last millisecond of look-back counts', 90 * day, true],
    ['the next one does not', 90 * day + 1, false],
  ])('%s', (_what, after, counts) => {
    const found = inForce(evidence(), [google], start + after);
    expect(found).toEqual(counts ? google : { ...evidence(), at: start + after });
  });

  test('an arrival after the submission does not count', () => {
    expect(inForce(null, [google, arrival(at + 1, 'utm_source=later')], at)).toBe(google);
  });

  test('the referrer counts where the journey knows nothing', () => {
    const page = evidence('', 'https://nrk.no/');
    expect(inForce(page, [], at)).toEqual({ ...page, at });
    expect(inForce(page, [google], at)).toBe(google);
    expect(inForce(evidence(), [direct], at, evidence('', 'https://nrk.no/')).referrerHost).toBe('nrk.no');
  });

  test('nothing known is direct, at the time and on the page of the form', () => {
    const found = inForce(evidence(), [direct], at);
    expect(rankEvidence(found)).toBe(0);
    expect(found).toMatchObject({ at, landingPage: 'https://firma.no/side' });
    expect(inForce(null, [], at)).toMatchObject({ at, landingPage: null });
  });
});

describe('firstTouch', () => {
  const at = start + 400 * day;

  test('has no look-back', () => {
    const old = arrival(start, 'utm_source=linkedin');
    const lead = inForce(evidence(), [old], at);
    expect(rankEvidence(lead)).toBe(0);
    expect(firstTouch({ journey: [old], inForce: lead })).toBe(old);
  });

  test('is the earliest that is not direct', () => {
    const journey = [arrival(start), arrival(start + 1, 'utm_source=a'), arrival(start + 2, 'utm_source=b')];
    expect(firstTouch({ journey, inForce: inForce(evidence(), journey, at) })).toBe(journey[1]);
  });

  test('is the earliest direct where nothing else is known', () => {
    const journey = [arrival(start), arrival(start + day)];
    expect(firstTouch({ journey, inForce: inForce(evidence(), journey, at) })).toBe(journey[0]);
  });

  test('is never later than the origin in force, nor less known', () => {
    fc.assert(
      fc.property(
        fc.option(anyEvidence),
        anyJourney,
        fc.integer({ min: 0, max: 500 * day }),
        (page, journey, after) => {
          const lead = inForce(page, journey, start + after);
          const first = firstTouch({ journey, inForce: lead });
          expect(first.at).toBeLessThanOrEqual(lead.at);
          expect(lead.at).toBeLessThanOrEqual(start + after);
          expect(rankEvidence(first)).toBeGreaterThanOrEqual(rankEvidence(lead));
          expect(first === lead || journey.includes(first)).toBe(true);
        },
      ),
    );
  });
});

describe('combineMarks', () => {
  const page = evidence('utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=G');
  const hidden = (query: string) => evidence(query);

  test.each([
    ['nothing hidden', null, page],
    ['placeholders', hidden('utm_source=null&gclid=undefined'), page],
    ['part of what the page shows', hidden('utm_source=Google&gclid=G'), page],
    [
      'another click identifier beside it',
      hidden('fbclid=F'),
      { ...page, clickIds: [...page.clickIds, { name: 'fbclid', value: 'F' }] },
    ],
  ])('%s leaves the page as it is, or adds to it', (_what, given, expected) => {
    expect(combineMarks({ hidden: given, page })).toEqual(expected);
  });

  test('fields that contradict the page come first, with their own click ids', () => {
    const given = hidden('utm_source=newsletter');
    expect(combineMarks({ hidden: given, page })).toMatchObject({ utm: given.utm, clickIds: [] });
  });

  test('the text of placeholders stays where the page says nothing', () => {
    const given = hidden('utm_source=(direct)');
    expect(combineMarks({ hidden: given, page: evidence() }).utm.source).toBe('(direct)');
  });
});

test('a submission that was kept before arrivals had several click ids is read as it is written now', () => {
  const clickId = { name: 'gclid', value: 'G' };
  const utm = { source: null, medium: null, campaign: null, term: null, content: null, id: null };
  const stored = {
    journey: [
      { utm, clickId, referrerHost: null, landingPage: null, at: 1 },
      { utm, clickId: null, referrerHost: 'nrk.no', landingPage: null, at: 2 },
    ],
    hiddenOrigin: { utm, clickId },
  };
  const read = readInbound(stored as unknown as InboundSubmission);
  expect(read.journey.map(({ clickIds }) => clickIds)).toEqual([[clickId], []]);
  expect(read.hiddenOrigin).toEqual({ utm, clickIds: [clickId] });
  expect(readInbound(read)).toEqual(read);
});
