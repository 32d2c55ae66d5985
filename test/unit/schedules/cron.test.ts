import { expect, test } from 'vitest';
import { cronProblem, lastDue, nextDue } from '../../../src/domain/schedules/cron.ts';

const at = Date.parse;
const times = (cron: string, timeZone: string, from: string, count: number): string[] => {
  const found: string[] = [];
  for (
    let time = nextDue({ cron, timeZone }, at(from));
    found.length < count;
    time = nextDue({ cron, timeZone }, time!)
  ) {
    found.push(new Date(time!).toISOString().slice(0, 16));
  }
  return found;
};

test('eight in the morning is eight by the clocks of the zone, in summer and in winter', () => {
  expect(times('0 8 * * 1', 'Europe/Oslo', '2026-10-18T00:00:00Z', 3)).toEqual([
    '2026-10-19T06:00',
    '2026-10-26T07:00',
    '2026-11-02T07:00',
  ]);
  expect(times('0 8 * * 1', 'America/New_York', '2026-03-01T00:00:00Z', 2)).toEqual([
    '2026-03-02T13:00',
    '2026-03-09T12:00',
  ]);
});

test('a time that clocks leave out in spring is due once, when they have gone forward', () => {
  expect(times('30 2 * * *', 'Europe/Oslo', '2026-03-28T00:00:00Z', 3)).toEqual([
    '2026-03-28T01:30',
    '2026-03-29T01:00',
    '2026-03-30T00:30',
  ]);
});

test('a time that clocks show twice in autumn is due once', () => {
  expect(times('30 2 * * *', 'Europe/Oslo', '2026-10-24T00:00:00Z', 3)).toEqual([
    '2026-10-24T00:30',
    '2026-10-25T00:30',
    '2026-10-26T01:30',
  ]);
});

test('the last time is the one before or now', () => {
  const monday = { cron: '0 8 * * 1', timeZone: 'Europe/Oslo' };
  expect(lastDue(monday, at('2026-09-07T06:00:00Z'))).toBe(at('2026-09-07T06:00:00Z'));
  expect(lastDue(monday, at('2026-09-07T05:59:59.999Z'))).toBe(at('2026-08-31T06:00:00Z'));
  expect(nextDue(monday, at('2026-09-07T06:00:00Z'))).toBe(at('2026-09-14T06:00:00Z'));
});

test.each(['', '* * * *', '* * * * * *', '60 * * * *', '0 24 * * *', 'x', '0 0 31 2 *', '@every 1s'])(
  '%j is refused',
  (cron) => {
    expect(cronProblem({ cron, timeZone: 'UTC' })).not.toBeNull();
  },
);
