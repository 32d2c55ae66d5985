import { canonicalize } from './values.ts';
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

const bareOf = (value: string): string => canonicalize(value).replace(/[^\p{L}\p{N}]+/gu, '');
const digitsOf = (bare: string): string => bare.replace(/\P{N}+/gu, '');
const lettersOf = (bare: string): string => bare.replace(/\p{N}+/gu, '');

/**
 * Values of one field that are probably spellings of one, each under the most used of them, and near ones that are refused with the
 * reason. What differs by separators alone is always suggested; letters more or less are not where both are used much.
 * @param isDistinct whether somebody said that two values are not the same.
 */
export function suggestCorrections(
  values: readonly UsedValue[],
  isDistinct: (first: string, second: string) => boolean,
): { items: Cluster[]; refused: Refusal[] } {
  const ordered = values
    .map((used) => ({ used, bare: bareOf(used.value) }))
    .filter(({ bare }) => bare !== '')
    .toSorted((a, b) => b.used.leads - a.used.leads || a.used.firstSeenAt - b.used.firstSeenAt);
  const clusters: Array<{ bare: string; cluster: Cluster }> = [];
  const refused: Refusal[] = [];
  for (const { used, bare } of ordered) {
    const near = clusters
      .map((one) => ({ ...one, distance: distanceOf(one.bare, bare) }))
      .filter(({ distance }) => distance < Infinity)
      .toSorted((a, b) => a.distance - b.distance);
    let isPlaced = false;
    for (const { bare: other, distance, cluster } of near) {
      const reason = reasonAgainst({
        first: cluster.canonical,
        second: used,
        bares: [other, bare],
        distance,
        isDistinct,
      });
      if (reason) refused.push({ first: cluster.canonical, second: used, reason });
      else if (!isPlaced) {
        cluster.others.push(used);
        isPlaced = true;
      }
    }
    if (!isPlaced) clusters.push({ bare, cluster: { canonical: used, others: [] } });
  }
  return { items: clusters.flatMap(({ cluster }) => (cluster.others.length > 0 ? [cluster] : [])), refused };
}

/** Infinity where two values are not near: what their letters differ by, the numbers in them apart. */
function distanceOf(a: string, b: string): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > 2) return Infinity;
  const [lettersA, lettersB] = [lettersOf(a), lettersOf(b)];
  const most = tolerance(Math.min(a.length, b.length));
  // Numbers alone that differ, such as years, are not near.
  if (digitsOf(a) !== digitsOf(b)) return lettersA !== '' && lettersA === lettersB ? 1 : Infinity;
  const distance = editDistance(a, b);
  return distance <= most ? distance : Infinity;
}

function reasonAgainst({
  first,
  second,
  bares: [a, b],
  distance,
  isDistinct,
}: {
  first: UsedValue;
  second: UsedValue;
  bares: [string, string];
  distance: number;
  isDistinct: (first: string, second: string) => boolean;
}): RefusalReason | null {
  if (isDistinct(first.value, second.value)) return 'notTheSame';
  if (digitsOf(a) !== digitsOf(b)) return 'numbersDiffer';
  if (distance === 0) return null;
  const isWellUsed = second.leads >= wellUsedLeads && second.leads >= first.leads * wellUsedPart;
  return isWellUsed ? 'bothWellUsed' : null;
}
