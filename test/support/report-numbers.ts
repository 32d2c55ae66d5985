import { dayMs } from './program-database.ts';

/** The arithmetic of reports written once more, for tests of the program. It shares nothing with src/db/fragments. */

export const creditUnits = 1_000_000_000;
export const weekMs = 7 * dayMs;

/** The credit that each of the moments, in order, has together with those before it: half as much for each week of age. */
function decayedUpTo(moments: number[]): number[] {
  const last = Math.max(...moments);
  const weights = moments.map((moment) => 2 ** ((moment - last) / weekMs));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let upTo = 0;
  return weights.map((weight, place) => {
    upTo += weight;
    return place === weights.length - 1 ? creditUnits : Math.round((creditUnits * upTo) / total);
  });
}

/** A journey as facts store it: touches in order, each its group times 2^30 and the decayed credit up to it. */
export function stepsOf(touches: Array<[group: number, at: number]>): string {
  if (touches.length === 0) return `[${creditUnits}]`;
  const upTo = decayedUpTo(touches.map(([, moment]) => moment));
  return JSON.stringify(touches.map(([group], place) => group * 2 ** 30 + upTo[place]!));
}

/** The bin of an interval, for medians: 256 to each hexadecimal digit. */
export function binOf(interval: number): number {
  if (interval === 0) return 0;
  const digits = Math.abs(interval).toString(16).length;
  // The first three hexadecimal digits, from 0x100 to 0xfff.
  const leading = Math.floor((Math.abs(interval) * 4096) / 16 ** digits);
  const within = leading - 256;
  const place =
    within < 256
      ? 64 + Math.floor(within / 4)
      : within < 768
        ? 128 + Math.floor((within - 256) / 8)
        : within < 1792
          ? 192 + Math.floor((within - 768) / 16)
          : 256 + Math.floor((within - 1792) / 32);
  return Math.sign(interval) * (256 * digits + place);
}

/** The UTC day of a moment as the number YYYYMMDD. */
export const dayOf = (moment: number): number =>
  Number(new Date(moment).toISOString().slice(0, 10).replaceAll('-', ''));

/** The period of each level of totals that a day lies in: month, day, year and all time. */
export const periodsOf = (day: number): [level: number, period: number][] => [
  [0, Math.floor(day / 100)],
  [1, day],
  [2, Math.floor(day / 10_000) * 100 + 1],
  [3, 0],
];
