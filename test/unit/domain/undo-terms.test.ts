import { expect, it } from 'vitest';
import { refuseLateUndo, undoTerms, undoableSince } from '../../../src/domain/undo-terms.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const at = Date.parse('2026-01-01T00:00:00Z');

it('says until when something can be undone, and who may', () => {
  expect(undoTerms('spamCluster', at)).toEqual({ undoableUntil: '2026-04-01T00:00:00.000Z', undoableBy: 'write' });
  expect(undoTerms('companyMerge', at)).toEqual({ undoableUntil: null, undoableBy: 'write' });
  expect(undoTerms('reclassification', at)).toEqual({ undoableUntil: null, undoableBy: 'admin' });
});

it('refuses what comes later, by the time that the answer says', () => {
  const last = at + 90 * dayMs;
  expect(() => refuseLateUndo('spamCluster', { at, now: last })).not.toThrow();
  expect(() => refuseLateUndo('spamCluster', { at, now: last + 1 })).toThrow(
    'This spam cluster could be undone until 2026-04-01T00:00:00.000Z, 90 days after it was made. That time is over.',
  );
  expect([undoableSince('spamCluster', last) <= at, undoableSince('spamCluster', last + 1) <= at]).toEqual([
    true,
    false,
  ]);
  expect(() => refuseLateUndo('companyMerge', { at, now: last * 10 })).not.toThrow();
});
