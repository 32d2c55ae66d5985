import { expect, it } from 'vitest';
import { bySpread, extremesOf, spreadOf } from '../src/features/models/spread.ts';

it('says how far the models are apart: the largest less the smallest credit, over their mean', () => {
  expect(
    spreadOf({ name: 'Email', values: { firstTouch: 58, leadCreation: 176, linear: 121, markov: 134 } }),
  ).toMatchObject({
    spread: expect.closeTo(0.965, 3) as number,
    verdict: 'depends',
  });
  expect(spreadOf({ name: 'Organic Search', values: { firstTouch: 263, leadCreation: 221 } }).verdict).toBe('agree');
  expect(spreadOf({ name: 'Referral', values: { firstTouch: 29, leadCreation: 21 } }).verdict).toBe('some');
  expect(spreadOf({ name: 'Event', values: { firstTouch: 1, leadCreation: 4 } }).verdict).toBe('few');
  expect(spreadOf({ name: 'None', values: { firstTouch: 0 } })).toMatchObject({ spread: 0, verdict: 'few' });
});

it('sets first where the choice decides, and last what is too small to tell', () => {
  const rows = [
    spreadOf({ name: 'unknown', isUnknown: true, values: { firstTouch: 10, leadCreation: 400 } }),
    spreadOf({ name: 'few', values: { firstTouch: 1, leadCreation: 8 } }),
    spreadOf({ name: 'agree', values: { firstTouch: 100, leadCreation: 101 } }),
    spreadOf({ name: 'depends', values: { firstTouch: 100, leadCreation: 300 } }),
  ];
  expect(rows.toSorted(bySpread).map(({ name }) => name)).toEqual(['depends', 'agree', 'few', 'unknown']);
});

it('decides by deals, never by money, whether there are too few to tell', () => {
  const revenue = { firstTouch: 900_000, leadCreation: 300_000, linear: 500_000, markov: 1_200_000 };
  const few = { firstTouch: 3, leadCreation: 1, linear: 2, markov: 4 };
  expect(spreadOf({ name: 'Email', values: revenue, counts: few }).verdict).toBe('few');
  const many = { firstTouch: 30, leadCreation: 10, linear: 20, markov: 40 };
  const spread = spreadOf({ name: 'Email', values: revenue, counts: many });
  expect(spread.verdict).toBe('depends');
  expect(extremesOf(spread)).toEqual({ least: 'leadCreation', most: 'markov' });
});
