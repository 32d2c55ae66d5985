import { expect, test } from 'vitest';
import { fieldCases } from '../../support/field-cases.ts';
import { describeFieldCase, differencesOf, runFieldCase } from '../../support/run-field-case.ts';

test.each(fieldCases.map((one) => [describeFieldCase(one), one] as const))('%s', (_what, one) => {
  const { inForce, first, times } = runFieldCase(one);
  expect(differencesOf(inForce, one.want)).toEqual([]);
  if (one.firstTouch) expect(differencesOf(first, one.firstTouch)).toEqual([]);
  if (one.wantTimeOf !== undefined) expect(inForce.at).toBe(times[one.wantTimeOf]);
});
