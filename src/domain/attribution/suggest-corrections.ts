import { canonicalize } from '../text-values.ts';
import { editDistance, tolerance } from './near-misses.ts';

/** A value in use, and what it brought. */
export type UsedValue = {
  field: string;
  value: string;
  label: string;
  firstSeenAt: number;
  leads: number;
  leadsWithDeal: number;
  revenue: Array<{ amountMinor: number; currency: string }>;
};

export type RefusalReason = 'numbersDiffer' | 'bothWellUsed' | 'notTheSame';
export type Cluster = { canonical: UsedValue; others: UsedValue[] };
export type Refusal = { first: UsedValue; second: UsedValue; reason: RefusalReason };

/** From so many leads on, and so large a part of the other's, a value is a name of its own and no slip. */
const wellUsedLeads = 20;
const wellUsedPart = 0.1;

/** Refused pairs of a field that are told for a reason: of a series such as `webinar_1` to `webinar_300` each is near every other. */
const maxRefused = 50;

/** A value as it is compared: without separators, and its letters and numbers apart. */
type Compared = { used: UsedValue; bare: string; letters: string; digits: string };

const toCompared = (used: UsedValue): Compared => {
  const bare = canonicalize(used.value).replace(/[^\p{L}\p{N}]+/gu, '');
  return { used, bare, letters: bare.replace(/\p{N}+/gu, ''), digits: bare.replace(/\P{N}+/gu, '') };
};

/**
 * Values of one field that are probably spellings of one, each under the most used of them, and near ones that are refused with the
 * reason. What differs by separators alone is always suggested; letters more or less are not where both are used much.
 * @param isDistinct whether somebody said that two values are not the same.
 * @returns the refused pairs that somebody said are not the same, for each other reason the 50 whose lesser value has most leads, and how
 * many there are in all.
 */
export function suggestCorrections(
  values: readonly UsedValue[],
  isDistinct: (first: string, second: string) => boolean,
): { items: Cluster[]; refused: Refusal[]; refusedCount: number } {
  const ordered = values
    .map(toCompared)
    .filter(({ bare }) => bare !== '')
    .toSorted((a, b) => b.used.leads - a.used.leads || a.used.firstSeenAt - b.used.firstSeenAt);
  const clusters: Array<{ kept: Compared; cluster: Cluster }> = [];
  const refused: Refusal[] = [];
  const counts = { numbersDiffer: 0, bothWellUsed: 0, notTheSame: 0 };
  for (const second of ordered) {
    const near = clusters
      .map((one) => ({ ...one, distance: distanceOf(one.kept, second) }))
      .filter(({ distance }) => distance < Infinity)
      .toSorted((a, b) => a.distance - b.distance);
    let isPlaced = false;
    for (const { kept, distance, cluster } of near) {
      const reason = reasonAgainst({ first: kept, second, distance, isDistinct });
      if (reason) {
        counts[reason] += 1;
        if (reason === 'notTheSame' || counts[reason] <= maxRefused)
          refused.push({ first: kept.used, second: second.used, reason });
      } else if (!isPlaced) {
        cluster.others.push(second.used);
        isPlaced = true;
      }
    }
    if (!isPlaced) clusters.push({ kept: second, cluster: { canonical: second.used, others: [] } });
  }
  const items = clusters.flatMap(({ cluster }) => (cluster.others.length > 0 ? [cluster] : []));
  return { items, refused, refusedCount: counts.numbersDiffer + counts.bothWellUsed + counts.notTheSame };
}

/** Infinity where two values are not near: what their letters differ by, the numbers in them apart. */
function distanceOf(a: Compared, b: Compared): number {
  if (a.bare === b.bare) return 0;
  if (Math.abs(a.bare.length - b.bare.length) > 2) return Infinity;
  // Numbers alone that differ, such as years, are not near.
  if (a.digits !== b.digits) return a.letters !== '' && a.letters === b.letters ? 1 : Infinity;
  const distance = editDistance(a.bare, b.bare);
  return distance <= tolerance(Math.min(a.bare.length, b.bare.length)) ? distance : Infinity;
}

function reasonAgainst({
  first,
  second,
  distance,
  isDistinct,
}: {
  first: Compared;
  second: Compared;
  distance: number;
  isDistinct: (first: string, second: string) => boolean;
}): RefusalReason | null {
  if (isDistinct(first.used.value, second.used.value)) return 'notTheSame';
  if (first.digits !== second.digits) return 'numbersDiffer';
  if (distance === 0) return null;
  const isWellUsed = second.used.leads >= wellUsedLeads && second.used.leads >= first.used.leads * wellUsedPart;
  return isWellUsed ? 'bothWellUsed' : null;
}
