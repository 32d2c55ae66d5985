import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startOfDay } from '../../src/domain/start-of-day.ts';
import { dayInZone } from '../../src/domain/time-zone.ts';

const iso = (day: string, zone: string): string => new Date(startOfDay(day, zone)).toISOString();

it('gives midnight where there is one, on either side of a change of clocks', () => {
  expect(iso('2026-03-29', 'Europe/Oslo')).toBe('2026-03-28T23:00:00.000Z');
  expect(iso('2026-03-30', 'Europe/Oslo')).toBe('2026-03-29T22:00:00.000Z');
  expect(iso('2026-10-25', 'Europe/Oslo')).toBe('2026-10-24T22:00:00.000Z');
  expect(iso('2026-10-26', 'Europe/Oslo')).toBe('2026-10-25T23:00:00.000Z');
  expect(iso('2026-06-01', 'Asia/Kathmandu')).toBe('2026-05-31T18:15:00.000Z');
  expect(iso('2026-06-01', 'Pacific/Kiritimati')).toBe('2026-05-31T10:00:00.000Z');
});

it('gives the first moment after, where clocks go forward over midnight', () => {
  expect(iso('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z');
  expect(iso('2026-04-24', 'Africa/Cairo')).toBe('2026-04-23T22:00:00.000Z');
});

it('begins a day that a zone left out where the next one begins', () => {
  expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
});

it('is on its day, and the moment before is not', () => {
  const zones = [
    'Europe/Oslo',
    'America/Sao_Paulo',
    'Africa/Cairo',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Tehran',
  ];
  const day = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, fc.constantFrom(...zones), (of, zone) => {
      const at = startOfDay(of, zone);
      expect(dayInZone(at, zone)).toBe(of);
      expect(dayInZone(at - 1, zone) < of).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
