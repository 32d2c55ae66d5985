import type { InputError } from './errors.ts';

/** Names that one answer lists. */
export const maxKnownNames = 20;
const maxShownLength = 100;
/** Letters that are compared. */
const maxComparedLength = 40;

/**
 * The mistake of a name that does not exist, with the names that do: at most 20, the nearest first.
 * @param what what the name should be of: `field`, `measure`, `parameter`.
 * @param owner begins the sentence that lists the names: `Deals have`. Unset: `Allowed`.
 * @example unknownName({ location, what: 'field', name: 'createdOn', owner: 'Deals have', known }).message
 *   // "Unknown field 'createdOn'. Deals have: createdAt, closedAt, …"
 */
export function unknownName({
  location,
  what,
  name,
  known,
  owner = 'Allowed',
}: {
  location: string;
  what: string;
  /** What was given; no text where the caller sent none. */
  name: unknown;
  known: Iterable<string>;
  owner?: string;
}): InputError {
  const names = [...new Set(known)];
  const given = typeof name === 'string' ? name : (JSON.stringify(name) ?? '');
  const nearest = nearestNames(given, names);
  const more = names.length > nearest.length ? ', …' : '';
  const listed = nearest.length === 0 ? 'none' : nearest.join(', ') + more;
  return {
    location,
    message: `Unknown ${what} '${given.slice(0, maxShownLength)}'. ${owner}: ${listed}`,
    known: nearest,
  };
}

/** At most 20 of the names, the nearest to one that does not exist first; equally near ones in their own order. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = fold(name);
  const ranked = names.map((known, index) => ({ known, index, distance: distanceOf(wanted, fold(known)) }));
  return ranked
    .toSorted((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, maxKnownNames)
    .map(({ known }) => known);
}

const fold = (name: string): string => name.slice(0, maxComparedLength).toLowerCase();

/** Edit distance; a name that holds the other one is half as far. */
function distanceOf(a: string, b: string): number {
  const distance = editDistance(a, b);
  const isPart = a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a));
  return isPart ? distance / 2 : distance;
}

/** Insertions, deletions and replacements that lead from one text to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}
