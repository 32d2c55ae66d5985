import { maxClickIdLength } from './click-ids.ts';
import type { Arrival } from './types.ts';
import { maxValueLength } from './values.ts';

/** Written first in a packed journey. Another number is another layout, which is then read as no journey. */
export const journeyFormatVersion = 1;

const maxNameLength = 32;

/** What all rows of one packed journey share: the time they count from, and the origin their landing pages leave out. */
export type JourneyFrame = { base: number; origin: string | null };

/**
 * One arrival as a JSON array: `[ms after the base, source, medium, campaign, term, content, id, name of the click identifier, its
 * value, referrer host, landing page]`, 0 for null, trailing nulls omitted. A landing page that begins with `/` is below the
 * frame's origin.
 */
export function encodeArrival(arrival: Arrival, { base, origin }: JourneyFrame): string {
  const { utm, clickId, referrerHost, landingPage } = arrival;
  const page =
    origin !== null && landingPage?.startsWith(`${origin}/`) ? landingPage.slice(origin.length) : landingPage;
  const values = [
    utm.source,
    utm.medium,
    utm.campaign,
    utm.term,
    utm.content,
    utm.id,
    clickId?.name ?? null,
    clickId?.value ?? null,
    referrerHost,
    page,
  ];
  while (values.at(-1) === null) values.pop();
  const row: (number | string)[] = [arrival.at - base];
  for (const value of values) row.push(value ?? 0);
  return JSON.stringify(row);
}

const limits = [
  ...Array<number>(6).fill(maxValueLength),
  maxNameLength,
  maxClickIdLength,
  maxValueLength,
  maxValueLength,
];

/** The arrival in a row, or null where the row is anything else. Total. */
export function decodeArrival(row: unknown, { base, origin }: JourneyFrame): Arrival | null {
  if (!Array.isArray(row) || row.length < 1 || row.length > limits.length + 1) return null;
  const [after, ...cells] = row as unknown[];
  if (!Number.isSafeInteger(after)) return null;
  const at = base + (after as number);
  if (!isTime(at)) return null;
  const values = limits.map((limit, index) => {
    const cell = index < cells.length ? cells[index] : 0;
    return cell === 0 ? null : isText(cell, limit) ? cell : undefined;
  });
  if (values.includes(undefined)) return null;
  const [source, medium, campaign, term, content, id, name, value, referrerHost, page] = values as (string | null)[];
  if ((name === null) !== (value === null)) return null;
  const landingPage = page?.startsWith('/') ? (origin === null ? undefined : origin + page) : page;
  if (landingPage === undefined || (landingPage !== null && landingPage.length > maxValueLength)) return null;
  return {
    utm: {
      source: source ?? null,
      medium: medium ?? null,
      campaign: campaign ?? null,
      term: term ?? null,
      content: content ?? null,
      id: id ?? null,
    },
    clickId: name && value ? { name, value } : null,
    referrerHost: referrerHost ?? null,
    landingPage,
    at,
  };
}

/** A time in milliseconds since the epoch that a `Date` can hold. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 8.64e15;
}

/** Text of 1 to `maxLength` UTF-16 units. */
export function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxLength;
}
