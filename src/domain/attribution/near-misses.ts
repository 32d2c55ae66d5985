import { canonicalize } from '../text-values.ts';

/** Known values that are probably meant where `value` is written: other separators, or a letter or two off. Closest first. */
export function nearMisses(value: string, known: readonly string[]): string[] {
  const written = canonicalize(value);
  const bare = strip(written);
  if (bare === '') return [];
  const found = known.flatMap((candidate) => {
    const canonical = canonicalize(candidate);
    if (canonical === written) return [];
    const other = strip(canonical);
    const distance = other === bare ? 0 : sameDigits(bare, other) ? editDistance(bare, other) : Infinity;
    return distance <= tolerance(Math.min(bare.length, other.length)) ? [{ candidate, distance }] : [];
  });
  return found.toSorted((a, b) => a.distance - b.distance).map(({ candidate }) => candidate);
}

function strip(canonical: string): string {
  return canonical.replace(/[^\p{L}\p{N}]+/gu, '');
}

/** `webinar_2025` and `webinar_2026` are two campaigns, not a misspelling. */
function sameDigits(a: string, b: string): boolean {
  return a.replace(/\P{N}+/gu, '') === b.replace(/\P{N}+/gu, '');
}

export function tolerance(length: number): number {
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}

/** Damerau-Levenshtein distance (optimal string alignment): a transposition counts as one. */
export function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? Infinity;
}
