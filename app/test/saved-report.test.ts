import { expect, it } from 'vitest';
import { isChangedFrom, noFilter, readQuestion, writeList } from '../src/features/sources/report-address.ts';
import { cronOf, periodOf, periodToSave, restOf, searchOf } from '../src/features/sources/saved-report.ts';

const saved = {
  measures: ['leads', 'revenue'],
  dimensions: ['source'],
  attribution: ['leadCreation', 'markov'],
  filter: { channel: ['Email', null] },
  sort: [{ field: 'revenue', direction: 'desc' as const }],
  period: { relative: 'last90Days' },
  where: { all: [] },
  timeZone: 'Europe/Oslo',
  limit: 50,
};

it('reads a saved report as an address would ask it, and lets the address say what differs', () => {
  const base = searchOf(saved);
  expect(readQuestion({}, base)).toMatchObject({
    measures: ['leads', 'revenue'],
    attribution: ['leadCreation', 'markov'],
    filter: { channel: ['Email'] },
    sort: { field: 'revenue', direction: 'desc' },
  });
  expect(isChangedFrom({ period: 'all', why: 'x:leads' }, base)).toBe(false);
  expect(readQuestion({ 'filter.channel': noFilter }, base).filter).toEqual({});
  expect(isChangedFrom({ 'filter.channel': noFilter }, base)).toBe(true);
  // What the saved report has is left out of the address; the default of a question that is not saved is not.
  expect(writeList('measures', ['leads', 'revenue'], base)).toEqual({ measures: undefined });
  expect(writeList('dimensions', ['source', 'medium'], base)).toEqual({ dimensions: 'source,medium' });
  // What the screen does not show is kept.
  expect(restOf(saved)).toEqual({ where: { all: [] } });
});

it('keeps a period that moves with today', () => {
  expect(periodOf(saved, '2026-09-01')).toEqual({ from: '2026-06-04', to: '2026-09-01' });
  expect(periodOf({ period: { relative: 'thisMonth' } }, '2026-09-01')).toEqual({ period: 'thisMonth' });
  expect(periodOf({ period: { from: '2026-01-01', to: '2026-02-01' } }, '2026-09-01')).toEqual({
    from: '2026-01-01',
    to: '2026-02-01',
  });
  const days = { from: '2026-01-01', to: '2026-09-01' };
  expect(periodToSave({ period: 'thisYear' }, days)).toEqual({ relative: 'thisYear' });
  expect(periodToSave({ period: 'custom' }, days)).toEqual(days);
});

it('writes the choice of a time as a cron expression', () => {
  expect(cronOf({ every: 'week', weekday: 1, time: '08:00' })).toBe('0 8 * * 1');
  expect(cronOf({ every: 'workday', weekday: 1, time: '07:30' })).toBe('30 7 * * 1-5');
  expect(cronOf({ every: 'month', weekday: 1, time: '00:05' })).toBe('5 0 1 * *');
});
