import type { InputError } from './errors.ts';

/** Names that an answer lists, the nearest to the wrong one first. */
const maxKnown = 20;
/** Longer names are compared by their beginning. */
const maxCompared = 60;
const maxShown = 100;

/**
 * A name that does not exist, with those that do, the nearest first.
 * @param what the kind of name as it stands in the message: `field`, `parameter`.
 * @param owner whose names they are, in the plural: `Deals`.
 */
export function unknownName({
  location,
  what,
  name,
  owner,
  known,
}: {
  location: string;
  what: string;
  name: string;
  owner: string;
  known: Iterable<string>;
}): InputError {
  const names = nearestNames(name, known);
  const shown = name.length > maxShown ? `${name.slice(0, maxShown)}…` : name;
  const rest = names.length === 0 ? 'none' : names.join(', ');
  return { location, message: `Unknown ${what} '${shown}'. ${owner}: ${rest}.`, known: names };
}

/** At most 20 of the known names, those that differ least from the given one first. */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  const given = name.toLowerCase().slice(0, maxCompared);
  return [...new Set(known)]
    .map((candidate, index) => ({ candidate, index, distance: distanceOf(given, candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, maxKnown)
    .map(({ candidate }) => candidate);
}

/** Letters to change; a name that is a part of the other is nearer than any that is not. */
function distanceOf(given: string, candidate: string): number {
  if (given !== '' && (candidate.includes(given) || given.includes(candidate))) {
    return Math.abs(candidate.length - given.length) / 100;
  }
  return 1 + editDistance(given, candidate.slice(0, maxCompared));
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    last = row;
  }
  return last[b.length]!;
}
