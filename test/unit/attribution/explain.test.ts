import { expect, test } from 'vitest';

import { explain } from '../../../src/domain/attribution/explain.ts';
import { defaultRules } from '../../../src/domain/attribution/resolve-origin.ts';

const rules = defaultRules([]);

test('a stale gclid in a link shared on LinkedIn is LinkedIn, and says why', () => {
  expect(
    explain({ u: 'https://firma.no/kurs?gclid=Old&utm_campaign=q3', r: 'https://www.linkedin.com/', rules }),
  ).toEqual({
    origin: {
      channel: 'Organic Social',
      source: 'linkedin',
      medium: 'social',
      campaign: 'q3',
      term: null,
      content: null,
      id: null,
      clickId: { name: 'gclid', value: 'Old' },
      clickIds: [{ name: 'gclid', value: 'Old' }],
      referrerDomain: 'linkedin.com',
      landingPage: 'https://firma.no/kurs',
    },
    reasons: {
      origin: { rule: 'referrer', detail: 'linkedin.com: social' },
      channel: { from: 'default', row: 12 },
      passedOver: [{ evidence: 'clickId', value: 'gclid', reason: 'referrerSaysOtherwise' }],
    },
  });
});

test("the site's own page as a referrer is passed over, and said to be", () => {
  const { origin, reasons } = explain({ u: 'https://firma.no/', r: 'https://shop.firma.no/kasse', rules });
  expect(origin.channel).toBe('Direct');
  expect(reasons.passedOver).toEqual([{ evidence: 'referrer', value: 'shop.firma.no', reason: 'ownSite' }]);
});

test.each([
  [null, null],
  ['', ''],
  ['%%%', 'not a url'],
])('%j from %j is direct', (u, r) => {
  expect(explain({ u, r, rules }).origin).toMatchObject({ channel: 'Direct', landingPage: null });
});
