import { refuseBeyond } from '../../domain/bounds.ts';
import { addExact } from '../../domain/exact.ts';
import type { Exact } from '../../domain/exact.ts';
import type { DimensionValue, Fact } from '../../domain/reports/facts.ts';
import { quantitiesOf } from '../../domain/reports/measures.ts';
import type { Quantity } from '../../domain/reports/measures.ts';
import type { Row } from '../packed-rows.ts';
import { creditPathRows, refuseCostlyPaths } from './path-sets.ts';
import type { PathCredit, PathRow, PathSetQuery } from './path-sets.ts';
import type { Plan } from './plan.ts';
import { readLabels } from './read-labels.ts';

/** A place in the report's order, from 0, and the values of the dimensions. */
type Group = { group: number; dimensions: DimensionValue[] };

export type ReadGroups = { facts: Fact[]; groups: number };

/**
 * Adds what Markov and Shapley credit: to the groups that are there by other models, and to new ones.
 * @param rows the answered rows of the report; `keys` those of `selectKeys`; `sets` each statement of `pathSetQueries` with its rows.
 * @throws KildeError `too_expensive` where there are too many groups, paths or values.
 */
export function withPathCredits(
  plan: Plan,
  {
    read,
    rows,
    keys,
    sets,
  }: {
    read: ReadGroups;
    rows: readonly Row[];
    keys: readonly Row[];
    sets: ReadonlyArray<PathSetQuery & { rows: PathRow[] }>;
  },
): ReadGroups {
  refuseBeyond('reportGroups', { value: read.groups, location: 'body.dimensions' });
  refuseCostlyPaths(plan, sets);
  const credits = sets.flatMap((set) => creditPathRows(plan, set.rows, set.wanted));
  const groups = readGroups(plan, rows);
  const labels = new Map(keys.map((row) => [String(row['key']), readLabels(plan.dimensions, row)]));
  for (const key of newKeys(plan, { credits, groups })) {
    groups.set(key, { group: groups.size, dimensions: labels.get(key) ?? plan.dimensions.map(() => null) });
  }
  const facts = new CreditedFacts(withUnknownLast(groups, read.facts));
  // Where there is no path at all, the credit is none.
  for (const previous of plan.time.previous ? [false, true] : [false]) {
    const wanted = sets.flatMap((set) => set.wanted);
    for (const model of plan.models.pathSet) {
      for (const quantity of wanted) facts.add({ fact: facts.total(previous), model, quantity, amount: 0 });
    }
  }
  for (const { key, previous, ...credit } of credits) {
    const group = groups.get(key);
    if (group) facts.add({ ...credit, fact: facts.of(group, previous === 1) });
    facts.add({ ...credit, fact: facts.total(previous === 1) });
  }
  return { facts: facts.list, groups: Math.max(read.groups, groups.size) };
}

/** The groups of the report by their keys, joined by points. */
function readGroups({ dimensions }: Plan, rows: readonly Row[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    if (row['kind'] !== 'group') continue;
    const key = dimensions.length === 0 ? '0' : dimensions.map((_, n) => row[`key${n}`] ?? 0).join('.');
    groups.set(key, { group: Number(row['place']) - 1, dimensions: readLabels(dimensions, row) });
  }
  return groups;
}

/** Groups whose first dimension is unknown get the last places, as in the database's order. Gives the facts with their new places. */
function withUnknownLast(groups: ReadonlyMap<string, Group>, facts: readonly Fact[]): Fact[] {
  const isUnknown = ({ dimensions }: Group): number => Number(dimensions.length > 0 && dimensions[0] === null);
  const ordered = [...groups.values()].toSorted((a, b) => isUnknown(a) - isUnknown(b) || a.group - b.group);
  const places = new Map(ordered.map(({ group }, place) => [group, place]));
  for (const group of ordered) group.group = places.get(group.group)!;
  return facts.map((fact) => (fact.group === null ? fact : { ...fact, group: places.get(fact.group) ?? fact.group }));
}

/** The keys with credit that are no groups yet: those with most of the first measure that these models credit come first. */
function newKeys(
  { query }: Plan,
  { credits, groups }: { credits: readonly PathCredit[]; groups: ReadonlyMap<string, Group> },
): string[] {
  const credited = new Set<Quantity>(credits.map(({ quantity }) => quantity));
  const first = query.measures.flatMap(quantitiesOf).find((quantity) => credited.has(quantity));
  const amounts = new Map<string, Exact>();
  for (const { key, previous, quantity, amount } of credits) {
    if (amount === 0 || groups.has(key)) continue;
    amounts.set(key, addExact(amounts.get(key) ?? 0, previous === 0 && quantity === first ? amount : 0));
  }
  const amountOf = (key: string) => Number(amounts.get(key) ?? 0);
  return [...amounts.keys()].toSorted((a, b) => amountOf(b) - amountOf(a) || (a < b ? -1 : 1));
}

/** Facts of the whole period, found by group and period, and made where there is none. */
class CreditedFacts {
  readonly list: Fact[];
  readonly #known: Map<string, Fact>;

  constructor(facts: readonly Fact[]) {
    this.list = [...facts];
    this.#known = new Map(
      facts.filter(({ bucket }) => bucket === 0).map((fact) => [`${fact.group} ${fact.previous}`, fact]),
    );
  }

  of({ group, dimensions }: { group: number | null; dimensions: DimensionValue[] }, previous: boolean): Fact {
    const key = `${group} ${previous}`;
    let fact = this.#known.get(key);
    if (!fact) {
      fact = { group, dimensions, bucket: 0, previous, numbers: {} };
      this.#known.set(key, fact);
      this.list.push(fact);
    }
    return fact;
  }

  total(previous: boolean): Fact {
    return this.of({ group: null, dimensions: [] }, previous);
  }

  add({ fact, model, quantity, amount }: Pick<PathCredit, 'model' | 'quantity' | 'amount'> & { fact: Fact }): void {
    const numbers = (fact.numbers[model] ??= {});
    numbers[quantity] = addExact(numbers[quantity] ?? 0, amount);
  }
}
