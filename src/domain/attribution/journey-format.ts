import { maxClickIdLength, maxClickIds } from './click-ids.ts';
import { pairedUtm, placedUtm } from './origin-lists.ts';
import { packPairs, packPlaces, unpackPair, unpackPlaces } from './packed-utm.ts';
import type { Arrival, ClickId } from './types.ts';
import { maxValueLength } from '../text-values.ts';

/** Written first in a packed journey. Another number is another layout, which is then read as no journey. */
export const journeyFormatVersion = 1;

const maxNameLength = 32;

/** What all rows of one packed journey share: the time they count from, and the origin their landing pages leave out. */
export type JourneyFrame = { base: number; origin: string | null };

/**
 * One arrival as a JSON array: `[ms after the base, source, medium, campaign, term, content, id, name of the first click identifier,
 * its value, referrer host, landing page, name and value of each further click identifier …, parameter and value of each utm value
 * without a place …]`, 0 for null, trailing nulls omitted. A landing page that begins with `/` is below the frame's origin.
 */
export function encodeArrival(arrival: Arrival, { base, origin }: JourneyFrame): string {
  const { utm, clickIds, referrerHost, landingPage } = arrival;
  const [clickId, ...more] = clickIds;
  const page =
    origin !== null && landingPage?.startsWith(`${origin}/`) ? landingPage.slice(origin.length) : landingPage;
  const values = [
    ...packPlaces(utm),
    clickId?.name ?? null,
    clickId?.value ?? null,
    referrerHost,
    page,
    ...more.flatMap(({ name, value }) => [name, value]),
    ...packPairs(utm),
  ];
  while (values.at(-1) === null) values.pop();
  const row: (number | string)[] = [arrival.at - base];
  for (const value of values) row.push(value ?? 0);
  return JSON.stringify(row);
}

const idLimits = [maxNameLength, maxClickIdLength];
const limits = [...Array<number>(placedUtm.length).fill(maxValueLength), ...idLimits, maxValueLength, maxValueLength];
const maxCells = limits.length + 2 * (maxClickIds - 1 + pairedUtm.length);

/** The arrival in a row, or null where the row is anything else. Total. */
export function decodeArrival(row: unknown, { base, origin }: JourneyFrame): Arrival | null {
  if (!Array.isArray(row) || row.length < 1 || row.length > maxCells + 1) return null;
  const [after, ...cells] = row as unknown[];
  if (!Number.isSafeInteger(after)) return null;
  const at = base + (after as number);
  if (!isTime(at)) return null;
  const texts = cells.map((cell, index) => {
    const limit = limits[index] ?? idLimits[index % 2]!;
    return cell === 0 ? null : isText(cell, limit) ? cell : undefined;
  });
  if (texts.includes(undefined)) return null;
  const [name, id, referrerHost = null, page = null, ...more] = texts.slice(placedUtm.length);
  const pairs = decodePairs([name, id, ...more]);
  if (pairs === null) return null;
  const landingPage = page?.startsWith('/') ? (origin === null ? undefined : origin + page) : page;
  if (landingPage === undefined || (landingPage !== null && landingPage.length > maxValueLength)) return null;
  const utm = unpackPlaces(texts);
  const clickIds = pairs.filter(({ name, value }) => !unpackPair(utm, name, value));
  return clickIds.length > maxClickIds ? null : { utm, clickIds, referrerHost, landingPage, at };
}

/** Pairs of name and value; the first may be missing. Null where one of a pair stands alone. */
function decodePairs(cells: (string | null | undefined)[]): ClickId[] | null {
  const pairs: ClickId[] = [];
  for (let index = 0; index < cells.length; index += 2) {
    const [name, value] = [cells[index], cells[index + 1]];
    if (name && value) pairs.push({ name, value });
    else if (index > 0 || name || value) return null;
  }
  return pairs;
}

/** A time in milliseconds since the epoch that a `Date` can hold. */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 8.64e15;
}

/** Text of 1 to `maxLength` UTF-16 units. */
export function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxLength;
}
