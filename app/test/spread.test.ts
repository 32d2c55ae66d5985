import { expect, it } from 'vitest';
import { bySpread, spreadOf } from '../src/features/models/spread.ts';

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
    spreadOf({ name: 'few', values: { firstTouch: 1, leadCreation: 8 } }),
    spreadOf({ name: 'agree', values: { firstTouch: 100, leadCreation: 101 } }),
    spreadOf({ name: 'depends', values: { firstTouch: 100, leadCreation: 300 } }),
  ];
  expect(rows.toSorted(bySpread).map(({ name }) => name)).toEqual(['depends', 'agree', 'few']);
});
