import { expect, test } from 'vitest';

import { nearMisses } from '../../../src/domain/attribution/near-misses.ts';

const known = ['linkedin', 'facebook', 'google', 'newsletter', 'webinar_2025', 'x', 'sms', 'høst'];

test.each([
  ['linked-in', ['linkedin']],
  ['Linked In', ['linkedin']],
  ['linkdin', ['linkedin']],
  ['linkeidn', ['linkedin']],
  ['facbook', ['facebook']],
  ['goggle', ['google']],
  ['newsletters', ['newsletter']],
  ['webinar-2025', ['webinar_2025']],
  ['webinar_2026', []],
  ['LinkedIn', []],
  ['linkedin', []],
  ['mms', []],
  ['y', []],
  ['host', ['høst']],
  ['twitter', []],
  ['', []],
  ['---', []],
])('%j: %j', (value, meant) => {
  expect(nearMisses(value, known)).toEqual(meant);
});

test('the closest comes first', () => {
  expect(nearMisses('news_letter', ['newsleter', 'newsletter'])).toEqual(['newsletter', 'newsleter']);
});
