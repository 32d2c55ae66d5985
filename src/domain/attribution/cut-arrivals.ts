import type { Arrival } from './types.ts';
import { cutText } from '../text-values.ts';

type Cell = { text: string | null; write: (text: string) => void };

/**
 * Makes some arrivals smaller, in place: all click identifiers but the last of each URL go first, then the longest value is halved; the
 * remaining click identifier last of all, since the platform knows only the whole one. False where every value is down to two units,
 * so that evidence is shortened and never lost.
 */
export function cutLongestValue(arrivals: Arrival[]): boolean {
  const crowded = arrivals.find(({ clickIds }) => clickIds.length > 1);
  if (crowded) {
    crowded.clickIds.shift();
    return true;
  }
  for (const cells of [arrivals.flatMap(valueCells), arrivals.flatMap(clickIdCell)]) {
    const longest = cells.toSorted((a, b) => length(b) - length(a))[0];
    if (longest?.text && longest.text.length > 2) {
      longest.write(cutText(longest.text, Math.max(2, longest.text.length >> 1)));
      return true;
    }
  }
  return false;
}

function valueCells(arrival: Arrival): Cell[] {
  const { utm } = arrival;
  const fields = Object.keys(utm) as (keyof typeof utm)[];
  return [
    ...fields.map((field) => ({ text: utm[field], write: (text: string) => void (utm[field] = text) })),
    { text: arrival.referrerHost, write: (text) => void (arrival.referrerHost = text) },
    { text: arrival.landingPage, write: (text) => void (arrival.landingPage = text) },
  ];
}

function clickIdCell({ clickIds }: Arrival): Cell[] {
  return clickIds.map((clickId) => ({ text: clickId.value, write: (text) => void (clickId.value = text) }));
}

function length({ text }: Cell): number {
  return text?.length ?? 0;
}
